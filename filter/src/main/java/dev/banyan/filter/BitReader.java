package dev.banyan.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Bits out of bytes that a stranger may have written, most significant first. Beyond the end it reads zeros;
/// [#finish] tells whether it came to that.
final class BitReader {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// At least so many bits of [#peek] are the next ones.
  private static final int PEEK_BITS = 57;

  private final byte[] bytes;
  private long position;

  BitReader(byte[] bytes, int fromByte) {
    this.bytes = bytes;
    position = fromByte * 8L;
  }

  /// The next 57 bits (or more), left-aligned.
  long peek() {
    int index = (int) (position >>> 3);
    int shift = (int) position & 7;
    if (index + Long.BYTES <= bytes.length) {
      return (long) LONGS.get(bytes, index) << shift;
    }
    long window = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      window = window << 8 | (index + i < bytes.length ? bytes[index + i] & 0xff : 0);
    }
    return window << shift;
  }

  void skip(int width) {
    position += width;
  }

  /// The next `width` bits (0 to 64), right-aligned.
  long read(int width) {
    if (width == 0) {
      return 0;
    }
    if (width > PEEK_BITS) {
      long high = read(width - Integer.SIZE);
      return high << Integer.SIZE | read(Integer.SIZE);
    }
    long value = peek() >>> (Long.SIZE - width);
    position += width;
    return value;
  }

  /// Whole bits that are left; negative after reading beyond the end.
  long bitsLeft() {
    return bytes.length * 8L - position;
  }

  /// @throws IllegalArgumentException unless all bytes were read, no more, and what fills up the last is zero
  void finish() {
    long left = bitsLeft();
    if (left < 0) {
      throw new IllegalArgumentException("the set ends early");
    }
    if (left >= 8 || read((int) left) != 0) {
      throw new IllegalArgumentException("something follows the set");
    }
  }
}
