package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimClock;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Forgery;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.hostile.Mood;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Grounds;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All routers lie about who holds what: they forge absence and gaps, swallow questions, say old answers again and change those that they
/// pass on. No worker says that a key is confirmed not to exist, since a time before a live worker had its write of it acknowledged.
/// What exists nowhere is confirmed all the same, by those who follow the prefix.
///
/// @param sealed false to see what happens in clear, where all absence is believed
public record ForgedAbsence(boolean sealed) implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int ROUTERS = 3;
  private static final int WORKERS = 8;
  private static final int KEYS = 30;
  private static final int ROUNDS = 90;

  /// After which a write was acknowledged long ago.
  private static final long LONG_AGO_MILLIS = 1_000;

  @Override
  public String name() {
    return "forged-absence";
  }

  @Override
  public String title() {
    return "routers say that nobody holds what is asked for";
  }

  @Override
  public void play(Run run) {
    LocalGroup group = new LocalGroup(MemoCrypto.shared(), run.random().split());
    run.startTree(NodeKind.ROOT, CONFIG);
    Mood mood = new Mood(run.random().split());
    for (int i = 0; i < ROUTERS; i++) {
      run.start(Liar.telling(NodeKind.ROUTER, CONFIG, new Forgery(mood)));
    }
    run.pass(Duration.ofSeconds(1));
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(
          run.start(
              sealed
                  ? NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group)
                  : NodeSpec.worker(CONFIG)));
      run.pass(Duration.ofMillis(50));
    }
    Readers readers = new Readers(run);
    run.cluster().observe(readers);
    watch(run, workers.get(0));
    watch(run, workers.get(1));
    run.pass(Duration.ofSeconds(15));
    for (int i = 0; i < KEYS; i++) {
      readers.put(one(run, workers), "k/" + i);
    }
    run.pass(Duration.ofSeconds(20));
    // These two come late, and are lied to about what was written before.
    watch(run, workers.get(2));
    watch(run, workers.get(3));
    for (int round = 0; round < ROUNDS; round++) {
      String key = run.random().nextInt(3) == 0 ? "k/never-" + round : "k/" + round % KEYS;
      readers.get(one(run, workers), key);
      run.pass(Duration.ofMillis(run.random().nextInt(400)));
    }
    run.pass(Duration.ofSeconds(8));
    readers.check();
    run.require(mood.told() > ROUNDS / 4, "the routers have told next to no lies");
  }

  private static void watch(Run run, SimNode worker) {
    run.cluster().submit(worker, new StoreCommand.Watch(1, "k/", true));
  }

  private static SimNode one(Run run, List<SimNode> workers) {
    return workers.get(run.random().nextInt(workers.size()));
  }

  private static final class Readers implements Observer {
    private static final long FIRST_REQUEST = 1L << 40;

    private final Run run;
    private final Map<String, Long> writtenMillis = new HashMap<>();
    private long request = FIRST_REQUEST;
    private long reads;
    private int found;
    private int provisional;
    private int confirmed;
    private int answered;

    Readers(Run run) {
      this.run = run;
    }

    void put(SimNode worker, String key) {
      run.cluster().submit(worker, new StoreCommand.Put(++request, key, Bytes.utf8("value")));
    }

    void get(SimNode worker, String key) {
      reads++;
      run.cluster().submit(worker, new StoreCommand.Get(++request, key));
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      long nowMillis = SimClock.trueMillis(nowNanos);
      for (Effect effect : effects) {
        if (effect instanceof StoreOutcome outcome && outcome.request() >= FIRST_REQUEST) {
          switch (outcome) {
            case StoreOutcome.Written written when written.connected() ->
                writtenMillis.put(written.key(), nowMillis);
            case StoreOutcome.Value _ -> {
              found++;
              answered++;
            }
            case StoreOutcome.Absent absent when !absent.stale() -> {
              answered++;
              absent(node, absent, nowMillis);
            }
            case StoreOutcome.Absent _, StoreOutcome.Unreachable _ -> answered++;
            default -> {}
          }
        }
      }
    }

    private void absent(SimNode node, StoreOutcome.Absent absent, long nowMillis) {
      Long written = writtenMillis.get(absent.key());
      switch (absent.grounds()) {
        case Grounds.Provisional _ -> provisional += written == null ? 0 : 1;
        case Grounds.Confirmed(long since) -> absentSince(node, absent.key(), since, nowMillis);
        case Grounds.Trusted _ -> absentSince(node, absent.key(), 0, nowMillis);
        case Grounds.Deleted _ ->
            run.require(false, node + " says that '" + absent.key() + "' is deleted");
      }
    }

    private void absentSince(SimNode node, String key, long sinceMillis, long nowMillis) {
      Long written = writtenMillis.get(key);
      run.require(
          written == null || written > nowMillis - LONG_AGO_MILLIS || written < sinceMillis,
          "%s has it confirmed that there is no '%s', which was written %d ms ago and followed for %d ms"
              .formatted(
                  node, key, written == null ? 0 : nowMillis - written, nowMillis - sinceMillis));
      confirmed += written == null ? 1 : 0;
    }

    void check() {
      run.require(answered == reads, answered + " of " + reads + " reads were answered");
      run.require(found > ROUNDS / 4, "only " + found + " reads have found a value");
      run.require(provisional > 0, "no lie has reached a reader");
      run.require(confirmed > 0, "nothing was confirmed");
    }
  }
}
