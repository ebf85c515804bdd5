package dev.banyan.trust.service;

import dev.banyan.capsule.Activation;
import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Revocations;
import dev.banyan.trust.Token;
import dev.banyan.trust.TokenGrant;
import dev.banyan.trust.TrustSamples;
import dev.banyan.trust.attestation.Platform;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A key service with a disk and a clock, and those who ask it.
final class Bench {

  static final Crypto CRYPTO = TrustSamples.CRYPTO;
  static final long NOW = TrustSamples.NOW;

  final TrustSamples samples = new TrustSamples(1);
  final Disk disk = new Disk();
  Revocations revocations = samples.none;
  KeyService service;
  long upSeconds = 1_000;
  private final int lastEpoch;
  private final Map<Long, TokenGrant> grants = new HashMap<>();

  Bench() throws IOException, CapsuleException {
    this(new KeyService.Rules(1_000, 30).lastEpoch());
  }

  Bench(int lastEpoch) throws IOException, CapsuleException {
    this.lastEpoch = lastEpoch;
    service = opened();
  }

  private KeyService opened() throws IOException, CapsuleException {
    KeyService opened =
        KeyService.open(
            JcaCrypto.fastest(),
            samples.service,
            samples.config,
            new KeyService.Rules(1_000, 30, lastEpoch),
            samples::bytes,
            disk);
    opened.learn(revocations.bytes(), now());
    return opened;
  }

  void restart() throws IOException, CapsuleException {
    service = opened();
  }

  Moment now() {
    return new Moment(NOW, upSeconds);
  }

  NodeIdentity member() throws CapsuleException {
    return samples.identity(Kind.CLIENT);
  }

  Token granted() {
    Token token = samples.token();
    grants.put(token.id(), samples.grant(token));
    return token;
  }

  SigningKey joiner() {
    return JcaCrypto.signingKey(samples.bytes(32));
  }

  void revoke(NodeIdentity... members) throws IOException, CapsuleException {
    for (NodeIdentity each : members) {
      revoke(List.of(new Revocations.Entry(Revocations.What.NODE, each.certificate().id())));
    }
  }

  void revoke(List<Revocations.Entry> entries) throws IOException, CapsuleException {
    revocations =
        revocations.with(CRYPTO, samples.operator.key(), samples.operator.group(), entries, NOW);
    service.learn(revocations.bytes(), now());
  }

  Optional<Activation> close() throws IOException, CapsuleException {
    return service.close(now());
  }

  static Life life(long of) {
    return new Life(of, of);
  }

  /// A member asks, in a process of its own, and reports.
  Answer asks(NodeIdentity member, HeadReport report) throws CapsuleException {
    return asks(member, life(member.certificate().id()), report, false, Optional.empty());
  }

  Answer asks(NodeIdentity member, Life life) throws CapsuleException {
    return asks(member, life, HeadReport.NONE, false, Optional.empty());
  }

  Answer asks(
      NodeIdentity member, Life life, HeadReport report, boolean ends, Optional<Platform> platform)
      throws CapsuleException {
    Hello hello = service.hello(NOW);
    Conversation conversation = conversation(hello, platform);
    return answer(
        hello,
        conversation,
        conversation.renew(
            member, new Conversation.Known(0, Optional.empty(), life, report, ends)));
  }

  Answer joins(Token token, SigningKey key, Optional<Platform> platform) throws CapsuleException {
    Hello hello = service.hello(NOW);
    Conversation conversation = conversation(hello, platform);
    return answer(hello, conversation, conversation.join(token, key));
  }

  private Conversation conversation(Hello hello, Optional<Platform> platform) {
    return new Conversation(
        CRYPTO,
        samples.config,
        hello,
        SealingKey.of(samples.bytes(SealingKey.SEED_BYTES)),
        platform);
  }

  private Answer answer(Hello hello, Conversation conversation, byte[] request)
      throws CapsuleException {
    return conversation.read(
        service.answer(hello, request, id -> Optional.ofNullable(grants.get(id)), now()).bytes());
  }

  static String why(Answer answer) {
    return switch (answer) {
      case Answer.Refused refused -> refused.why();
      case Answer.Second second -> second.why();
      case Answer.Joined _, Answer.Released _, Answer.Begun _ ->
          throw new AssertionError("not refused: " + answer);
    };
  }
}
