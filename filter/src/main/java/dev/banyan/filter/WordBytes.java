package dev.banyan.filter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Filters that are an array of words, as bytes: format, a parameter, the number of words in 4 bytes, the words; little
/// endian.
final class WordBytes {

  static final int HEADER_BYTES = 6;

  private WordBytes() {}

  static byte[] encode(byte format, int parameter, long[] words) {
    ByteBuffer out = allocate(HEADER_BYTES + words.length * Long.BYTES);
    out.put(format).put((byte) parameter).putInt(words.length);
    out.asLongBuffer().put(words);
    return out.array();
  }

  static ByteBuffer allocate(int sizeBytes) {
    return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The bytes behind the format.
  static ByteBuffer read(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(1);
  }

  /// The parameter, 1 to `max`.
  static int parameter(ByteBuffer in, int max) {
    int parameter = in.hasRemaining() ? in.get() & 0xff : 0;
    if (parameter < 1 || parameter > max) {
      throw new IllegalArgumentException("a parameter of " + parameter + ", not 1 to " + max);
    }
    return parameter;
  }

  /// The words, which are all that is left.
  static long[] words(ByteBuffer in) {
    int count = in.remaining() < Integer.BYTES ? 0 : in.getInt();
    if (count < 1 || in.remaining() != (long) count * Long.BYTES) {
      throw new IllegalArgumentException(count + " words in " + in.remaining() + " bytes");
    }
    long[] words = new long[count];
    in.asLongBuffer().get(words);
    return words;
  }
}
