package dev.banyan.store.sealing;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.Issuers;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.MemberId;
import dev.banyan.capsule.Release;
import dev.banyan.capsule.SigningKey;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Sealing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A group that lasts as long as this object: it is its operator, admits members, knows all keys and gives them out. For simulations, and
/// for trees in one process.
public final class LocalGroup {

  /// The last epoch that this group can have: secrets are made from the far end.
  private static final int LAST_EPOCH = 1_023;

  private final Supplier<? extends Crypto> cryptos;
  private final Crypto crypto;
  private final RandomGenerator random;
  private final LongSupplier clock;
  private final SigningKey operator;
  private final byte[] group;
  private final GroupSecret last;

  private record Member(SigningKey key, int rights) {}

  private final Map<NodeId, Member> keys = new LinkedHashMap<>();
  private final Set<Long> revoked = new LinkedHashSet<>();

  /// Of each member, what its lives seal with.
  private final Map<NodeId, List<Capsules>> lives = new LinkedHashMap<>();

  private final List<Activation> activations = new ArrayList<>();
  private final List<Activation.Close> closes = new ArrayList<>();

  /// Of members that were left out, the last epoch that they knew.
  private final Map<NodeId, Integer> leftIn = new LinkedHashMap<>();

  /// A group that nobody leaves, and whose clock stands still.
  public LocalGroup(Supplier<? extends Crypto> cryptos, RandomGenerator random) {
    this(cryptos, random, () -> 0);
  }

  /// @param cryptos gives each member one of its own, as each may run on another thread
  /// @param random for all keys and salts, of all members: from a cryptographic source that several threads may use, but in a
  ///     simulation
  /// @param clock seconds since 1970, as all members see it
  public LocalGroup(
      Supplier<? extends Crypto> cryptos, RandomGenerator random, LongSupplier clock) {
    this.cryptos = cryptos;
    this.clock = clock;
    crypto = cryptos.get();
    this.random = random;
    operator = JcaCrypto.signingKey(bytes(Crypto.KEY_BYTES));
    group = bytes(CapsuleGroup.ID_BYTES);
    last = new GroupSecret(LAST_EPOCH, bytes(Crypto.KEY_BYTES));
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

  /// From now on, nothing is taken of this member, until an epoch begins that says how far what it wrote still counts.
  public void revoke(NodeId member) {
    revoked.add(member.value());
    remove(member);
  }

  /// The member is left out when the next epoch begins: what it has sealed so far counts, and nothing of what it seals from now on.
  public void remove(NodeId member) {
    remove(
        member,
        lives.getOrDefault(member, List.of()).stream()
            .map(life -> new Sealing.Head(member, life.session(), life.lastBatch()))
            .toList());
  }

  /// As above, but what counts is what others hold of it.
  ///
  /// @param held what they say, each for itself
  public void remove(NodeId member, List<Sealing.Head> held) {
    if (leftIn.putIfAbsent(member, activations.size()) != null) {
      return;
    }
    closes.add(new Activation.Close(member.value(), 0, 0, 0));
    Map<Session, Long> numbers = new LinkedHashMap<>();
    for (Sealing.Head head : held) {
      if (head.writer().equals(member)) {
        numbers.merge(head.session(), head.number(), Math::max);
      }
    }
    numbers.forEach((session, number) ->
        closes.add(new Activation.Close(member.value(), session.high(), session.low(), number)));
  }

  /// Makes the next epoch.
  ///
  /// @param fromSeconds when members begin to seal in it
  public void rotate(long fromSeconds) {
    byte[] roster = bytes(Crypto.HASH_BYTES);
    activations.add(
        Activation.sign(
            crypto,
            operator,
            group,
            activations.size() + 1,
            fromSeconds,
            keys.size(),
            roster,
            closes));
  }

  /// All that a member is to know by now.
  ///
  /// @param known the newest epoch that it knows already
  public Release release(int known) {
    return release(known, activations.size());
  }

  private Release release(int known, int newest) {
    return new Release(
        last.at(crypto, newest),
        activations.subList(Math.clamp(known, 0, Math.max(0, newest - 1)), newest));
  }

  /// The newest epoch.
  public int epoch() {
    return activations.size();
  }

  /// What a life of a member seals with: it knows all epochs there are by now, or were when it left.
  public Sealing sealing(NodeId member, Session session) {
    return sealing(member, session, clock);
  }

  /// As above, where the member's own clock may be wrong.
  public Sealing sealing(NodeId member, Session session, LongSupplier seconds) {
    Capsules capsules = capsules(member, member, session, seconds);
    lives.computeIfAbsent(member, _ -> new ArrayList<>()).add(capsules);
    return capsules;
  }

  /// What a member that has turned bad says in the name of another: with that one's certificate, and its own signature. For
  /// whoever tests that it is not believed.
  public Sealing impostor(NodeId member, NodeId inTheNameOf, Session session) {
    return capsules(member, inTheNameOf, session, clock);
  }

  private Capsules capsules(NodeId signer, NodeId owner, Session session, LongSupplier seconds) {
    Crypto own = cryptos.get();
    Membership membership = membership(own, signer, owner, seconds);
    int newest = leftIn.getOrDefault(signer, activations.size());
    if (newest > 0) {
      try {
        membership.learn(release(0, newest));
      } catch (CapsuleException e) {
        throw new IllegalStateException("a group that does not believe itself", e);
      }
    }
    return new Capsules(own, membership, session, random);
  }

  private int epochsBegun() {
    return (int)
        activations.stream()
            .filter(activation -> activation.fromSeconds() <= clock.getAsLong())
            .count();
  }

  private Member admitted(NodeId member) {
    Member admitted = keys.get(member);
    if (admitted == null) {
      throw new IllegalArgumentException(member + " was not admitted");
    }
    return admitted;
  }

  private Membership membership(Crypto own, NodeId signer, NodeId owner, LongSupplier seconds) {
    Member admitted = admitted(owner);
    Certificate certificate =
        Certificate.issue(
            crypto,
            operator,
            group,
            admitted.key().publicKey(),
            Certificate.Kind.CLIENT,
            admitted.rights(),
            leftIn.getOrDefault(owner, epochsBegun()),
            Long.MAX_VALUE,
            new byte[Crypto.HASH_BYTES]);
    return new RotatingMembership(
        own,
        admitted(signer).key(),
        certificate,
        new Issuers(operator.publicKey(), operator.publicKey()),
        group,
        last.at(own, 0),
        revoked::contains,
        seconds,
        _ -> {});
  }
}
