package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.Traffic;
import java.time.Duration;

/// Everybody starts in the same instant, the root included.
public record SimultaneousStart(int nodes) implements Scenario {

  public static final SimultaneousStart THOUSAND = new SimultaneousStart(1_000);

  @Override
  public String name() {
    return "simultaneous-start";
  }

  @Override
  public String title() {
    return nodes + " nodes start in the same instant";
  }

  @Override
  public void play(Run run) {
    int routers = nodes / 10;
    Growth growth = new Growth(routers, nodes - routers, 4, 40);
    run.startTree(NodeKind.ROOT, growth.config());
    Load load = new Traffic(run, 32, Duration.ofMillis(100), Duration.ofSeconds(1));
    for (int i = 0; i < nodes; i++) {
      boolean router = i % 10 == 0;
      SimNode node = run.startTree(router ? NodeKind.ROUTER : NodeKind.CLIENT, growth.config());
      if (!router) {
        load.join(node);
      }
    }
    run.pass(Duration.ofSeconds(5));
    run.require(
        run.metrics().sample().attached() == nodes + 1,
        "after 5 s "
            + run.metrics().sample().attached()
            + " of "
            + (nodes + 1)
            + " are in the tree");
    run.settle();
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
