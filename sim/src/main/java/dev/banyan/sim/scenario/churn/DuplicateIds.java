package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.List;

/// A second process starts with a node id that is in the tree already, elsewhere in it, or while the first one is cut off.
/// The younger one leaves for good, and both say so; the older stays. Only where the older comes back to the very parent
/// that has the younger for a child does the one stay that is there.
public record DuplicateIds() implements Scenario {

  private static final Growth GROWTH = new Growth(4, 12, 2, 4);

  @Override
  public String name() {
    return "duplicate-ids";
  }

  @Override
  public String title() {
    return "two processes with one node id";
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
    SimNode elder = run.some(run.live(NodeKind.CLIENT), 1).getFirst();
    boolean away = run.random().nextBoolean();
    if (away) {
      run.faults().partition(List.of(elder));
      run.pass(Duration.ofSeconds(10));
    }
    SimNode twin = run.start(twinOf(elder.id()));
    run.pass(Duration.ofSeconds(5));
    if (away) {
      run.require(run.depthOf(twin) > 0, "nobody else is there, and yet it was sent away");
      run.faults().heal();
      run.pass(Duration.ofSeconds(20));
    }
    boolean younger = run.depthOf(twin) > 0;
    run.require(
        younger != run.depthOf(elder) > 0, younger ? "both are in the tree" : "neither is there");
    run.require(!younger || away, "the one that was there before was sent away");
    run.pass(Duration.ofSeconds(10));
    run.require(younger == run.depthOf(twin) > 0, "it was the other one later");
    run.require(younger != run.depthOf(elder) > 0, "the one that stayed did not stay");
    long told = run.metrics().count(Kind.NAMESAKE_WAS_FIRST);
    long refused = run.metrics().count(Kind.NAMESAKE_REFUSED);
    long atParent = run.metrics().count(Kind.JOIN_REFUSED);
    run.require(
        told == 1 && refused >= 1 || told == 0 && atParent > 0,
        "%d were told to leave, %d have told so, %d refusals".formatted(told, refused, atParent));
  }

  private static NodeSpec twinOf(NodeId id) {
    return new NodeSpec(
        NodeKind.CLIENT,
        GROWTH.config(),
        (identity, tree, roots, random, wall) -> {
          Identity same =
              Identity.of(id, identity.kind(), identity.address(), identity.incarnation());
          TreeNode node = new TreeNode(same, tree, roots, random, wall);
          return new NodeSpec.Built(node, node::view);
        });
  }
}
