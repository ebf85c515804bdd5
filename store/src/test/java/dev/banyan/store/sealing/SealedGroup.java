package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.GroupSecrets;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.MemberId;
import dev.banyan.capsule.SigningKey;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// A group with an operator, for tests: makes members, of which it knows the keys.
public final class SealedGroup {

  private static final int EPOCH = 3;

  public final Crypto crypto = JcaCrypto.fastest();
  private final SplittableRandom random;
  private final SigningKey operator;
  private final CapsuleGroup group;
  private final byte[] secret;
  private final Map<NodeId, SigningKey> keys = new HashMap<>();
  public final Set<Long> revoked = new HashSet<>();

  public SealedGroup(long seed) {
    random = new SplittableRandom(seed);
    operator = JcaCrypto.signingKey(bytes(32));
    group = new CapsuleGroup(bytes(16), bytes(32));
    secret = bytes(32);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// A new member's id.
  public NodeId member() {
    SigningKey key = JcaCrypto.signingKey(bytes(32));
    NodeId id = new NodeId(MemberId.of(crypto, key.publicKey()));
    keys.put(id, key);
    return id;
  }

  public Sealing sealing(NodeId member, Session session) {
    return new Capsules(crypto, membership(member), session, random.split());
  }

  public Membership membership(NodeId member) {
    SigningKey key = keys.get(member);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator,
            group.id(),
            key.publicKey(),
            Certificate.Kind.CLIENT,
            Certificate.WRITES,
            0,
            Long.MAX_VALUE,
            new byte[32]);
    return new StandingMembership(
        crypto,
        key,
        certificate,
        operator.publicKey(),
        group,
        new GroupSecrets(crypto, new GroupSecret(EPOCH, secret)),
        revoked::contains,
        () -> 0);
  }
}
