package dev.banyan.sim.hostile;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import org.jspecify.annotations.Nullable;

/// Nodes that do not keep to the protocol: real ones, whose events a lie sees first.
public final class Liar implements Machine {

  /// What is done instead of what is right.
  public interface Lie {

    /// @return whether the honest node must not hear of the event
    boolean tells(Event event, long nowNanos, Effects effects);

    /// Whether it keeps back what others want: then it is not taken to task for that.
    default boolean withholds() {
      return false;
    }

    /// What it does in place of this.
    default Effect instead(Effect effect) {
      return effect;
    }

    /// The same, if one thing is not what it does in place of another, or if the time matters.
    default void tell(Effect meant, long nowNanos, Effects effects) {
      effects.add(instead(meant));
    }
  }

  private final TreeNode honest;
  private final Lie lie;

  private Liar(TreeNode honest, Lie lie) {
    this.honest = honest;
    this.lie = lie;
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    if (!lie.tells(event, nowNanos, effects)) {
      Effects meant = new Effects();
      honest.handle(event, nowNanos, meant);
      for (Effect effect : meant) {
        lie.tell(effect, nowNanos, effects);
      }
    }
  }

  /// Whether its lie keeps back what others want.
  public boolean withholds() {
    return lie.withholds();
  }

  /// A node of the tree that tells this lie.
  public static NodeSpec telling(NodeKind kind, TreeConfig config, Lie lie) {
    return telling(kind, config, lie, null);
  }

  /// The same.
  ///
  /// @param pruner cuts batches down before the lie sees them; null for nobody
  public static NodeSpec telling(
      NodeKind kind, TreeConfig config, Lie lie, @Nullable Pruner pruner) {
    return new NodeSpec(
        kind,
        config,
        (identity, tree, roots, random, wall) -> {
          TreeNode node = new TreeNode(identity, tree, roots, random, wall, pruner);
          return new NodeSpec.Built(new Liar(node, lie), node::view);
        });
  }

  /// An honest router but for the address that it gives.
  public static NodeSpec advertising(Address address, TreeConfig config) {
    return new NodeSpec(
        NodeKind.ROUTER,
        config,
        (identity, tree, roots, random, wall) -> {
          Identity other =
              Identity.of(identity.node(), identity.kind(), address, identity.incarnation());
          TreeNode node = new TreeNode(other, tree, roots, random, wall);
          return new NodeSpec.Built(node, node::view);
        });
  }
}
