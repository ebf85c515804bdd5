package dev.banyan.node.links;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.MemberKeys;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.OperatorKey;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.TrustedGroup;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// A group that a seed fixes, and members of it.
public final class Members {

  public static final long NOW = 1_800_000_000;
  public static final long EXPIRY = NOW + 1_000;

  private final Crypto crypto = JcaCrypto.fastest();
  private final SplittableRandom random;
  private final OperatorKey operator;
  public final GroupConfig config;
  public final AtomicLong clock = new AtomicLong(NOW);
  private Revocations list;

  public Members(long seed) {
    random = new SplittableRandom(seed);
    operator = OperatorKey.of(bytes(16), bytes(32), MemberKeys.of(bytes(MemberKeys.BYTES)));
    config =
        GroupConfig.sign(
            crypto,
            operator.key(),
            operator.group(),
            operator.key().publicKey(),
            operator.keys(),
            1,
            new GroupConfig.Terms("main", 3, 86_400));
    list = Revocations.none(crypto, operator.key(), operator.group(), NOW);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  public NodeIdentity identity(Kind kind) {
    return identity(kind, 0, EXPIRY);
  }

  public NodeIdentity identity(Kind kind, int fromEpoch, long expiry) {
    byte[] seed = bytes(32);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator.key(),
            operator.group(),
            JcaCrypto.signingKey(seed).publicKey(),
            kind,
            kind == Kind.CLIENT ? Certificate.WRITES : 0,
            fromEpoch,
            expiry,
            new byte[32]);
    try {
      return NodeIdentity.of(crypto, seed, certificate, operator.keys(), config);
    } catch (CapsuleException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The next list, with this node too.
  public byte[] revoke(NodeIdentity node) {
    list =
        list.with(
            crypto,
            operator.key(),
            operator.group(),
            List.of(new Revocations.Entry(Revocations.What.NODE, node.certificate().id())),
            NOW);
    return list.bytes();
  }

  /// What a node goes by that has heard of all revocations so far.
  public TrustedLinks links(NodeIdentity node) {
    Crypto own = JcaCrypto.fastest();
    return TrustedLinks.of(own, node, new TrustedGroup(own, config, list), clock::get);
  }
}
