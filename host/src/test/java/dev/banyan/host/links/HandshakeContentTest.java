package dev.banyan.host.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandshakeContentTest {

  private static byte[] content(String context, int hashBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(" ".repeat(64).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(context.getBytes(StandardCharsets.US_ASCII));
    out.write(0);
    out.writeBytes(new byte[hashBytes]);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS 1.3, server CertificateVerify", "TLS 1.3, client CertificateVerify"})
  void what_tls_has_signed_is_a_handshake(String context) {
    assertThat(HandshakeContent.is(content(context, 32))).isTrue();
    assertThat(HandshakeContent.is(content(context, 48))).isTrue();
  }

  @Test
  void nothing_else_is() {
    byte[] good = content("TLS 1.3, client CertificateVerify", 32);
    for (int at = 0; at < good.length - 32; at++) {
      byte[] changed = good.clone();
      changed[at] ^= 1;
      assertThat(HandshakeContent.is(changed)).as("byte " + at).isFalse();
    }
    for (int length = 0; length < 200; length++) {
      if (length != good.length && length != good.length + 16) {
        assertThat(HandshakeContent.is(Arrays.copyOf(good, length))).as("" + length).isFalse();
      }
    }
    for (String signed :
        new String[] {"banyan/batch/1", "banyan/admission/1", "banyan/renewal/1"}) {
      byte[] begins = Arrays.copyOf(signed.getBytes(StandardCharsets.US_ASCII), good.length);
      assertThat(HandshakeContent.is(begins)).isFalse();
    }
  }
}
