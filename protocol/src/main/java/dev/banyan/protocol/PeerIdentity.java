package dev.banyan.protocol;

/// Who is at the other end of a link, as far as the driver can vouch for it. A link that proves an identity (by a
/// certificate, say) carries no other: whoever says hello in another name is refused.
public sealed interface PeerIdentity {

  /// Nothing is proven: the peer is who it says it is, or is not.
  PeerIdentity UNPROVEN = new Unproven();

  record Unproven() implements PeerIdentity {}

  /// The peer holds the key of this node.
  record Proven(NodeId node) implements PeerIdentity {}

  /// Whether the peer may say that it is this node.
  default boolean allows(NodeId claimed) {
    return switch (this) {
      case Unproven _ -> true;
      case Proven(NodeId node) -> node.equals(claimed);
    };
  }
}
