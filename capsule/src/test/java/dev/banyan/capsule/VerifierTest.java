package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Certificate.Kind;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Whose batches are believed, and what they open to.
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerifierTest {

  private final Samples samples = new Samples(3);
  private final Verifier verifier = new Verifier(Samples.CRYPTO);

  @Test
  void another_group_and_another_roster_are_refused() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 3);
    Certificate.Checked writer = writer(samples.writer, Kind.CLIENT, Certificate.WRITES, 0);
    CapsuleGroup group = new CapsuleGroup(samples.bytes(16), samples.group.rosterHash());
    assertRefused(() -> verifier.verify(batch, group, writer), Fault.FOREIGN, "of another group");
    CapsuleGroup roster = new CapsuleGroup(samples.group.id(), samples.bytes(32));
    assertRefused(() -> verifier.verify(batch, roster, writer), Fault.FORGED, "not signed");
  }

  @Test
  void another_writer_is_refused() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 3);
    SigningKey stranger = JcaCrypto.signingKey(samples.bytes(32));
    Certificate.Checked other = writer(stranger, Kind.CLIENT, Certificate.WRITES, 0);
    assertRefused(
        () -> verifier.verify(batch, samples.group, other), Fault.FORGED, "of another writer");
    // Who puts his own name into the header has not signed it.
    byte[] renamed = batch.bytes().clone();
    System.arraycopy(other.certificate().encoded(), 17, renamed, 6, 8);
    assertRefused(
        () -> verifier.verify(Batch.parse(renamed), samples.group, other),
        Fault.FORGED,
        "not signed");
  }

  @Test
  void a_batch_that_comes_again_in_parts_costs_one_signature() throws Exception {
    int[] verified = {0};
    Verifier counting =
        new Verifier(
            new ForwardingCrypto(Samples.CRYPTO) {
              @Override
              public boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
                verified[0]++;
                return super.verifies(publicKey, message, signature);
              }
            });
    Batch batch = samples.batch(samples.sealer(), 8);
    Certificate.Checked writer = writer(samples.writer, Kind.CLIENT, Certificate.WRITES, 0);
    for (int kept = 0; kept < 8; kept++) {
      int index = kept;
      Batch part = batch.keeping(Samples.CRYPTO, i -> i == index);
      counting.verify(Batch.parse(part.bytes()), samples.group, writer);
    }
    assertThat(verified[0]).isEqualTo(1);
    // Whatever was changed of one whose signature is remembered is found out.
    for (int i = 6; i < batch.bytes().length; i++) {
      byte[] changed = batch.bytes().clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> counting.verify(Batch.parse(changed), samples.group, writer))
          .isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void who_may_not_write_is_refused() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 3);
    for (Kind kind : Kind.values()) {
      Certificate.Checked reader = writer(samples.writer, kind, 0, 0);
      assertRefused(
          () -> verifier.verify(batch, samples.group, reader), Fault.FORBIDDEN, "may not write");
    }
  }

  @Test
  void nobody_writes_into_epochs_before_belonging_to_the_group() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 3);
    Certificate.Checked late = writer(samples.writer, Kind.CLIENT, Certificate.WRITES, 8);
    assertRefused(
        () -> verifier.verify(batch, samples.group, late),
        Fault.UNTIMELY,
        "a batch of epoch 7, of a writer that belongs to the group from epoch 8");
    Certificate.Checked then = writer(samples.writer, Kind.CLIENT, Certificate.WRITES, 7);
    assertThat(verifier.verify(batch, samples.group, then).batch()).isSameAs(batch);
  }

  @Test
  void the_secret_of_another_group_opens_nothing() throws Exception {
    Verifier.Verified verified = samples.verified(samples.batch(samples.sealer(), 3));
    GroupSecret other = new GroupSecret(7, samples.bytes(32));
    Opener opener = new Opener(Samples.CRYPTO, new GroupSecrets(Samples.CRYPTO, other));
    assertRefused(() -> opener.open(verified), Fault.FORGED, "record 0 is not sealed with");
  }

  /// Whoever holds the signing key of the writer but not the group's secret.
  @Test
  void the_part_in_clear_and_the_header_are_sealed_too() throws Exception {
    Batch batch = samples.batch(samples.sealer(), 2);
    byte[] bytes = batch.bytes();
    int session = 14;
    int lamport = 55;
    int salt = 56;
    for (int at : List.of(5, session, lamport, salt, Batch.BODY, Batch.BODY + 1)) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Batch other = Batch.parse(changed);
      byte[] signature =
          Samples.CRYPTO.sign(
              samples.writer,
              Batch.signedBytes(samples.group, changed, other.root(Samples.CRYPTO)));
      System.arraycopy(signature, 0, changed, BatchHeader.BYTES, signature.length);
      Verifier.Verified verified = samples.verified(Batch.parse(changed));
      assertRefused(() -> samples.opener().open(verified), Fault.FORGED, "is not sealed with");
    }
  }

  @Test
  void the_same_text_is_sealed_otherwise_each_time() {
    Plain first = new Plain(1, 9, 0, new long[0], new long[0], new byte[64]);
    Batch one = seal(new Sealer(Samples.CRYPTO, samples.writer, 1, 2), first, samples.bytes(16));
    Batch other = seal(new Sealer(Samples.CRYPTO, samples.writer, 1, 2), first, samples.bytes(16));
    assertThat(one.record(0).sealed().bytes()).isNotEqualTo(other.record(0).sealed().bytes());
    Sealer same = samples.sealer();
    byte[] salt = samples.bytes(16);
    Plain second = new Plain(2, 9, 0, new long[0], new long[0], new byte[64]);
    assertThat(sealed(seal(same, first, salt))).isNotEqualTo(sealed(seal(same, second, salt)));
  }

  private Batch seal(Sealer sealer, Plain record, byte[] salt) {
    return sealer.seal(samples.group, samples.secret, List.of(record), salt);
  }

  private static byte[] sealed(Batch batch) {
    Crypto.Slice sealed = batch.record(0).sealed();
    return Arrays.copyOfRange(sealed.bytes(), sealed.offset(), sealed.offset() + sealed.length());
  }

  @Test
  void secrets_and_texts_are_never_printed() {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 0x5a);
    SigningKey key = JcaCrypto.signingKey(secret);
    assertThat(
            new GroupSecret(3, secret)
                + key.toString()
                + new Sealer(Samples.CRYPTO, key, 0, 0)
                + new Plain(1, 1, 0, new long[0], new long[0], secret))
        .doesNotContain("5a5a", "90, 90")
        .contains("GroupSecret[of epoch 3]", "SigningKey[of ");
  }

  private Certificate.Checked writer(SigningKey key, Kind kind, int rights, int fromEpoch)
      throws CapsuleException {
    return samples.checked(samples.certificate(key, kind, rights, fromEpoch));
  }

  static void assertRefused(ThrowingCallable what, Fault fault, String because) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(CapsuleException.class, e -> assertThat(e.fault()).isEqualTo(fault))
        .hasMessageContaining(because);
  }
}
