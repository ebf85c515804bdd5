package dev.banyan.trust.service;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.trust.FieldReader;
import java.nio.ByteBuffer;

/// One process that has an identity, from its start to its end: 128 random bits.
public record Life(long high, long low) {

  static final int BYTES = 2 * Long.BYTES;

  /// @param random [#BYTES] fresh random bytes
  public static Life of(byte[] random) {
    ByteBuffer in = ByteBuffer.wrap(random);
    return new Life(in.getLong(), in.getLong());
  }

  static Life read(FieldReader in) throws CapsuleException {
    return new Life(in.id(), in.id());
  }
}
