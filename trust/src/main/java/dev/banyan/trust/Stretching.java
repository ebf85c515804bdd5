package dev.banyan.trust;

import dev.banyan.capsule.Crypto;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// How a passphrase becomes a key: Argon2id (RFC 9106), which costs whoever guesses as much memory as us.
///
/// @param memoryKib 8 to 1,048,576
/// @param iterations 1 to 64
/// @param lanes 1 to 16
public record Stretching(int memoryKib, int iterations, int lanes) {

  static final int SALT_BYTES = 16;

  /// The second of the two settings that RFC 9106, section 4, recommends, for machines without 2 GiB to spare.
  public static final Stretching DEFAULT = new Stretching(64 << 10, 3, 4);

  public Stretching {
    if (lanes < 1
        || lanes > 16
        || iterations < 1
        || iterations > 64
        || memoryKib < 8 * lanes
        || memoryKib > 1 << 20) {
      throw new IllegalArgumentException(
          "Argon2id with " + memoryKib + " KiB, " + iterations + " passes and " + lanes + " lanes");
    }
  }

  /// The same text gives the same key, however a keyboard composes its letters.
  byte[] key(char[] passphrase, byte[] salt) {
    String normal = Normalizer.normalize(CharBuffer.wrap(passphrase), Normalizer.Form.NFC);
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(normal);
    byte[] text = new byte[encoded.remaining()];
    encoded.get(text);
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(iterations)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] key = new byte[Crypto.KEY_BYTES];
    generator.generateBytes(text, key);
    Arrays.fill(text, (byte) 0);
    return key;
  }
}
