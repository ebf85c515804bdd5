package dev.banyan.protocol.tree;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.link.Child;
import java.util.List;
import java.util.Optional;

/// What a node would say of itself, for people, tests and checkers. A copy: it does not change with the node.
///
/// @param parent the current parent, also while it may be dead and this is not known yet
/// @param path from the root to this node, itself last; empty while the node has no parent (a root: itself)
/// @param childRouters in the order in which they attached
/// @param childClients likewise
/// @param clients clients in the subtree, itself excluded, as far as heartbeats have told
/// @param routers routers in the subtree, itself excluded, likewise
/// @param reservations places held for joiners that have not attached yet
/// @param tags how many its subtree wants, as far as they are told apart
/// @param bits how many leading bits of a tag it tells apart
public record NodeView(
    NodeId node,
    NodeKind kind,
    Optional<NodeId> parent,
    Optional<LinkId> parentLink,
    boolean rooted,
    List<Message.PathEntry> path,
    List<Child> childRouters,
    List<Child> childClients,
    int clients,
    int routers,
    int reservations,
    int tags,
    int bits) {

  /// A child as its parent sees it.
  ///
  /// @param tags how many its subtree wants, inboxes included
  /// @param all whether somebody in its subtree wants everything
  /// @param dialable whether it was found where it says it is; clients are not looked for
  public record Child(
      NodeId node,
      LinkId link,
      int clients,
      int routers,
      int tags,
      boolean all,
      Dialable dialable) {}

  /// Hops from the root: 0 for the root, -1 without a path.
  public int level() {
    return path.size() - 1;
  }

  /// The difference in clients between the child routers with the most and the fewest (§7), 0 with fewer than two.
  public int imbalance() {
    if (childRouters.size() < 2) {
      return 0;
    }
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (Child child : childRouters) {
      min = Math.min(min, child.clients());
      max = Math.max(max, child.clients());
    }
    return max - min;
  }
}
