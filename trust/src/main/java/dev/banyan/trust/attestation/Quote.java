package dev.banyan.trust.attestation;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.Purpose;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// What a platform says of a program, verified:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 1 | kind of platform: 1 simulated; the others are not known yet |
/// | 32 | the platform's public key |
/// | 32 | measurement of the program |
/// | 64 | what the program has said |
/// | 64 | signature of "banyan/simulated-quote/1" ‖ all of the above with the platform's key |
///
/// @param platform public key; not copied
/// @param measurement not copied
/// @param data not copied
@SuppressWarnings("ArrayRecordComponent")
public record Quote(byte[] platform, byte[] measurement, byte[] data) {

  private static final int VERSION = 1;
  private static final int SIMULATED = 1;
  private static final int SIGNED_BYTES =
      2 + Crypto.PUBLIC_KEY_BYTES + Crypto.HASH_BYTES + Platform.DATA_BYTES;

  static byte[] simulated(Crypto crypto, SigningKey platform, byte[] measurement, byte[] data) {
    byte[] message =
        ByteBuffer.allocate(SIGNED_BYTES)
            .put((byte) VERSION)
            .put((byte) SIMULATED)
            .put(platform.publicKey())
            .put(measurement)
            .put(data)
            .array();
    byte[] signature = Purpose.SIMULATED_QUOTE.sign(crypto, platform, message);
    return ByteBuffer.allocate(SIGNED_BYTES + signature.length).put(message).put(signature).array();
  }

  /// Verifies that the platform whose key is in it has made it: whether that is one to believe is for the [Policy].
  ///
  /// @throws CapsuleException for bytes that are none, or not signed by that platform
  public static Quote read(Crypto crypto, byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, Platform.MAX_QUOTE_BYTES, "a quote", VERSION);
    int kind = in.unsignedByte();
    if (kind != SIMULATED) {
      throw in.malformed("is of a kind of platform that this program does not know: " + kind);
    }
    byte[] platform = in.take(Crypto.PUBLIC_KEY_BYTES);
    byte[] measurement = in.take(Crypto.HASH_BYTES);
    byte[] data = in.take(Platform.DATA_BYTES);
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Purpose.SIMULATED_QUOTE.signedBy(crypto, platform, bytes)) {
      throw new CapsuleException(
          Fault.FORGED, "a quote that the platform whose key is in it has not signed");
    }
    return new Quote(platform, measurement, data);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return "Quote[of " + hex.formatHex(measurement) + " on " + hex.formatHex(platform) + "]";
  }
}
