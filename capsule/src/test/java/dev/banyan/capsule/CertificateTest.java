package dev.banyan.capsule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertificateTest {

  private final Samples samples = new Samples(2);
  private final Certificate certificate =
      Certificate.issue(
          Samples.CRYPTO,
          samples.operator,
          samples.group.id(),
          samples.writer.publicKey(),
          Certificate.Kind.CLIENT,
          Certificate.WRITES,
          5,
          2_000_000_000,
          samples.bytes(32));

  @Test
  void what_the_operator_has_signed_is_believed() throws Exception {
    Certificate read = Certificate.parse(certificate.encoded());
    assertThatCode(() -> check(read, samples.group.id(), 5, 1_999_999_999))
        .doesNotThrowAnyException();
    assertThat(read.encoded()).isEqualTo(certificate.encoded()).hasSize(Certificate.BYTES);
    assertThat(read.kind()).isEqualTo(Certificate.Kind.CLIENT);
    assertThat(read.mayWrite()).isTrue();
  }

  @Test
  void every_bit_that_is_flipped_is_noticed() {
    byte[] bytes = certificate.encoded();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(
              () -> check(Certificate.parse(changed), samples.group.id(), 5, 1_999_999_999))
          .as("bit " + bit)
          .isInstanceOf(CapsuleException.class);
    }
  }

  @Test
  void it_counts_in_its_group_and_in_its_time_only() {
    assertThatThrownBy(() -> check(certificate, samples.bytes(16), 5, 0))
        .hasMessage("a certificate of another group");
    assertThatThrownBy(() -> check(certificate, samples.group.id(), 5, 2_000_000_001))
        .hasMessage("a certificate that expired at 2000000000");
    assertThatThrownBy(() -> check(certificate, samples.group.id(), 4, 0))
        .hasMessage("a certificate that begins with epoch 5");
  }

  @Test
  void nobody_but_a_client_may_write_and_no_right_is_granted_that_nobody_knows() {
    for (Certificate.Kind kind :
        List.of(Certificate.Kind.ROOT, Certificate.Kind.ROUTER, Certificate.Kind.OBSERVER)) {
      assertThatThrownBy(() -> samples.certificate(samples.writer, kind, Certificate.WRITES, 0))
          .hasMessage("a certificate for a " + kind + " with the rights 1");
    }
    assertThatThrownBy(() -> samples.certificate(samples.writer, Certificate.Kind.CLIENT, 3, 0))
        .hasMessage("a certificate for a CLIENT with the rights 3");
  }

  @Test
  void a_certificate_of_an_id_that_is_not_its_keys_is_refused_even_if_the_operator_signed_it() {
    byte[] bytes = certificate.encoded();
    bytes[17] ^= 1;
    byte[] label = "banyan/cert/1".getBytes(StandardCharsets.US_ASCII);
    byte[] message = Arrays.copyOf(label, label.length + 106);
    System.arraycopy(bytes, 0, message, label.length, 106);
    System.arraycopy(Samples.CRYPTO.sign(samples.operator, message), 0, bytes, 106, 64);
    assertThatThrownBy(() -> check(Certificate.parse(bytes), samples.group.id(), 5, 0))
        .hasMessage("a certificate whose id is not that of its key");
  }

  @Test
  void a_key_that_nobody_can_own_gets_no_certificate() {
    assertThatThrownBy(() ->
            Certificate.issue(
                Samples.CRYPTO,
                samples.operator,
                samples.group.id(),
                new byte[32],
                Certificate.Kind.CLIENT,
                0,
                0,
                0,
                new byte[32]))
        .hasMessage("32 bytes that are no Ed25519 public key");
  }

  @Test
  void what_no_certificate_is_written_as_is_refused() {
    byte[] bytes = certificate.encoded();
    assertMalformed(Arrays.copyOf(bytes, 169), "a certificate has 170 bytes, not 169");
    assertMalformed(Arrays.copyOf(bytes, 171), "a certificate has 170 bytes, not 171");
    assertMalformed(changed(bytes, 0, 2), "a certificate of version 2");
    assertMalformed(changed(bytes, 57, 0), "a certificate for a node of kind 0");
    assertMalformed(changed(bytes, 57, 5), "a certificate for a node of kind 5");
    assertMalformed(changed(bytes, 57, 2), "a certificate for a ROUTER with the rights 1");
    assertMalformed(changed(bytes, 62, 0x40), "from epoch 1073741829");
    assertMalformed(changed(bytes, 66, 0x80), "until -");
  }

  private static byte[] changed(byte[] bytes, int at, int to) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) to;
    return changed;
  }

  private static void assertMalformed(byte[] bytes, String because) {
    assertThatThrownBy(() -> Certificate.parse(bytes))
        .isInstanceOf(CapsuleException.class)
        .hasMessageContaining(because);
  }

  @Test
  void nobody_but_the_operator_makes_one() {
    Certificate forged =
        Certificate.issue(
            Samples.CRYPTO,
            samples.writer,
            samples.group.id(),
            samples.writer.publicKey(),
            Certificate.Kind.ROOT,
            0,
            0,
            2_000_000_000,
            new byte[32]);
    assertThatThrownBy(() -> check(forged, samples.group.id(), 5, 0))
        .hasMessage("a certificate that its issuer has not signed");
  }

  private void check(Certificate read, byte[] group, int epoch, long now) throws CapsuleException {
    read.check(Samples.CRYPTO, samples.operator.publicKey(), group, epoch, now);
  }
}
