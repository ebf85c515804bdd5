package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.check.TreeMetrics;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Most of all nodes die in the same instant, workers and routers alike. Three heartbeat timeouts later those that are
/// left must be one tree again, and once it is quiet every interested one of them equal on all that survivors wrote.
///
/// @param nodes besides the root, one in ten of them a router
/// @param percent of them that die
/// @param powerless they lose power: nobody is told, their peers find out by silence. Otherwise their processes are
///     killed, and connections reset
public record MassDeath(int nodes, int percent, boolean powerless) implements Scenario {

  /// Of ten thousand nodes four in five are killed.
  public static final MassDeath KILLED = new MassDeath(10_000, 80, false);

  /// Of ten thousand nodes four in five lose power.
  public static final MassDeath POWERLESS = new MassDeath(10_000, 80, true);

  private static final int TIMEOUTS = 3;
  private static final Duration APART = Duration.ofMillis(1);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final TreeConfig CONFIG = TreeConfig.DEFAULT;

  public MassDeath {
    if (nodes < 20 || percent < 1 || percent > 99) {
      throw new IllegalArgumentException("at least 20 nodes, and 1 to 99 percent of them");
    }
  }

  @Override
  public String name() {
    return "mass-death" + (powerless ? "-powerless" : "");
  }

  @Override
  public String title() {
    return "%d%% of %d nodes %s at once"
        .formatted(percent, nodes, powerless ? "lose power" : "are killed");
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 24, Duration.ofMillis(50));
    grow(run, load);
    load.start();
    run.pass(Duration.ofSeconds(5));
    die(run);
    Duration repaired = untilOneTree(run);
    long limit = TIMEOUTS * CONFIG.timing().heartbeatTimeoutNanos();
    run.require(
        repaired.toNanos() <= limit,
        "the survivors were one tree only after "
            + repaired.toMillis()
            + " ms, which should take "
            + Duration.ofNanos(limit).toMillis()
            + " at most");
    run.pass(Duration.ofSeconds(5));
    load.stop();
    run.settle();
    load.check();
  }

  private void grow(Run run, StoreTraffic load) {
    run.startTree(NodeKind.ROOT, CONFIG);
    int routers = nodes / 10;
    for (int i = 0; i < nodes; i++) {
      if (i < routers) {
        run.startTree(NodeKind.ROUTER, CONFIG);
      } else {
        load.join(run.start(load.client(CONFIG)));
      }
      run.pass(APART);
    }
    run.settle();
    run.require(run.metrics().sample().attached() == nodes + 1, "not every node has joined");
  }

  private void die(Run run) {
    List<SimNode> mortal = new ArrayList<>(run.live(NodeKind.ROUTER));
    mortal.addAll(run.live(NodeKind.CLIENT));
    for (SimNode node : run.some(mortal, nodes * percent / 100)) {
      if (powerless) {
        run.faults().vanish(node);
      } else {
        run.faults().crash(node);
      }
    }
  }

  /// Looks again and again, until every survivor's way up ends at the root.
  private static Duration untilOneTree(Run run) {
    long died = run.cluster().nowNanos();
    TreeMetrics.Sample now = run.metrics().sample();
    while (now.attached() < now.nodes()) {
      run.pass(LOOK);
      now = run.metrics().sample();
      if (now.atNanos() - died > Duration.ofMinutes(2).toNanos()) {
        break;
      }
    }
    return Duration.ofNanos(run.cluster().nowNanos() - died);
  }
}
