package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Workers with little memory are given more than they can hold, read more than they can hold, and watch. Every command is
/// answered, no store exceeds its limit by more than what one event brings, nobody loses its place, nobody loses a write
/// that it has confirmed, and what is deleted makes room again.
public record FullWorkers() implements Scenario {

  private static final Growth GROWTH = new Growth(2, 3, 2, 8);
  private static final long LIMIT = StoreConfig.LEAST_LIMIT_BYTES;
  private static final int SIZE = 100_000;

  /// A value of any size, counted twice as large ones are, may be the last to come.
  private static final long SLACK = 2L * StoreCommand.MAX_VALUE_BYTES;

  private static final int ROUNDS = 250;

  @Override
  public String name() {
    return "full-workers";
  }

  @Override
  public String title() {
    return "workers with little memory are asked to hold more";
  }

  @Override
  public void play(Run run) {
    Users users = new Users(run);
    run.cluster().observe(users);
    GROWTH.grow(run, users);
    List<SimNode> workers = run.live(NodeKind.CLIENT);
    for (int round = 0; round < ROUNDS; round++) {
      users.act(workers.get(run.random().nextInt(workers.size())));
      run.pass(Duration.ofMillis(run.random().nextInt(40)));
    }
    run.settle();
    users.check();
    for (SimNode worker : workers) {
      users.deleteAll(worker);
    }
    run.pass(Duration.ofSeconds(10));
    for (SimNode worker : workers) {
      users.put(worker, "again/" + worker);
    }
    run.settle();
    users.check();
    run.require(users.refusedAgain == 0, "a worker is full although all of its keys are deleted");
    run.require(users.refused > 0, "nobody was ever full");
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }

  private static final class Users implements Load, Observer {
    private final Run run;
    private final Map<Long, StoreCommand> open = new HashMap<>();
    private final Map<SimNode, List<String>> own = new HashMap<>();
    private long request;
    private int keys;
    private long refused;
    private long refusedAgain;

    Users(Run run) {
      this.run = run;
    }

    @Override
    public void join(SimNode client) {
      own.put(client, new ArrayList<>());
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public NodeSpec client(TreeConfig config) {
      return NodeSpec.worker(config, StoreConfig.DEFAULT.withLimitBytes(LIMIT));
    }

    void act(SimNode worker) {
      switch (run.random().nextInt(20)) {
        case 0 -> submit(worker, new StoreCommand.Watch(++request, "p/", true));
        case 1, 2, 3, 4, 5 -> submit(worker, new StoreCommand.Get(++request, some()));
        case 6 -> put(worker, some()); // Another worker's, maybe.
        default -> put(worker, "p/" + keys++);
      }
    }

    private String some() {
      return "p/" + run.random().nextInt(keys + 1);
    }

    void put(SimNode worker, String key) {
      int size = run.random().nextInt(20) == 0 ? StoreCommand.MAX_VALUE_BYTES : SIZE;
      submit(worker, new StoreCommand.Put(++request, key, Bytes.wrap(new byte[size])));
    }

    void deleteAll(SimNode worker) {
      if (worker.machine instanceof Worker store) {
        for (Worker.Held held : store.held()) {
          submit(worker, new StoreCommand.Delete(++request, held.key()));
        }
      }
    }

    private void submit(SimNode worker, StoreCommand command) {
      open.put(command.request(), command);
      run.cluster().submit(worker, command);
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (int i = 0; i < effects.size(); i++) {
        if (effects.get(i) instanceof StoreOutcome outcome) {
          answered(node, outcome);
        }
      }
      if (node.machine instanceof Worker worker) {
        long used = worker.usedBytes();
        run.require(used <= LIMIT + SLACK, node + " takes " + used + " bytes of " + LIMIT);
      }
    }

    private void answered(SimNode node, StoreOutcome outcome) {
      StoreCommand command = open.remove(outcome.request());
      switch (outcome) {
        case StoreOutcome.Written written -> {
          List<String> mine = own.get(node);
          if (mine != null && !mine.contains(written.key())) {
            mine.add(written.key());
          }
        }
        case StoreOutcome.Refused told -> {
          run.require(
              told.kind() == StoreOutcome.Refused.Kind.FULL, node + " refuses: " + told.reason());
          refused++;
          if (command instanceof StoreCommand.Put put && put.key().startsWith("again/")) {
            refusedAgain++;
          }
        }
        default -> {}
      }
    }

    @Override
    public void check() {
      run.require(open.isEmpty(), open.size() + " commands were never answered");
      own.forEach((node, mine) -> {
        for (String key : mine) {
          run.require(
              run.up(NodeKind.CLIENT).stream()
                  .anyMatch(other ->
                      other.machine instanceof Worker store && store.newest(key).isPresent()),
              node + " has confirmed a write of '" + key + "', which nobody holds");
        }
      });
    }
  }
}
