package dev.banyan.node.links;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.Release;
import dev.banyan.host.links.GroupLinks;
import dev.banyan.host.links.HandshakeContent;
import dev.banyan.host.seam.HostSettings;
import dev.banyan.node.Credentials;
import dev.banyan.node.StartException;
import dev.banyan.node.inspect.ProvenObserver;
import dev.banyan.node.settings.IdentityFile;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import dev.banyan.store.sealing.Capsules;
import dev.banyan.store.sealing.Membership;
import dev.banyan.store.sealing.RotatingMembership;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.files.FileKind;
import dev.banyan.trust.files.OperatorFolder;
import dev.banyan.trust.files.TrustException;
import dev.banyan.trust.files.TrustFiles;
import dev.banyan.trust.tls.TlsIdentity;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// What a member of a group has of its identity: links that it proves itself on, and records that it seals.
public final class TrustedLinks implements LinkSecurity, Credentials, ProvenObserver {

  private final NodeId node;
  private final NodeIdentity given;
  private final TlsIdentity identity;
  private final GroupLinks links;
  private final LongSupplier seconds;

  private final Map<NodeId, Long> certificates = new ConcurrentHashMap<>();
  private Optional<Release> known = Optional.empty();
  private volatile Runnable unknownEpoch = () -> {};

  private TrustedLinks(NodeIdentity given, TlsIdentity identity, LongSupplier seconds) {
    node = new NodeId(given.certificate().id());
    this.given = given;
    this.identity = identity;
    links = new GroupLinks(identity);
    this.seconds = seconds;
  }

  /// Of a node with this identity.
  ///
  /// @param crypto for it alone
  /// @param group whom it believes; from now on used by its links alone
  public static TrustedLinks of(
      Crypto crypto, NodeIdentity identity, TrustedGroup group, LongSupplier seconds) {
    return new TrustedLinks(identity, new TlsIdentity(crypto, identity, group, seconds), seconds);
  }

  /// Of a node with this identity, from now on.
  ///
  /// @throws StartException when the list of revocations cannot be read, or others would not believe this node itself
  public static TrustedLinks open(IdentityFile given) {
    NodeIdentity identity = given.identity();
    Crypto crypto = given.crypto();
    LongSupplier seconds = () -> System.currentTimeMillis() / 1_000;
    try {
      Optional<Revocations> revocations = Optional.empty();
      if (given.revocations().isPresent()) {
        Path file = given.revocations().get();
        byte[] bytes = TrustFiles.read(file, FileKind.REVOCATIONS);
        revocations =
            Optional.of(
                OperatorFolder.believed(
                    file, () -> Revocations.read(crypto, bytes, identity.config())));
      }
      TrustedGroup group = new TrustedGroup(crypto, identity.config(), revocations);
      OperatorFolder.believed(
          given.file(),
          () ->
              group.verify(
                  identity.certificate(), identity.certificate().fromEpoch(), seconds.getAsLong()));
      return of(crypto, identity, group, seconds);
    } catch (TrustException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  /// Gives the worker what it has been given of key epochs before. To be called before it is started.
  public void knows(Release release) {
    known = Optional.of(release);
  }

  /// Has something called whenever something comes in of an epoch that is not known; on the worker's loop, so it must not block.
  public void onUnknownEpoch(Runnable called) {
    unknownEpoch = called;
  }

  @Override
  public LinkSecurity links() {
    return this;
  }

  private void learn(Membership membership) {
    if (known.isPresent()) {
      try {
        membership.learn(known.get());
      } catch (CapsuleException e) {
        throw new StartException(
            "what the key service has given is not of this group: " + e.getMessage());
      }
    }
  }

  /// It begins with what was given before; later epochs are learned as the worker runs.
  @Override
  public Sealing sealing(Session session) {
    if (given.keys().isEmpty()) {
      return Sealing.CLEAR; // A root or router has no records.
    }
    Crypto own = JcaCrypto.fastest();
    Membership membership =
        new RotatingMembership(
            own,
            given.key(),
            given.certificate(),
            given.config().issuers(),
            given.config().group(),
            new GroupSecret(0, given.keys().get().secret()),
            identity::hasRevoked,
            seconds,
            _ -> unknownEpoch.run());
    learn(membership);
    return new Capsules(own, membership, session, new SecureRandom());
  }

  @Override
  public NodeId node() {
    return node;
  }

  @Override
  public Socket encrypted(Socket connected) throws IOException {
    SSLSocket socket = identity.socket(connected);
    socket.startHandshake();
    TlsIdentity.Peer peer = identity.peer(socket.getSession());
    if (!GroupLinks.kind(peer.kind()).routes()) {
      throw new SSLPeerUnverifiedException(
          "who answers has proven to be no root or router, and nobody else has children");
    }
    certificates.put(new NodeId(peer.id()), peer.untilSeconds());
    return socket;
  }

  @Override
  public Map<NodeId, Long> certificates() {
    return Map.copyOf(certificates);
  }

  @Override
  public SSLEngine engine(boolean dialing) {
    return links.engine(dialing);
  }

  @Override
  public Proof proof(SSLSession session) throws SSLException {
    return links.proof(session);
  }

  @Override
  public Optional<String> refuses(Proof proof) {
    return links.refuses(proof);
  }

  @Override
  public Optional<Bytes> revocations() {
    return links.revocations();
  }

  @Override
  public boolean learn(Bytes list) throws SSLException {
    return links.learn(list);
  }

  /// What a host proves itself with on this node's links, who has not its key: nothing secret.
  public HostSettings.Links delegated() {
    try {
      return new HostSettings.Links(
          Bytes.wrap(TlsIdentity.carrier(JcaCrypto.fastest(), given).getEncoded()),
          Bytes.wrap(given.config().bytes()),
          revocations());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was just made cannot be written", e);
    }
  }

  /// Signs what a host needs in a handshake.
  ///
  /// @return empty if this is not what TLS has signed in a handshake: then nothing was signed
  public Optional<byte[]> sign(Crypto crypto, byte[] content) {
    return HandshakeContent.is(content)
        ? Optional.of(crypto.sign(given.key(), content))
        : Optional.empty();
  }

  /// Takes a list of revocations.
  ///
  /// @return whether it is newer than the one before: then the node's links must be looked at again
  /// @throws CapsuleException when it is not to be believed; the one before stays
  public boolean learn(byte[] list) throws CapsuleException {
    return identity.learn(list);
  }

  /// What the certificate of such a node says.
  public static Certificate.Kind kind(NodeKind kind) {
    return GroupLinks.kind(kind);
  }
}
