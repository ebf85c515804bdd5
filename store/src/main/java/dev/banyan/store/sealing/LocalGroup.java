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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A group that lasts as long as this object: it is its operator, admits members and knows all keys. For simulations, and for trees
/// in one process.
public final class LocalGroup {

  private static final int EPOCH = 1;

  private final Supplier<? extends Crypto> cryptos;
  private final Crypto crypto;
  private final RandomGenerator random;
  private final SigningKey operator;
  private final CapsuleGroup group;
  private final byte[] secret;

  private record Member(SigningKey key, int rights) {}

  private final Map<NodeId, Member> keys = new LinkedHashMap<>();
  private final Set<Long> revoked = new LinkedHashSet<>();

  /// @param cryptos gives each member one of its own, as each may run on another thread
  /// @param random for all keys and salts, of all members: from a cryptographic source that several threads may use, but in a
  ///     simulation
  public LocalGroup(Supplier<? extends Crypto> cryptos, RandomGenerator random) {
    this.cryptos = cryptos;
    crypto = cryptos.get();
    this.random = random;
    operator = JcaCrypto.signingKey(bytes(Crypto.KEY_BYTES));
    group = new CapsuleGroup(bytes(CapsuleGroup.ID_BYTES), bytes(Crypto.HASH_BYTES));
    secret = bytes(Crypto.KEY_BYTES);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Admits a new member, and names it.
  public NodeId admit() {
    return admit(Certificate.WRITES);
  }

  /// Admits one who may only read.
  public NodeId admitReader() {
    return admit(0);
  }

  private NodeId admit(int rights) {
    SigningKey key = JcaCrypto.signingKey(bytes(Crypto.KEY_BYTES));
    NodeId id = new NodeId(MemberId.of(crypto, key.publicKey()));
    keys.put(id, new Member(key, rights));
    return id;
  }

  /// From now on, nothing is taken of this member.
  public void revoke(NodeId member) {
    revoked.add(member.value());
  }

  /// What a life of a member seals with.
  public Sealing sealing(NodeId member, Session session) {
    Crypto own = cryptos.get();
    return new Capsules(own, membership(own, member, member), session, random);
  }

  /// What a member that has turned bad says in the name of another: with that one's certificate, and its own signature. For
  /// whoever tests that it is not believed.
  public Sealing impostor(NodeId member, NodeId inTheNameOf, Session session) {
    Crypto own = cryptos.get();
    return new Capsules(own, membership(own, member, inTheNameOf), session, random);
  }

  private Member admitted(NodeId member) {
    Member admitted = keys.get(member);
    if (admitted == null) {
      throw new IllegalArgumentException(member + " was not admitted");
    }
    return admitted;
  }

  private Membership membership(Crypto own, NodeId signer, NodeId owner) {
    Member admitted = admitted(owner);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator,
            group.id(),
            admitted.key().publicKey(),
            Certificate.Kind.CLIENT,
            admitted.rights(),
            EPOCH,
            Long.MAX_VALUE,
            new byte[Crypto.HASH_BYTES]);
    return new StandingMembership(
        own,
        admitted(signer).key(),
        certificate,
        operator.publicKey(),
        group,
        new GroupSecrets(own, new GroupSecret(EPOCH, secret)),
        revoked::contains,
        () -> 0);
  }
}
