package dev.banyan.host.links;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.trust.tls.TlsIdentity;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// Links on which a node proves itself, to members of its group alone.
public final class GroupLinks implements LinkSecurity {

  private final TlsIdentity identity;
  private final Consumer<Bytes> newer;

  public GroupLinks(TlsIdentity identity) {
    this(identity, _ -> {});
  }

  /// @param newer told of each list of revocations that a peer has passed on and that is newer; on the node's loop, so it must not block
  public GroupLinks(TlsIdentity identity, Consumer<Bytes> newer) {
    this.identity = identity;
    this.newer = newer;
  }

  @Override
  public SSLEngine engine(boolean dialing) {
    return identity.engine(dialing);
  }

  @Override
  public Proof proof(SSLSession session) throws SSLException {
    TlsIdentity.Peer peer = identity.peer(session);
    return new Proof(
        new PeerIdentity.Proven(new NodeId(peer.id()), kind(peer.kind())), peer.untilSeconds());
  }

  @Override
  public Optional<String> refuses(Proof proof) {
    PeerIdentity.Proven proven = proof.identity();
    return identity.refuses(
        new TlsIdentity.Peer(proven.node().value(), kind(proven.kind()), proof.untilSeconds()));
  }

  @Override
  public Optional<Bytes> revocations() {
    return identity.revocations().map(Bytes::wrap);
  }

  @Override
  public boolean learn(Bytes list) throws SSLException {
    try {
      boolean isNewer = identity.hear(list.shared());
      if (isNewer) {
        newer.accept(list);
      }
      return isNewer;
    } catch (CapsuleException e) {
      throw new SSLException(String.valueOf(e.getMessage()), e);
    }
  }

  /// What a certificate's owner is in the tree.
  public static NodeKind kind(Certificate.Kind kind) {
    return switch (kind) {
      case ROOT -> NodeKind.ROOT;
      case ROUTER -> NodeKind.ROUTER;
      case CLIENT -> NodeKind.CLIENT;
      case OBSERVER -> NodeKind.OBSERVER;
    };
  }

  /// What the certificate of such a node says.
  public static Certificate.Kind kind(NodeKind kind) {
    return switch (kind) {
      case ROOT -> Certificate.Kind.ROOT;
      case ROUTER -> Certificate.Kind.ROUTER;
      case CLIENT -> Certificate.Kind.CLIENT;
      case OBSERVER -> Certificate.Kind.OBSERVER;
    };
  }
}
