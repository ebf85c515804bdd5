package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;

/// The first address in everybody's list of roots takes connections and says nothing, or does not even answer dials. It
/// costs each joiner a moment once, and nothing when it has to join again.
public record HungFirstRoot() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 6));
  private static final Machine MUTE = (event, nowNanos, effects) -> {};
  private static final int CLIENTS = 12;

  @Override
  public String name() {
    return "hung-first-root";
  }

  @Override
  public String title() {
    return "the first root in the list hangs";
  }

  @Override
  public void play(Run run) {
    SimNode hung = run.start(NodeSpec.scripted(NodeKind.ROOT, () -> MUTE));
    if (run.random().nextBoolean()) {
      run.faults().vanish(hung);
    }
    SimNode root = run.startTree(NodeKind.ROOT, CONFIG);
    SimNode router = run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.pass(Duration.ofMillis(400));
    for (int i = 0; i < CLIENTS; i++) {
      run.startTree(NodeKind.CLIENT, CONFIG);
      run.pass(Duration.ofMillis(run.random().nextInt(50)));
    }
    run.pass(Duration.ofMillis(400));
    allAttached(run, root);
    run.pass(Duration.ofSeconds(5));
    long asked = run.metrics().count(Kind.JOIN_SENT);
    run.faults().crash(router);
    run.pass(Duration.ofMillis(150));
    allAttached(run, root);
    long again = run.metrics().count(Kind.JOIN_SENT) - asked;
    run.require(
        again <= run.metrics().count(Kind.ORPHANED), again + " requests of those it left behind");
  }

  private static void allAttached(Run run, SimNode root) {
    for (SimNode node : run.cluster().nodes()) {
      run.require(
          node.kind() == NodeKind.ROOT
              || !node.alive()
              || node.view().orElseThrow().rooted() && run.depthOf(node) > 0,
          node + " has no place below " + root);
    }
  }
}
