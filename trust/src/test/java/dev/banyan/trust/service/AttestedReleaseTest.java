package dev.banyan.trust.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.Token;
import dev.banyan.trust.attestation.Evidence;
import dev.banyan.trust.attestation.Platform;
import dev.banyan.trust.attestation.Policy;
import dev.banyan.trust.attestation.SimulatedPlatform;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Secrets for those alone whose quotes satisfy a policy.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AttestedReleaseTest {

  private static final HexFormat HEX = HexFormat.of();

  private Bench bench;
  private NodeIdentity member;
  private byte[] program;
  private byte[] seed;
  private SimulatedPlatform platform;

  @BeforeEach
  void starts() throws Exception {
    bench = new Bench();
    member = bench.member();
    program = bench.samples.bytes(Crypto.HASH_BYTES);
    seed = bench.samples.bytes(32);
    platform = platform(program);
    demand("measurement " + HEX.formatHex(program));
  }

  private SimulatedPlatform platform(byte[] measurement) {
    return new SimulatedPlatform(JcaCrypto.fastest(), seed, measurement);
  }

  private void demand(String measurement) throws Policy.SyntaxException {
    bench.service.demand(
        Optional.of(
            Policy.parse(
                "# lab\nplatform simulated "
                    + HEX.formatHex(platform.publicKey())
                    + "\n"
                    + measurement
                    + " # v1\n")));
  }

  private Answer asks(Platform by) throws Exception {
    return bench.asks(member, Bench.life(1), HeadReport.NONE, false, Optional.of(by));
  }

  private void isRefused(Answer answer, String counter, String why) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.mayPass()).isFalse());
    assertThat(Bench.why(answer)).contains(why).hasLineCount(1);
    assertThat(bench.service.counters()).containsEntry(counter, 1L);
  }

  @Test
  void a_program_that_is_allowed_is_admitted_and_given_secrets_and_its_certificate_says_by_what()
      throws Exception {
    Token token = bench.granted();
    Answer joined = bench.joins(token, bench.joiner(), Optional.of(platform));
    assertThat(joined).isInstanceOf(Answer.Joined.class);
    assertThat(asks(platform)).isInstanceOf(Answer.Released.class);
    byte[] evidence = ((Answer.Joined) joined).certificate().evidenceHash();
    assertThat(evidence)
        .isNotEqualTo(bench.samples.grant(token).evidenceHash(Bench.CRYPTO, new byte[0]));
  }

  @Test
  void without_a_policy_no_quote_is_asked_for_and_one_that_comes_is_not_vouched_for()
      throws Exception {
    bench.service.demand(Optional.empty());
    Token token = bench.granted();
    Answer joined = bench.joins(token, bench.joiner(), Optional.of(platform(new byte[32])));
    assertThat(((Answer.Joined) joined).certificate().evidenceHash())
        .isEqualTo(bench.samples.grant(token).evidenceHash(Bench.CRYPTO, new byte[0]));
    assertThat(bench.asks(member, Bench.life(1))).isInstanceOf(Answer.Released.class);
  }

  @Test
  void who_shows_no_quote_is_refused() throws Exception {
    isRefused(bench.asks(member, Bench.life(1)), "quotes_missing", "no quote came");
    Token token = bench.granted();
    assertThat(Bench.why(bench.joins(token, bench.joiner(), Optional.empty())))
        .contains("--platform FILE");
    assertThat(bench.service.state().rosterSize()).isZero();
    SigningKey joiner = bench.joiner();
    assertThat(bench.joins(token, joiner, Optional.of(platform))).isInstanceOf(Answer.Joined.class);
    assertThat(Bench.why(bench.joins(token, joiner, Optional.empty())))
        .as("who was admitted before")
        .contains("no quote came");
  }

  @Test
  void a_program_that_is_not_allowed_is_refused_and_its_measurement_named() throws Exception {
    byte[] other = bench.samples.bytes(32);
    isRefused(asks(platform(other)), "quotes_of_unknown_programs", HEX.formatHex(other));
    demand("measurement any");
    assertThat(asks(platform(other))).isInstanceOf(Answer.Released.class);
  }

  @Test
  void a_platform_that_is_not_allowed_is_refused_and_named() throws Exception {
    SimulatedPlatform other =
        new SimulatedPlatform(JcaCrypto.fastest(), bench.samples.bytes(32), program);
    isRefused(asks(other), "quotes_of_unknown_platforms", HEX.formatHex(other.publicKey()));
  }

  @Test
  void a_quote_for_other_keys_is_refused() throws Exception {
    isRefused(
        asks(_ -> platform.quote(bench.samples.bytes(64))),
        "quotes_of_other_keys",
        "other keys than those of who asks");
  }

  @Test
  void a_quote_that_was_made_for_another_member_is_refused() throws Exception {
    byte[][] taken = new byte[1][];
    bench.asks(
        bench.member(),
        Bench.life(2),
        HeadReport.NONE,
        false,
        Optional.of(data -> taken[0] = platform.quote(data)));
    isRefused(asks(_ -> taken[0]), "quotes_of_other_keys", "other keys than those of who asks");
  }

  @Test
  void a_quote_that_was_changed_in_a_bit_is_refused() throws Exception {
    for (int at = 0; at < 194; at += 3) {
      int bit = at;
      Answer answer =
          asks(data -> {
            byte[] quote = platform.quote(data);
            quote[bit] ^= 4;
            return quote;
          });
      assertThat(answer).as("byte %d", at).isInstanceOf(Answer.Refused.class);
    }
    assertThat(bench.service.counters()).containsKey("quotes_forged");
  }

  @Test
  void a_quote_of_before_is_a_repetition_whatever_it_is_said_to_be_for() throws Exception {
    SealingKey key = SealingKey.of(bench.samples.bytes(SealingKey.SEED_BYTES));
    Hello before = bench.service.hello(Bench.NOW);
    byte[] publicKey = member.certificate().publicKey();
    Evidence old = Evidence.of(platform, key.publicKey(), publicKey, before.nonce());
    isRefused(asksWith(key, _ -> old), "quotes_replayed", "it is a repetition");
    isRefused(
        asksWith(key, nonce -> new Evidence(nonce, old.quote())),
        "quotes_of_other_keys",
        "other keys than those of who asks");
    assertThat(asksWith(key, nonce -> Evidence.of(platform, key.publicKey(), publicKey, nonce)))
        .isInstanceOf(Answer.Released.class);
  }

  private Answer asksWith(SealingKey key, Function<byte[], Evidence> evidence) throws Exception {
    Hello hello = bench.service.hello(Bench.NOW);
    byte[] request =
        Request.renewal(
            Bench.CRYPTO,
            new Request.Renewal(
                member.certificate(),
                hello.nonce(),
                key.publicKey(),
                0,
                Optional.empty(),
                false,
                Bench.life(1),
                HeadReport.NONE,
                Optional.of(evidence.apply(hello.nonce()).bytes())),
            member.key());
    return bench.service.answer(hello, request, _ -> Optional.empty(), bench.now());
  }
}
