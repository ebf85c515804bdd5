package dev.banyan.trust.tls;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.TrustedGroup;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// Engines for links of one node: TLS 1.3, both ends with certificates, trust by the operator's signature. No names of hosts, no
/// authorities, no resumption: each link proves anew who is at its ends. For use by several threads.
public final class TlsIdentity {

  /// Beyond a week, the longest that RFC 8446 allows tickets to be good for, the JDK gives none out.
  private static final int NO_TICKETS_SECONDS = 8 * 24 * 3_600;

  /// Who is at the other end of a link.
  ///
  /// @param untilSeconds since 1970, after when its certificate does not count
  public record Peer(long id, Certificate.Kind kind, long untilSeconds) {}

  private final SSLContext context;
  private final TrustedGroup group;
  private final LongSupplier seconds;

  /// The group's newest list, to look into without its lock.
  private volatile Optional<Revocations> known;

  /// @param group whom to believe; from now on used by this object alone, and its crypto with it
  /// @param seconds since 1970: now
  public TlsIdentity(
      Crypto crypto, NodeIdentity identity, TrustedGroup group, LongSupplier seconds) {
    this(CarriedCertificate.of(crypto, identity), identity.key().privateKey(), group, seconds);
  }

  /// Of a node whose key is somewhere else.
  ///
  /// @param carrier what TLS shows, as [#carrier] makes it
  /// @param key stands for the key: a provider that takes it must be installed
  /// @param group as above
  public TlsIdentity(
      X509Certificate carrier, PrivateKey key, TrustedGroup group, LongSupplier seconds) {
    this.group = group;
    this.seconds = seconds;
    known = group.revocations();
    try {
      context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {new OwnKey(carrier, key)},
          new TrustManager[] {new OperatorTrust(this)},
          null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "this JVM has no TLS 1.3: use a JDK 25 with all its modules", e);
    }
    context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
    context.getServerSessionContext().setSessionCacheSize(1); // 0 would be without bound
    context.getClientSessionContext().setSessionCacheSize(1);
  }

  /// The certificate that a node shows in TLS: its own, in the form that TLS takes, signed with its key.
  public static X509Certificate carrier(Crypto crypto, NodeIdentity identity) {
    return CarriedCertificate.of(crypto, identity);
  }

  /// A new engine for one link.
  ///
  /// @param dialing whether this end has dialed
  public SSLEngine engine(boolean dialing) {
    SSLEngine engine =
        context.createSSLEngine(); // Without a host: no session is found to go on with.
    engine.setUseClientMode(dialing);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    if (!dialing) {
      engine.setNeedClientAuth(true);
    }
    return engine;
  }

  /// A socket over a connected one, for whoever has dialed and waits: its handshake is still to be done.
  public SSLSocket socket(Socket connected) throws IOException {
    // An address is no name that would be said to the other end.
    String address = connected.getInetAddress().getHostAddress();
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(connected, address, connected.getPort(), true);
    socket.setEnabledProtocols(new String[] {"TLSv1.3"});
    return socket;
  }

  /// Who the other end has proven to be: checked now, even if it was checked during the handshake.
  ///
  /// @throws SSLException with one line that says why it is not believed
  public Peer peer(SSLSession session) throws SSLException {
    if (!session.getProtocol().equals("TLSv1.3")) {
      throw new SSLException("a link with " + session.getProtocol() + ": only TLS 1.3 will do");
    }
    try {
      Certificate certificate = believed(session.getPeerCertificates());
      return new Peer(certificate.id(), certificate.kind(), certificate.expirySeconds());
    } catch (CertificateException e) {
      throw new SSLPeerUnverifiedException(String.valueOf(e.getMessage()));
    }
  }

  /// @throws CertificateException with the first reason why not
  synchronized Certificate believed(java.security.cert.Certificate[] chain)
      throws CertificateException {
    if (chain.length != 1 || !(chain[0] instanceof X509Certificate carrier)) {
      throw new CertificateException("it shows a chain of certificates: one is wanted");
    }
    try {
      Certificate certificate = CarriedCertificate.in(carrier);
      // From which epoch on it counts is said of what it seals: roots and routers do not know which
      // epoch it is.
      return group.verify(certificate, certificate.fromEpoch(), seconds.getAsLong()).certificate();
    } catch (CapsuleException e) {
      throw new CertificateException("the other end is not believed: " + e.getMessage(), e);
    }
  }

  /// Whether this node has been revoked. Waits for no handshake: asked for each batch of records.
  public boolean hasRevoked(long node) {
    return known
        .map(list -> list.revokedSeconds(Revocations.What.NODE, node).isPresent())
        .orElse(false);
  }

  /// Why a peer is believed no more; empty while it is.
  public synchronized Optional<String> refuses(Peer peer) {
    String node = "node " + HexFormat.of().toHexDigits(peer.id());
    if (group.hasRevoked(peer.id())) {
      return Optional.of(node + " has been revoked");
    }
    return seconds.getAsLong() > peer.untilSeconds()
        ? Optional.of(
            "the certificate of "
                + node
                + " expired at "
                + Instant.ofEpochSecond(peer.untilSeconds()))
        : Optional.empty();
  }

  /// The newest list of revocations that is known.
  public synchronized Optional<byte[]> revocations() {
    return group.revocations().map(Revocations::bytes);
  }

  /// As [#learn], of a list that somebody has passed on: one that does not claim to be newer is not even looked at.
  public synchronized boolean hear(byte[] list) throws CapsuleException {
    int before = known.map(Revocations::number).orElse(-1);
    return Revocations.claimedNumber(list) > before && learn(list);
  }

  /// Takes a list of revocations.
  ///
  /// @return whether it is newer than the one before: then links of those who are in it must be closed
  /// @throws CapsuleException when it is none of this group's operator, or takes something back; the one before stays
  public synchronized boolean learn(byte[] list) throws CapsuleException {
    boolean newer = group.learn(list);
    known = group.revocations();
    return newer;
  }
}
