package dev.banyan.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bits into bytes, most significant first; the last byte is filled up with zeros.
final class BitWriter {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int length;
  private long pending;
  private int free = Long.SIZE;

  /// @param expectedBytes what is allocated at first; more is allocated when it is needed
  BitWriter(int expectedBytes) {
    bytes = new byte[expectedBytes + Long.BYTES];
  }

  /// Appends the lowest `width` bits (0 to 64) of the value, which has no others.
  void put(long value, int width) {
    if (width < free) {
      pending |= value << (free - width);
      free -= width;
      return;
    }
    int rest = width - free;
    spill(pending | (value >>> rest));
    pending = rest == 0 ? 0 : value << (Long.SIZE - rest);
    free = Long.SIZE - rest;
  }

  /// What was put, in whole bytes.
  byte[] toBytes() {
    int used = length + (Long.SIZE - free + 7) / 8;
    spill(pending);
    return Arrays.copyOf(bytes, used);
  }

  private void spill(long eight) {
    if (length + Long.BYTES > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length + bytes.length / 2 + Long.BYTES);
    }
    LONGS.set(bytes, length, eight);
    length += Long.BYTES;
  }
}
