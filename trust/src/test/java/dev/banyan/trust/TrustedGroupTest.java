package dev.banyan.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.Revocations.Entry;
import dev.banyan.trust.Revocations.What;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Whom a node believes, and who is let in.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TrustedGroupTest {

  private static final Crypto CRYPTO = TrustSamples.CRYPTO;
  private static final long NOW = TrustSamples.NOW;
  private final TrustSamples samples = new TrustSamples(3);
  private final TrustedGroup group = new TrustedGroup(CRYPTO, samples.config, samples.none);

  @Test
  void a_certificate_counts_until_it_expires_or_is_revoked() throws Exception {
    Certificate certificate = samples.certificate(samples.bytes(32), Kind.ROUTER);
    assertThat(group.verify(certificate, 0, NOW).certificate()).isEqualTo(certificate);
    FormatsTest.assertRefused(() -> group.verify(certificate, 0, NOW + 1_001), Fault.UNTIMELY);

    assertThat(group.learn(samples.revoked(What.NODE, certificate.id()).bytes())).isTrue();
    FormatsTest.assertRefused(() -> group.verify(certificate, 0, NOW), Fault.REVOKED);
    // A token's id is no node's.
    TrustedGroup other =
        new TrustedGroup(CRYPTO, samples.config, samples.revoked(What.TOKEN, certificate.id()));
    assertThat(other.verify(certificate, 0, NOW)).isNotNull();
  }

  @Test
  void nobody_but_the_operator_admits_anybody() {
    byte[] seed = samples.bytes(32);
    SigningKey own = JcaCrypto.signingKey(seed);
    Certificate forged =
        Certificate.issue(
            CRYPTO,
            own,
            samples.config.group(),
            own.publicKey(),
            Kind.ROOT,
            0,
            0,
            NOW + 9,
            new byte[32]);
    FormatsTest.assertRefused(() -> group.verify(forged, 0, NOW), Fault.FORGED);
  }

  @Test
  void an_older_list_changes_nothing_and_a_later_one_takes_nothing_back() throws Exception {
    Revocations one = samples.revoked(What.NODE, 1);
    Revocations two = with(one, 2);
    assertThat(group.learn(two.bytes())).isTrue();
    assertThat(group.learn(two.bytes())).isFalse();
    assertThat(group.learn(one.bytes())).isFalse();
    assertThat(group.learn(samples.none.bytes())).isFalse();
    assertThat(group.revocations().orElseThrow().number()).isEqualTo(2);

    // The operator's folder was put back to a copy from before, and went on from there.
    Revocations forgetful = with(with(samples.revoked(What.NODE, 3), 4), 5);
    FormatsTest.assertRefused(() -> group.learn(forgetful.bytes()), Fault.FORGED);
    for (Revocations sameNumber : List.of(with(one, 9), with(one, 1))) {
      FormatsTest.assertRefused(() -> group.learn(sameNumber.bytes()), Fault.FORGED);
    }
    assertThat(group.revocations().orElseThrow().revokedSeconds(What.NODE, 2)).hasValue(NOW + 5);
    assertThat(group.learn(with(two, 1).bytes())).isTrue();
    assertThat(group.revocations().orElseThrow().revokedSeconds(What.NODE, 1)).hasValue(NOW);
  }

  private Revocations with(Revocations list, long id) {
    return list.with(
        CRYPTO,
        samples.operator.key(),
        samples.operator.group(),
        List.of(new Entry(What.NODE, id)),
        NOW + 5);
  }

  @Test
  void who_has_the_secret_of_a_token_is_admitted_with_a_key_of_its_own() throws Exception {
    Token token = Token.parse(CRYPTO, samples.token().text(CRYPTO));
    TokenGrant grant = samples.grant(token);
    SigningKey joiner = JcaCrypto.signingKey(samples.bytes(32));
    Admission admission = Admission.read(CRYPTO, request(token, joiner));
    assertThat(admission.check(CRYPTO, grant, samples.none, NOW)).isEqualTo(joiner.publicKey());
    assertThat(admission.token()).isEqualTo(token.id());

    FormatsTest.assertRefused(
        () -> admission.check(CRYPTO, grant, samples.none, NOW + 1_001), Fault.UNTIMELY);
    FormatsTest.assertRefused(
        () -> admission.check(CRYPTO, grant, samples.revoked(What.TOKEN, token.id()), NOW),
        Fault.REVOKED);
    FormatsTest.assertRefused(
        () -> admission.check(CRYPTO, samples.grant(samples.token()), samples.none, NOW),
        Fault.FOREIGN);
    Token guessed =
        Token.of(
            CRYPTO,
            samples.config,
            token.id(),
            samples.bytes(16),
            token.roots(),
            token.keyService());
    Admission without = Admission.read(CRYPTO, request(guessed, joiner));
    FormatsTest.assertRefused(() -> without.check(CRYPTO, grant, samples.none, NOW), Fault.FORGED);
  }

  private byte[] request(Token token, SigningKey joiner) {
    return Admission.request(
        CRYPTO,
        token,
        joiner,
        samples.bytes(Admission.NONCE_BYTES),
        samples.bytes(Admission.SEALING_KEY_BYTES));
  }
}
