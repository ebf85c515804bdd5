package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.SigningKey;
import dev.banyan.trust.FieldReader;
import dev.banyan.trust.GroupConfig;
import dev.banyan.trust.Purpose;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// How far the key service had come when it answered, signed by it. Members keep the newest and show it when they ask: so a service that was put back to an
/// older state is told so by the first who knows better.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 4 | key epoch |
/// | 4 | how many members were admitted |
/// | 32 | hash of the roster of these |
/// | 64 | signature of "banyan/standing/1" ‖ all of the above, by the key service |
///
/// @param rosterHash not copied
@SuppressWarnings("ArrayRecordComponent")
public record Standing(int epoch, int rosterSize, byte[] rosterHash, byte[] bytes) {

  private static final int VERSION = 1;
  private static final int SIGNED_BYTES = 1 + CapsuleGroup.ID_BYTES + 4 + 4 + Crypto.HASH_BYTES;
  public static final int BYTES = SIGNED_BYTES + Crypto.SIGNATURE_BYTES;

  static Standing sign(
      Crypto crypto, SigningKey service, byte[] group, int epoch, int size, byte[] hash) {
    byte[] message =
        ByteBuffer.allocate(SIGNED_BYTES)
            .put((byte) VERSION)
            .put(group)
            .putInt(epoch)
            .putInt(size)
            .put(hash)
            .array();
    byte[] signature = Purpose.STANDING.sign(crypto, service, message);
    byte[] bytes = ByteBuffer.allocate(BYTES).put(message).put(signature).array();
    return new Standing(epoch, size, hash, bytes);
  }

  /// @throws CapsuleException for bytes that are none, or of another group, or not signed by its key service
  public static Standing read(Crypto crypto, byte[] bytes, GroupConfig config)
      throws CapsuleException {
    FieldReader in = new FieldReader(bytes, BYTES, "a standing", VERSION);
    byte[] group = in.take(CapsuleGroup.ID_BYTES);
    int epoch = in.natural();
    int size = in.natural();
    byte[] hash = in.take(Crypto.HASH_BYTES);
    in.take(Crypto.SIGNATURE_BYTES);
    in.end();
    if (!Arrays.equals(group, config.group())) {
      throw new CapsuleException(Fault.FOREIGN, "a standing of another group");
    }
    if (!Purpose.STANDING.signedBy(crypto, config.service(), bytes)) {
      throw new CapsuleException(Fault.FORGED, "a standing that the key service has not signed");
    }
    return new Standing(epoch, size, hash, bytes.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Standing standing && Arrays.equals(bytes, standing.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Standing[epoch " + epoch + ", " + rosterSize + " members]";
  }
}
