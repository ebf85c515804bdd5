package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.GreedyPruner;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.hostile.Mood;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// A few workers write dozens of keys at a time and the others each use some of them, so that batches are cut down on almost every
/// link, and differently on each. Interests change meanwhile, and a router dies. Everybody has what it wants all the same.
///
/// @param greedy routers cut away some of what is wanted, until they stop that: nobody takes anything wrong, and once all was written
///     anew all replicas are equal
public record PrunedBatches(boolean greedy) implements Scenario {

  public static final PrunedBatches HONEST = new PrunedBatches(false);
  public static final PrunedBatches GREEDY = new PrunedBatches(true);

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int ROUTERS = 3;
  private static final int WORKERS = 9;
  private static final int WRITERS = 2;
  private static final int KEYS = 64;
  private static final int ROUNDS = 30;

  @Override
  public String name() {
    return greedy ? "greedy-pruning" : "pruned-batches";
  }

  @Override
  public String title() {
    return greedy ? "routers cut away what is wanted" : "batches are cut down for each link";
  }

  @Override
  public void play(Run run) {
    Supplier<MemoCrypto> cryptos = MemoCrypto.shared();
    LocalGroup group = new LocalGroup(cryptos, run.random().split());
    Pruner honest = new BatchPruner(cryptos.get());
    Mood mood = new Mood(run.random().split());
    GreedyPruner liar = new GreedyPruner(honest, mood);
    run.start(NodeSpec.pruning(NodeKind.ROOT, CONFIG, honest));
    for (int i = 0; i < ROUTERS; i++) {
      run.start(
          greedy
              ? Liar.telling(NodeKind.ROUTER, CONFIG, GreedyPruner.nothingElse(), liar)
              : NodeSpec.pruning(NodeKind.ROUTER, CONFIG, honest));
    }
    run.pass(Duration.ofSeconds(1));
    for (int i = 0; i < WORKERS; i++) {
      run.start(NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group, honest));
      run.pass(Duration.ofMillis(50));
    }
    run.pass(Duration.ofSeconds(5));
    Users users = new Users(run);
    for (int round = 0; round < ROUNDS; round++) {
      if (round == ROUNDS / 2 && !greedy) {
        List<SimNode> routers = run.live(NodeKind.ROUTER);
        run.faults().crash(routers.get(run.random().nextInt(routers.size())));
      }
      users.act();
      run.pass(Duration.ofMillis(run.random().nextInt(120)));
      users.check();
    }
    if (greedy) {
      run.require(mood.told() > ROUNDS, "hardly anything was denied");
      mood.ceases();
      users.writeEverything();
    } else {
      run.require(pruned(run) > ROUNDS, "hardly anything was cut down");
    }
    run.settle();
    users.check();
    run.require(run.replicas().checked() > KEYS, "hardly any replicas were compared");
  }

  private static long pruned(Run run) {
    return run.cluster().nodes().stream()
        .filter(node -> node.up() && node.machine instanceof TreeNode)
        .flatMap(node -> ((TreeNode) node.machine).counters().stream())
        .filter(counter -> counter.name().equals("prunedOut"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  /// They read a key, which they want from then on, or write several at a time.
  private static final class Users {
    private final Run run;
    private final List<SimNode> workers;
    private final List<SimNode> writers;
    private final Map<String, Set<String>> written = new HashMap<>();
    private long request;

    Users(Run run) {
      this.run = run;
      workers = run.up(NodeKind.CLIENT);
      writers = run.some(workers, WRITERS);
      for (SimNode worker : workers) {
        for (int i = 0; i < KEYS / 8; i++) {
          read(worker);
        }
      }
      run.pass(Duration.ofSeconds(3));
    }

    void act() {
      read(workers.get(run.random().nextInt(workers.size())));
      SimNode writer = writers.get(run.random().nextInt(WRITERS));
      write(writer, 20 + run.random().nextInt(KEYS - 20));
    }

    private void read(SimNode worker) {
      run.cluster()
          .submit(worker, new StoreCommand.Get(++request, key(run.random().nextInt(KEYS))));
    }

    void writeEverything() {
      for (SimNode writer : writers) {
        write(writer, KEYS);
        run.pass(Duration.ofMillis(200));
      }
    }

    private void write(SimNode worker, int count) {
      List<Integer> all = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        all.add(i);
      }
      List<StoreCommand.PutAll.Entry> entries = new ArrayList<>();
      for (int i : run.some(all, count)) {
        String value = "value " + ++request + " of many that are longer than a number";
        written.computeIfAbsent(key(i), _ -> new HashSet<>()).add(value);
        entries.add(new StoreCommand.PutAll.Entry(key(i), Bytes.utf8(value)));
      }
      run.cluster().submit(worker, new StoreCommand.PutAll(++request, entries));
    }

    private static String key(int i) {
      return "k/" + i;
    }

    /// Whatever is held was written so, under that key, and none of it was taken for forged.
    void check() {
      for (SimNode node : workers) {
        if (node.machine instanceof Worker store) {
          for (Worker.Held held : store.held()) {
            Revision revision = store.newest(held.key()).orElseThrow();
            String value = revision.value().map(Bytes::asUtf8).orElse("(deleted)");
            run.require(
                written.getOrDefault(held.key(), Set.of()).contains(value),
                node + " holds '" + value + "' under '" + held.key() + "', which nobody wrote");
          }
          long refused =
              store.counters().stream()
                  .filter(counter -> counter.name().startsWith("capsules"))
                  .mapToLong(Message.Counter::value)
                  .sum();
          run.require(refused == 0, node + " has refused " + refused + " records");
        }
      }
    }
  }
}
