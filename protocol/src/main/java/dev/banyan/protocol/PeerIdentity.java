package dev.banyan.protocol;

/// Who is at the other end of a link, as far as the driver can vouch for it. A link that proves an identity (by a
/// certificate, say) carries no other: whoever says hello in another name, or as another kind of node, is refused.
public sealed interface PeerIdentity {

  /// Nothing is proven: the peer is who it says it is, or is not.
  PeerIdentity UNPROVEN = new Unproven();

  record Unproven() implements PeerIdentity {}

  /// The peer holds the key of this node, which may be this in the tree.
  record Proven(NodeId node, NodeKind kind) implements PeerIdentity {}

  /// Whether the peer may say that it is this node. Every node may also look on as an observer, which is no part of the tree.
  default boolean allows(NodeId claimed, NodeKind claimedKind) {
    return switch (this) {
      case Unproven _ -> true;
      case Proven(NodeId node, NodeKind kind) ->
          node.equals(claimed) && (kind == claimedKind || claimedKind == NodeKind.OBSERVER);
    };
  }

  /// Whether the peer may have children.
  default boolean mayRoute() {
    return switch (this) {
      case Unproven _ -> true;
      case Proven(NodeId _, NodeKind kind) -> kind.routes();
    };
  }
}
