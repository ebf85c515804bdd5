package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.trust.Admission;
import dev.banyan.trust.FieldReader;
import java.nio.ByteBuffer;

/// What the key service says first on each link: 1 byte version: 1; 32 random bytes, which whatever is asked must repeat; its clock, 8 bytes, seconds
/// since 1970.
///
/// @param nonce not copied
@SuppressWarnings("ArrayRecordComponent")
public record Hello(byte[] nonce, long seconds) {

  private static final int VERSION = 1;
  public static final int BYTES = 1 + Admission.NONCE_BYTES + 8;

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).put((byte) VERSION).put(nonce).putLong(seconds).array();
  }

  /// @throws CapsuleException for bytes that are none
  public static Hello read(byte[] bytes) throws CapsuleException {
    FieldReader in = new FieldReader(bytes, BYTES, "a key service's greeting", VERSION);
    byte[] nonce = in.take(Admission.NONCE_BYTES);
    long seconds = in.seconds();
    in.end();
    return new Hello(nonce, seconds);
  }
}
