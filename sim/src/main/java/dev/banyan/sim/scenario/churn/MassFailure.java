package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.List;

/// A share of all routers crashes in the same instant.
///
/// @param percent of the routers, the root not counted
public record MassFailure(int percent) implements Scenario {

  private static final Growth GROWTH = new Growth(30, 90, 2, 120);

  public MassFailure {
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException("1 to 100 percent, not " + percent);
    }
  }

  @Override
  public String name() {
    return "mass-failure-" + percent;
  }

  @Override
  public String title() {
    return percent + "% of the routers crash at once";
  }

  @Override
  public void play(Run run) {
    Load load = GROWTH.grow(run);
    run.pass(Duration.ofSeconds(5));
    List<SimNode> routers = run.live(NodeKind.ROUTER);
    run.some(routers, routers.size() * percent / 100).forEach(run.faults()::crash);
    run.pass(Duration.ofSeconds(5));
    load.stop();
    run.settle();
    run.require(
        run.metrics().count(Kind.ORPHANED) > 0,
        "nobody was orphaned: the scenario has done nothing");
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
