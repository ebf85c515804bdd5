package dev.banyan.host.links;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What TLS 1.3 has signed in a handshake (RFC 8446, section 4.4.3): 64 blanks, who signs, a zero, the hash of the
/// handshake. Nothing else that a node's key signs looks like it: what Banyan signs begins with "banyan/", an X.509 certificate with 0x30.
public final class HandshakeContent {

  private static final int BLANKS = 64;

  /// Of SHA-256 and of SHA-384.
  private static final List<Integer> HASH_BYTES = List.of(32, 48);

  private static final List<byte[]> BEGINNINGS =
      List.of(
          beginning("TLS 1.3, server CertificateVerify"),
          beginning("TLS 1.3, client CertificateVerify"));

  private HandshakeContent() {}

  private static byte[] beginning(String context) {
    return (" ".repeat(BLANKS) + context + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  /// Whether these bytes are that, and nothing more.
  public static boolean is(byte[] content) {
    return BEGINNINGS.stream()
        .anyMatch(begins ->
            HASH_BYTES.contains(content.length - begins.length)
                && Arrays.equals(content, 0, begins.length, begins, 0, begins.length));
  }
}
