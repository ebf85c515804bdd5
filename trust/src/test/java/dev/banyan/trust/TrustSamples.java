package dev.banyan.trust;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import java.util.List;
import java.util.SplittableRandom;

/// A group that a seed fixes.
public final class TrustSamples {

  public static final Crypto CRYPTO = JcaCrypto.fastest();
  public static final long NOW = 1_800_000_000;
  static final Stretching CHEAP = new Stretching(64, 1, 1);

  final SplittableRandom random;
  final byte[] seed;
  public final OperatorKey operator;
  public final ServiceKey service;
  public final GroupConfig config;
  public final Revocations none;

  public TrustSamples(long seed) {
    random = new SplittableRandom(seed);
    this.seed = bytes(32);
    byte[] group = bytes(16);
    service = ServiceKey.of(group, bytes(ServiceKey.SEED_BYTES));
    operator = OperatorKey.of(group, this.seed, service.first(CRYPTO));
    config = config(1, new GroupConfig.Terms("main", 3, 86_400));
    none = Revocations.none(CRYPTO, operator.key(), operator.group(), NOW);
  }

  GroupConfig config(int number, GroupConfig.Terms terms) {
    return GroupConfig.sign(
        CRYPTO,
        operator.key(),
        operator.group(),
        service.key().publicKey(),
        operator.keys(),
        number,
        terms);
  }

  public byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  public Certificate certificate(byte[] seedOfNode, Kind kind) {
    return Certificate.issue(
        CRYPTO,
        operator.key(),
        operator.group(),
        JcaCrypto.signingKey(seedOfNode).publicKey(),
        kind,
        kind == Kind.CLIENT ? Certificate.WRITES : 0,
        0,
        NOW + 1_000,
        new byte[32]);
  }

  public NodeIdentity identity(Kind kind) throws CapsuleException {
    byte[] seedOfNode = bytes(32);
    return NodeIdentity.of(
        CRYPTO, seedOfNode, certificate(seedOfNode, kind), operator.keys(), config);
  }

  public Token token() {
    return Token.of(
        CRYPTO,
        config,
        random.nextLong(),
        bytes(16),
        List.of("a.example:7070", "[::1]:7071"),
        "k.example:7069");
  }

  public TokenGrant grant(Token token) {
    return TokenGrant.sign(
        CRYPTO, operator.key(), token, Kind.CLIENT, Certificate.WRITES, NOW + 1_000);
  }

  public Revocations revoked(Revocations.What what, long id) {
    return none.with(
        CRYPTO, operator.key(), operator.group(), List.of(new Revocations.Entry(what, id)), NOW);
  }
}
