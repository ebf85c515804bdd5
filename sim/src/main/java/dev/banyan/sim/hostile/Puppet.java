package dev.banyan.sim.hostile;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import java.util.List;

/// A member of the tree that joins as an honest one does, does not hear how much it may want, and says to its parent
/// whatever it is told to say.
public final class Puppet implements Machine {

  /// What the parent is to hear.
  public record Say(List<Message> messages) implements Event.Command {}

  private final TreeNode honest;

  private Puppet(TreeNode honest) {
    this.honest = honest;
  }

  public static NodeSpec spec(NodeKind kind, TreeConfig config) {
    return new NodeSpec(
        kind,
        config,
        (identity, tree, roots, random, wall) -> {
          TreeNode node = new TreeNode(identity, tree, roots, random, wall);
          return new NodeSpec.Built(new Puppet(node), node::view);
        });
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    switch (event) {
      case Say say ->
          honest
              .view()
              .parentLink()
              .ifPresent(parent ->
                  say.messages().forEach(message -> effects.add(new Effect.Send(parent, message))));
      case Event.Received(LinkId link, Message message) ->
          honest.handle(new Event.Received(link, deaf(message)), nowNanos, effects);
      case Event.Command _ -> {} // it has no users
      default -> honest.handle(event, nowNanos, effects);
    }
  }

  private static Message deaf(Message message) {
    if (message instanceof Message.Attached attached) {
      return new Message.Attached(
          attached.joiner(),
          attached.attempt(),
          attached.rootTerm(),
          attached.route(),
          attached.path(),
          Message.InterestLimits.UNSAID,
          attached.clockMillis(),
          attached.forgottenMillis());
    }
    if (message instanceof Message.Heartbeat beat
        && beat.side() instanceof Message.Heartbeat.FromParent said) {
      return new Message.Heartbeat(
          beat.rooted(),
          beat.rootTerm(),
          beat.interestVersion(),
          beat.interestHash(),
          beat.unwanted(),
          new Message.Heartbeat.FromParent(
              said.path(),
              said.aim(),
              said.asksUsage(),
              said.reassigning(),
              said.dialable(),
              Message.InterestLimits.UNSAID,
              said.clockMillis(),
              said.forgottenMillis()));
    }
    return message;
  }

  NodeView view() {
    return honest.view();
  }
}
