package dev.banyan.bench;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.MemberKeys;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.TrustedGroup;
import dev.banyan.trust.tls.TlsIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// Links of a member of a group that everybody knows: its keys come from numbers, so that several processes have the same
/// group without telling each other anything. For measurements alone.
final class EncryptedLinks implements LinkSecurity {

  private static final long GROUP = 1;
  private static final long EXPIRY_SECONDS = Instant.parse("9999-01-01T00:00:00Z").getEpochSecond();

  private final NodeId node;
  private final TlsIdentity identity;

  private EncryptedLinks(NodeId node, TlsIdentity identity) {
    this.node = node;
    this.identity = identity;
  }

  /// @param number of the member, above 1
  static EncryptedLinks of(long number, NodeKind kind) {
    Crypto crypto = JcaCrypto.fastest();
    SplittableRandom random = new SplittableRandom(GROUP);
    OperatorKey operator =
        OperatorKey.of(
            bytes(random, CapsuleGroup.ID_BYTES),
            bytes(random, 32),
            MemberKeys.of(bytes(random, MemberKeys.BYTES)));
    GroupConfig config =
        GroupConfig.sign(
            crypto,
            operator.key(),
            operator.group(),
            operator.key().publicKey(),
            operator.keys(),
            1,
            new GroupConfig.Terms("main", 3, 86_400));
    byte[] seed = bytes(new SplittableRandom(GROUP + number), Crypto.KEY_BYTES);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator.key(),
            operator.group(),
            JcaCrypto.signingKey(seed).publicKey(),
            Certificate.Kind.valueOf(kind.name()),
            0,
            0,
            EXPIRY_SECONDS,
            new byte[Crypto.HASH_BYTES]);
    LongSupplier seconds = () -> Instant.now().getEpochSecond();
    try {
      return new EncryptedLinks(
          new NodeId(certificate.id()),
          new TlsIdentity(
              crypto,
              NodeIdentity.of(crypto, seed, certificate, operator.keys(), config),
              new TrustedGroup(crypto, config, Optional.empty()),
              seconds));
    } catch (CapsuleException e) {
      throw new BenchmarkException("an identity cannot be made: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// What the certificate makes of the member.
  NodeId node() {
    return node;
  }

  @Override
  public SSLEngine engine(boolean dialing) {
    return identity.engine(dialing);
  }

  @Override
  public Proof proof(SSLSession session) throws SSLException {
    TlsIdentity.Peer peer = identity.peer(session);
    return new Proof(
        new PeerIdentity.Proven(new NodeId(peer.id()), NodeKind.valueOf(peer.kind().name())),
        peer.untilSeconds());
  }

  @Override
  public Optional<Bytes> revocations() {
    return Optional.empty();
  }

  @Override
  public boolean learn(Bytes list) {
    return false;
  }

  @Override
  public Optional<String> refuses(Proof proof) {
    return Optional.empty();
  }
}
