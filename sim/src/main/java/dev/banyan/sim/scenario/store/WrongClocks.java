package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Workers whose clocks are wrong by years, drift and jump, below a root that is restarted with another clock, or whose
/// clock is set: by an hour, or by years. Whoever is connected goes on writing, at times that are no further ahead than may
/// be, and what was put later wins.
public record WrongClocks() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));
  private static final int WORKERS = 6;
  private static final int KEYS = 6;
  private static final int TURNS = 8;

  @Override
  public String name() {
    return "wrong-clocks";
  }

  @Override
  public String title() {
    return "clocks are wrong by years, drift and jump, and roots come back with other ones";
  }

  @Override
  public void play(Run run) {
    SplittableRandom random = run.random();
    LastWriterChecker users = new LastWriterChecker(run, false);
    SimNode root = run.cluster().add(NodeSpec.tree(NodeKind.ROOT, CONFIG));
    root.clock().wrongBy(wrong(random));
    run.cluster().start(root);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    for (int i = 0; i < WORKERS; i++) {
      worker(run, users);
    }
    run.pass(Duration.ofSeconds(3));
    for (int turn = 0; turn < TURNS; turn++) {
      write(run, users, Duration.ofSeconds(4));
      List<SimNode> workers = run.up(NodeKind.CLIENT);
      SimNode some = workers.get(random.nextInt(workers.size()));
      switch (random.nextInt(6)) {
        case 0 -> root.clock().wrongBy(wrong(random));
        case 1 -> restart(run, root, users);
        case 2 -> some.clock().wrongBy(wrong(random));
        case 3 -> worker(run, users);
        case 4 -> {
          run.faults().partition(List.of(some));
          write(run, users, Duration.ofSeconds(8));
          run.faults().heal();
        }
        default -> {
          run.faults().hang(some);
          write(run, users, Duration.ofSeconds(8));
          run.faults().resume(some);
        }
      }
      write(run, users, Duration.ofSeconds(4));
    }
    for (SimNode worker : run.up(NodeKind.CLIENT)) {
      for (int key = 0; key < KEYS; key++) {
        users.get(worker, "key/" + key);
      }
    }
    run.settle();
    run.require(users.compared() > 0, "nothing was compared");
  }

  private static void restart(Run run, SimNode root, LastWriterChecker users) {
    run.faults().crash(root);
    write(run, users, Duration.ofMillis(run.random().nextInt(8_000)));
    root.clock().wrongBy(wrong(run.random()));
    run.cluster().start(root);
  }

  private static void worker(Run run, LastWriterChecker users) {
    SimNode node = run.cluster().add(NodeSpec.worker(CONFIG));
    node.clock().wrongBy(wrong(run.random()));
    node.clock().drifts(run.random().nextLong(-2_000, 2_000));
    run.cluster().start(node);
    if (run.random().nextBoolean()) {
      users.put(node, "key/" + run.random().nextInt(KEYS));
    }
  }

  private static void write(Run run, LastWriterChecker users, Duration duration) {
    long end = run.cluster().nowNanos() + duration.toNanos();
    while (run.cluster().nowNanos() < end) {
      List<SimNode> workers = run.live(NodeKind.CLIENT);
      users.put(
          workers.get(run.random().nextInt(workers.size())), "key/" + run.random().nextInt(KEYS));
      run.pass(Duration.ofMillis(run.random().nextInt(400)));
    }
  }

  /// By a little, by about an hour, or by years, either way.
  private static Duration wrong(SplittableRandom random) {
    long years = random.nextLong(-20, 20);
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ZERO;
      case 1 -> Duration.ofMillis(random.nextLong(-300_000, 300_000));
      case 2 -> Duration.ofMinutes(random.nextLong(-75, 75));
      default -> Duration.ofDays(365 * years);
    };
  }
}
