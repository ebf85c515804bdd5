package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The root restarts while workers read, create and write keys that one worker elsewhere has written often, and that they
/// have never seen. All workers live on: so nobody may say that there is no such key, none may be created anew, and of
/// the writes of a key the one that was acknowledged last wins.
public final class RootRestartReads implements Scenario {

  private static final Growth GROWTH = new Growth(6, 18, 2, 4);
  private static final int KEYS = 24;
  private static final int WRITES = 20;

  /// In which others do something, from the crash on.
  private static final Duration BUSY = Duration.ofSeconds(16);

  private static final Duration AWAY = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "root-restart-reads";
  }

  @Override
  public String title() {
    return "keys are read, created and written while the root restarts";
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 30, Duration.ofMillis(50));
    GROWTH.grow(run, load);
    load.stop();
    run.settle();
    Users users = new Users(run);
    run.cluster().observe(users);
    List<SimNode> workers = run.some(run.live(NodeKind.CLIENT), 9);
    SimNode writer = workers.removeFirst();
    for (int i = 0; i < KEYS; i++) {
      for (int w = 0; w < WRITES; w++) {
        users.put(writer, key(i), "old");
      }
    }
    run.pass(Duration.ofSeconds(2));
    for (int i = 0; i < KEYS; i++) {
      users.one(workers.get(run.random().nextInt(workers.size())), i, delay(run));
    }
    run.faults().crash(run.root());
    run.pass(AWAY);
    run.cluster().start(run.root());
    run.pass(BUSY);
    run.settle();
    users.check();
  }

  private static Duration delay(Run run) {
    return Duration.ofMillis(run.random().nextInt((int) BUSY.toMillis()));
  }

  private static String key(int i) {
    return "old/" + i;
  }

  /// Each key is read, created or written by one worker at one time.
  private static final class Users implements Observer {
    private static final long FIRST_REQUEST = 1L << 40;

    private final Run run;
    private final Map<Long, StoreCommand> open = new HashMap<>();
    private final Set<String> overwritten = new HashSet<>();
    private long request = FIRST_REQUEST;
    private int found;

    Users(Run run) {
      this.run = run;
    }

    void put(SimNode worker, String key, String value) {
      submit(worker, new StoreCommand.Put(++request, key, Bytes.utf8(value)));
    }

    void one(SimNode worker, int i, Duration when) {
      run.cluster()
          .after(
              when,
              () -> {
                switch (i % 3) {
                  case 0 -> {
                    overwritten.add(key(i));
                    put(worker, key(i), "new");
                  }
                  case 1 -> submit(worker, new StoreCommand.Get(++request, key(i)));
                  default ->
                      submit(
                          worker,
                          new StoreCommand.CompareAndSet(
                              ++request,
                              key(i),
                              Optional.empty(),
                              Optional.of(Bytes.utf8("created"))));
                }
              });
    }

    private void submit(SimNode worker, StoreCommand command) {
      open.put(command.request(), command);
      run.cluster().submit(worker, command);
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof StoreOutcome outcome) {
          StoreCommand command = open.remove(outcome.request());
          if (command != null) {
            answered(node, command, outcome);
          }
        }
      }
    }

    private void answered(SimNode node, StoreCommand command, StoreOutcome outcome) {
      run.require(
          !(outcome instanceof StoreOutcome.Absent),
          node + " says that a key of a live worker does not exist: " + outcome);
      run.require(
          !(command instanceof StoreCommand.CompareAndSet
              && outcome instanceof StoreOutcome.Written),
          node + " creates a key that exists: " + outcome);
      if (outcome instanceof StoreOutcome.Value || outcome instanceof StoreOutcome.Conflict) {
        found++;
      }
    }

    void check() {
      run.require(open.isEmpty(), "never answered: " + open.values());
      run.require(found > 0, "no read found anything");
      for (int i = 0; i < KEYS; i++) {
        String key = key(i);
        String wins = overwritten.contains(key) ? "new" : "old";
        for (SimNode node : run.live(NodeKind.CLIENT)) {
          String value = valueAt(node, key);
          run.require(
              value.isEmpty() || value.equals(wins),
              "%s holds '%s' of %s, where '%s' was acknowledged last"
                  .formatted(node, value, key, wins));
        }
      }
    }

    private static String valueAt(SimNode node, String key) {
      return node.machine instanceof Worker worker
          ? worker.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("")
          : "";
    }
  }
}
