package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;

/// Every router is restarted in turn, every second one in good order, the others by a crash.
public record RollingRestart() implements Scenario {

  private static final Growth GROWTH = new Growth(12, 48, 2, 80);

  @Override
  public String name() {
    return "rolling-restart";
  }

  @Override
  public String title() {
    return "every router is restarted in turn";
  }

  @Override
  public void play(Run run) {
    Load load = GROWTH.grow(run);
    int turn = 0;
    for (SimNode router : run.live(NodeKind.ROUTER)) {
      if (turn++ % 2 == 0) {
        run.cluster().stop(router);
      } else {
        run.faults().crash(router);
      }
      run.pass(Duration.ofMillis(500));
      run.cluster().start(router);
      run.pass(Duration.ofSeconds(4));
    }
    load.stop();
    run.settle();
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
