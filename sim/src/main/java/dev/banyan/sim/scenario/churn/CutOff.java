package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A router and everybody below it are cut off from the rest for a while, and users on both sides go on. When the line
/// is back the subtree comes back as a whole, and all replicas become equal.
public record CutOff() implements Scenario {

  private static final Growth GROWTH = new Growth(5, 20, 2, 8);

  /// Several heartbeat timeouts: both sides have given each other up.
  private static final Duration APART = Duration.ofSeconds(12);

  @Override
  public String name() {
    return "cut-off";
  }

  @Override
  public String title() {
    return "a router and all below it are cut off for 12 s, and both sides go on writing";
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 20, Duration.ofMillis(100));
    GROWTH.grow(run, load);
    run.pass(Duration.ofSeconds(5));

    SimNode router = run.some(run.live(NodeKind.ROUTER), 1).getFirst();
    List<SimNode> island =
        run.cluster().nodes().stream().filter(node -> isBelow(run, node, router)).toList();
    long writesBefore = load.writes();
    long orphansBefore = run.metrics().count(Kind.ORPHANED);
    run.faults().partition(island);
    run.pass(APART);
    long orphans = run.metrics().count(Kind.ORPHANED) - orphansBefore;
    run.require(orphans == 1, "the router alone may lose its parent, %d did".formatted(orphans));
    run.require(load.writes() > writesBefore, "nobody wrote while they were apart");

    run.faults().heal();
    run.pass(Duration.ofSeconds(10));
    load.stop();
    run.settle();
    load.check();
    run.require(run.replicas().checked() > 0, "no replicas were compared");
  }

  /// Whether the way up from a node passes a router, or begins there.
  private static boolean isBelow(Run run, SimNode node, SimNode router) {
    SimNode at = node;
    while (at != router) {
      Optional<NodeId> parent = at.view().flatMap(NodeView::parent);
      if (parent.isEmpty()) {
        return false;
      }
      at = run.cluster().find(parent.get()).orElseThrow();
    }
    return true;
  }
}
