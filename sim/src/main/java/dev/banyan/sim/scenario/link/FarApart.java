package dev.banyan.sim.scenario.link;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;

/// Every link is as long as from one continent to another, so that the answer to a join takes longer than the join
/// timeout. Everybody gets in all the same, and so do the orphans of routers that die, with the subtrees they have.
public record FarApart() implements Scenario {

  private static final Growth GROWTH = new Growth(30, 90, 2, 6);
  private static final int DEATHS = 3;

  /// Up, down, and up again with a fence, a dozen links each.
  private static final Duration UNDER_WAY = Duration.ofSeconds(5);

  /// Between two deaths.
  private static final Duration PEACE = Duration.ofSeconds(20);

  @Override
  public String name() {
    return "far-apart";
  }

  @Override
  public String title() {
    return "100 to 120 ms from node to node";
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return options.withProfile(LinkProfile.OCEAN);
  }

  @Override
  public void play(Run run) {
    run.deliveries().settleWithin(UNDER_WAY);
    Load load = GROWTH.grow(run);
    run.pass(PEACE);
    for (SimNode router : run.some(run.live(NodeKind.ROUTER), DEATHS)) {
      run.faults().crash(router);
      run.pass(PEACE);
    }
    load.stop();
    run.settle();
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
