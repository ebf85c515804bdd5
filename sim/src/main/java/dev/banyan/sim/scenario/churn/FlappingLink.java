package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.List;

/// A router's and a client's links to their parents, whoever these are, break again and again.
public record FlappingLink() implements Scenario {

  private static final Growth GROWTH = new Growth(8, 30, 2, 60);

  @Override
  public String name() {
    return "flapping-link";
  }

  @Override
  public String title() {
    return "a router's and a client's links keep breaking";
  }

  @Override
  public void play(Run run) {
    Load load = GROWTH.grow(run);
    List<SimNode> victims =
        List.of(
            run.some(run.live(NodeKind.ROUTER), 1).getFirst(),
            run.some(run.live(NodeKind.CLIENT), 1).getFirst());
    for (SimNode victim : victims) {
      run.faults().flap(victim, 40, Duration.ofMillis(50 + run.random().nextInt(1_000)));
    }
    run.pass(Duration.ofSeconds(45));
    load.stop();
    run.settle();
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
