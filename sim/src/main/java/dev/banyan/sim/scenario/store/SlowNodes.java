package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Many processes share a few processors: each stands still most of the time, and goes on for moments. Links break, as they
/// do. Answers come late then, and what others say; nobody asks and says everything again for that.
public record SlowNodes() implements Scenario {

  private static final Growth GROWTH = new Growth(4, 20, 2, 6);
  private static final Duration TICK = Duration.ofMillis(20);
  private static final int TICKS = 1_500;

  /// One link breaks every so many ticks.
  private static final int CUT_TICKS = 75;

  /// Nodes that go on in each tick, of those that stand still.
  private static final double GOES_ON = 0.05;

  /// Nodes that stand still after a tick, of those that went on.
  private static final double STOPS = 0.3;

  /// For each write, over all workers. 5 to 12 were seen on fifteen seeds; 6 to 23 when nobody waits for longer than on idle
  /// machines.
  private static final int MOST_REPEATS = 14;

  @Override
  public String name() {
    return "slow-nodes";
  }

  @Override
  public String title() {
    return "nodes that stand still most of the time repeat little";
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 60, Duration.ofMillis(15));
    GROWTH.grow(run, load);
    run.pass(Duration.ofSeconds(5));
    long repeated = sum(run, "duplicateDeliveries");
    SplittableRandom random = run.random();
    for (int tick = 0; tick < TICKS; tick++) {
      for (SimNode node : List.copyOf(run.cluster().nodes())) {
        if (node.up()) {
          if (random.nextDouble() < STOPS) {
            run.faults().hang(node);
          }
        } else if (node.alive() && random.nextDouble() < GOES_ON) {
          run.faults().resume(node);
        }
      }
      if (tick % CUT_TICKS == 0) {
        run.some(run.live(NodeKind.CLIENT), 1).forEach(run.faults()::cutFromParent);
      }
      run.pass(TICK);
    }
    repeated = sum(run, "duplicateDeliveries") - repeated;
    run.require(
        repeated <= MOST_REPEATS * load.writes(),
        repeated + " repeats came in for " + load.writes() + " writes");
    load.stop();
    run.settle();
  }

  private static long sum(Run run, String counter) {
    long sum = 0;
    for (SimNode node : run.live(NodeKind.CLIENT)) {
      if (node.machine instanceof Worker worker) {
        for (Message.Counter each : worker.counters()) {
          sum += each.name().equals(counter) ? each.value() : 0;
        }
      }
    }
    return sum;
  }
}
