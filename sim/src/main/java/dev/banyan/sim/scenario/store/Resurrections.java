package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A key is read by some, then one of its holders is stopped or cut off, for a moment or for longer than tombstones are
/// kept; meanwhile the key is deleted, and whoever deleted it restarts. When the holder is back, the key stays deleted; and
/// what was not deleted is still there.
public record Resurrections() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));
  private static final Duration KEPT = Duration.ofSeconds(60);
  private static final StoreConfig STORE =
      StoreConfig.DEFAULT
          .withHalfLifeNanos(Duration.ofSeconds(2).toNanos())
          .withTombstoneNanos(KEPT.toNanos());
  private static final int WORKERS = 5;
  private static final int ROUNDS = 4;

  @Override
  public String name() {
    return "resurrections";
  }

  @Override
  public String title() {
    return "deleted keys stay deleted, whoever comes back from wherever";
  }

  @Override
  public void play(Run run) {
    play(run, STORE);
  }

  /// @param awayStore of those who go away; they say that it is as everybody's
  public static void play(Run run, StoreConfig awayStore) {
    new Resurrections.Play(run).play(awayStore);
  }

  private static final class Play {
    private final Run run;
    private final Set<String> deleted = new LinkedHashSet<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private long requests;

    Play(Run run) {
      this.run = run;
    }

    void play(StoreConfig awayStore) {
      run.startTree(NodeKind.ROOT, CONFIG);
      run.startTree(NodeKind.ROUTER, CONFIG);
      run.startTree(NodeKind.ROUTER, CONFIG);
      List<SimNode> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(run.start(NodeSpec.worker(CONFIG, STORE)));
      }
      SimNode away = run.start(NodeSpec.pretender(CONFIG, awayStore, STORE));
      run.pass(Duration.ofSeconds(3));
      for (int round = 0; round < ROUNDS; round++) {
        round(workers, away, round);
        check();
      }
      SimNode fresh = run.start(NodeSpec.worker(CONFIG, STORE));
      run.pass(Duration.ofSeconds(3));
      run.cluster().submit(fresh, new StoreCommand.Watch(++requests, "", true));
      run.settle();
      check();
      run.require(
          worker(fresh).held().stream().anyMatch(held -> !held.deleted()),
          "nothing is left of what was not deleted");
    }

    private void round(List<SimNode> workers, SimNode away, int round) {
      String key = "gone/" + round;
      String stays = "stays/" + round;
      SimNode deleter = workers.get(0);
      List<SimNode> readers = workers.subList(1, 2 + run.random().nextInt(WORKERS - 1));
      SimNode writer = run.random().nextBoolean() ? deleter : away;
      put(writer, key);
      put(workers.get(1), stays); // who never dies
      run.pass(Duration.ofMillis(200));
      for (SimNode reader : readers) {
        get(reader, key);
        get(reader, stays);
      }
      get(away, key);
      get(away, stays);
      get(deleter, key);
      run.pass(Duration.ofSeconds(1));
      boolean hangs = run.random().nextBoolean();
      if (hangs) {
        run.faults().hang(away);
      } else {
        run.faults().partition(List.of(away));
      }
      boolean restarts = run.random().nextBoolean();
      // Who restarts forgets: then somebody else must hold the key still, and so the tombstone.
      run.pass(Duration.ofMillis(run.random().nextInt(restarts ? 500 : 6_000)));
      run.cluster().submit(deleter, new StoreCommand.Delete(++requests, key));
      deleted.add(key);
      kept.add(stays);
      run.pass(Duration.ofSeconds(1));
      if (restarts) {
        run.faults().crash(deleter);
        run.cluster().start(deleter);
      }
      boolean longer = run.random().nextBoolean();
      run.pass(longer ? KEPT.multipliedBy(2) : Duration.ofSeconds(run.random().nextInt(40)));
      if (hangs) {
        run.faults().resume(away);
      } else {
        run.faults().heal();
      }
      run.pass(Duration.ofMillis(run.random().nextInt(10_000)));
      readers.forEach(reader -> get(reader, key));
      run.settle();
    }

    private void put(SimNode worker, String key) {
      run.cluster()
          .submit(worker, new StoreCommand.Put(++requests, key, Bytes.utf8("v" + requests)));
    }

    private void get(SimNode worker, String key) {
      run.cluster().submit(worker, new StoreCommand.Get(++requests, key));
    }

    private void check() {
      for (SimNode node : run.up(NodeKind.CLIENT)) {
        for (String key : deleted) {
          run.require(
              worker(node).newest(key).flatMap(Revision::value).isEmpty(),
              node + " has '" + key + "' again, which was deleted");
        }
      }
      for (String key : kept) {
        run.require(
            run.up(NodeKind.CLIENT).stream()
                .anyMatch(node -> worker(node).newest(key).flatMap(Revision::value).isPresent()),
            "nobody has '" + key + "' any more, which was not deleted");
      }
    }

    private static Worker worker(SimNode node) {
      return (Worker) node.machine().orElseThrow();
    }
  }
}
