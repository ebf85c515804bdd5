package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.List;

/// Links prove who is at their ends, and some nodes say hello in the name of others, who are in the tree, cut off, or never
/// were: nobody talks to them, and nobody honest loses its place for them.
public record Impostors() implements Scenario {

  private static final Growth GROWTH = new Growth(4, 12, 2, 4);

  @Override
  public String name() {
    return "impostors";
  }

  @Override
  public String title() {
    return "nodes in the name of others, over links that prove who they are";
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return options.withProvenIdentities();
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, GROWTH.config());
    for (int i = 0; i < 4; i++) {
      run.startTree(NodeKind.ROUTER, GROWTH.config());
      run.pass(Duration.ofMillis(100));
    }
    for (int i = 0; i < 12; i++) {
      run.startTree(NodeKind.CLIENT, GROWTH.config());
    }
    run.pass(Duration.ofSeconds(10));
    List<SimNode> honest = List.copyOf(run.cluster().nodes());
    SimNode there = run.some(run.live(NodeKind.CLIENT), 1).getFirst();
    SimNode router = run.some(run.live(NodeKind.ROUTER), 1).getFirst();
    List<SimNode> impostors =
        List.of(
            run.start(named(NodeKind.CLIENT, there.id)),
            run.start(named(NodeKind.ROUTER, router.id)),
            run.start(named(NodeKind.CLIENT, run.root().id)),
            run.start(named(NodeKind.CLIENT, new NodeId(run.random().nextLong()))));
    run.pass(Duration.ofSeconds(5));
    run.faults().partition(List.of(there));
    run.pass(Duration.ofSeconds(20));
    check(run, impostors);
    run.faults().heal();
    run.pass(Duration.ofSeconds(20));
    check(run, impostors);
    for (SimNode node : honest) {
      run.require(run.depthOf(node) >= 0, node + " has lost its place: " + node.view());
    }
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }

  private static void check(Run run, List<SimNode> impostors) {
    for (SimNode node : impostors) {
      run.require(run.depthOf(node) < 0, node + " is in the tree: " + node.view());
    }
    long refused = run.metrics().count(Kind.LINK_REFUSED);
    run.require(refused >= impostors.size(), refused + " links were refused");
  }

  private static NodeSpec named(NodeKind kind, NodeId id) {
    return new NodeSpec(
        kind,
        GROWTH.config(),
        (identity, tree, roots, random, wall) -> {
          Identity other = Identity.of(id, kind, identity.address(), identity.incarnation());
          TreeNode node = new TreeNode(other, tree, roots, random, wall);
          return new NodeSpec.Built(node, node::view);
        });
  }
}
