package dev.banyan.trust.attestation;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.trust.Admission;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.Purpose;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A quote with what it was made for, so that a repetition can be told from one that was made for other keys:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 32 | what the key service had said first on the link |
/// | rest | [Quote] over the SHA-512 of "banyan/quote/1" ‖ X-Wing public key ‖ Ed25519 public key ‖ the 32 bytes above |
///
/// @param nonce not copied
/// @param quote not copied
@SuppressWarnings("ArrayRecordComponent")
public record Evidence(byte[] nonce, byte[] quote) {

  private static final int VERSION = 1;
  public static final int MAX_BYTES = 1 + Admission.NONCE_BYTES + Platform.MAX_QUOTE_BYTES;

  /// Has a platform vouch for who asks.
  ///
  /// @param sealingKey X-Wing public key that secrets are to be sealed to
  /// @param publicKey of who asks
  /// @param nonce what the key service has said first
  public static Evidence of(Platform platform, byte[] sealingKey, byte[] publicKey, byte[] nonce) {
    return new Evidence(nonce, platform.quote(data(sealingKey, publicKey, nonce)));
  }

  /// What the quote must have been made over.
  static byte[] data(byte[] sealingKey, byte[] publicKey, byte[] nonce) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-512");
      hash.update(Purpose.QUOTE.bytes());
      hash.update(sealingKey);
      hash.update(publicKey);
      hash.update(nonce);
      return hash.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a Java without SHA-512", e);
    }
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(1 + nonce.length + quote.length)
        .put((byte) VERSION)
        .put(nonce)
        .put(quote)
        .array();
  }

  /// @throws CapsuleException for bytes that are none; the quote is not looked at
  public static Evidence read(byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, MAX_BYTES, "evidence", VERSION);
    byte[] nonce = in.take(Admission.NONCE_BYTES);
    return new Evidence(nonce, in.take(in.remaining()));
  }
}
