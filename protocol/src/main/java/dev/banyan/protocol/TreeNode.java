package dev.banyan.protocol;

import java.util.List;
import java.util.random.RandomGenerator;

/// The node: root router, intermediate router or client (§2). See `docs/protocol.md`.
public final class TreeNode implements Machine {

  private final Identity identity;

  /// @param roots where to find a root, tried in turn; empty for a root itself
  /// @param random this node's own seeded generator: breaks ties, jitters waits
  public TreeNode(Identity identity, TreeConfig config, List<Address> roots, RandomGenerator random) {
    this.identity = identity;
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    throw new IllegalStateException("not yet: " + identity);
  }

  public Identity identity() {
    return identity;
  }

  /// What the node would say of itself now.
  public NodeView view() {
    throw new IllegalStateException("not yet");
  }

  /// Whether a multicast published now would be dropped because the link to the parent is congested. False without a
  /// parent: what is published then is repaired after attaching (resync).
  public boolean congestedUpward() {
    return false;
  }

  /// The node's counters by name, in a fixed order.
  public List<Message.Counter> counters() {
    return List.of();
  }
}
