package dev.banyan.capsule;

import java.nio.ByteBuffer;

/// Numbers from 0 to 2^63 - 1 in seven bits a byte, lowest first (LEB128), in their shortest form.
public final class Varint {

  private Varint() {}

  public static int size(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  public static void put(ByteBuffer out, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("no number below zero is written: " + value);
    }
    long rest = value;
    while (rest > 0x7f) {
      out.put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /// @throws CapsuleException for a number that is cut short, too large, or longer than it need be
  public static long get(ByteBuffer in) throws CapsuleException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (!in.hasRemaining()) {
        throw CapsuleException.malformed("a number is cut short");
      }
      int next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        if (next == 0 && shift > 0) {
          throw CapsuleException.malformed("a number is written longer than it need be");
        }
        return value;
      }
    }
    throw CapsuleException.malformed("a number of more than 63 bits");
  }
}
