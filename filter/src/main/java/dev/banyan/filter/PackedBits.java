package dev.banyan.filter;

/// Arrays of bits, and of numbers of any width without gaps between them, least significant first. Arrays end in one
/// word more than their bits need, so that two neighbouring words can be read without asking.
final class PackedBits {

  private PackedBits() {}

  static long[] allocate(long bits) {
    return new long[words(bits)];
  }

  static int words(long bits) {
    return Math.toIntExact((bits + Long.SIZE - 1) / Long.SIZE) + 1;
  }

  /// The number of `width` bits (1 to 63) that starts at a bit.
  static long get(long[] words, long bit, int width) {
    int word = (int) (bit >>> 6);
    int shift = (int) bit & 63;
    long value = words[word] >>> shift | (words[word + 1] << 1) << (63 - shift);
    return value & ~(-1L << width);
  }

  static void set(long[] words, long bit, int width, long value) {
    int word = (int) (bit >>> 6);
    int shift = (int) bit & 63;
    long mask = ~(-1L << width);
    words[word] = words[word] & ~(mask << shift) | value << shift;
    if (shift + width > Long.SIZE) {
      int written = Long.SIZE - shift;
      words[word + 1] = words[word + 1] & ~(mask >>> written) | value >>> written;
    }
  }

  /// Sets a number where all bits are zero.
  static void setFresh(long[] words, long bit, int width, long value) {
    int word = (int) (bit >>> 6);
    int shift = (int) bit & 63;
    words[word] |= value << shift;
    if (shift + width > Long.SIZE) {
      words[word + 1] = value >>> (Long.SIZE - shift);
    }
  }

  static boolean isSet(long[] words, int bit) {
    return (words[bit >>> 6] >>> bit & 1) != 0;
  }

  static void setBit(long[] words, int bit) {
    words[bit >>> 6] |= 1L << bit;
  }

  static void clearBit(long[] words, int bit) {
    words[bit >>> 6] &= ~(1L << bit);
  }

  /// Whether a bit is set from this one on.
  static boolean hasBitsFrom(long[] words, long bit) {
    int word = (int) (bit >>> 6);
    long found = words[word] & -1L << bit;
    for (int i = word + 1; i < words.length; i++) {
      found |= words[i];
    }
    return found != 0;
  }

  /// The place of the set bit that has `rank` set bits between it and `from`; there must be one. By PDEP, as Pandey,
  /// Bender and Johnson, "A fast x86 implementation of select" (2017).
  static int select(long[] words, int from, int rank) {
    int at = from >>> 6;
    long word = words[at] & -1L << from;
    int left = rank;
    int ones = Long.bitCount(word);
    while (ones <= left) {
      left -= ones;
      word = words[++at];
      ones = Long.bitCount(word);
    }
    return at << 6 | Long.numberOfTrailingZeros(Long.expand(1L << left, word));
  }

  /// Moves the bits of [from, to) up by `width` (1 to 63), over what follows them; what they leave is zero.
  static void shiftUp(long[] words, long from, long to, int width) {
    if (from == to) {
      return;
    }
    long end = to + width;
    int low = (int) (from >>> 6);
    int high = (int) ((end - 1) >>> 6);
    long above = aboveMask(end);
    long below = ~(-1L << from);
    long keptAbove = words[high] & above;
    long keptBelow = words[low] & below;
    words[low] &= ~below;
    for (int i = high; i > low; i--) {
      words[i] = words[i] << width | words[i - 1] >>> -width;
    }
    words[low] = words[low] << width | keptBelow;
    words[high] = words[high] & ~above | keptAbove;
  }

  /// Moves the bits of [from + width, to) down to `from`; what they leave is zero.
  static void shiftDown(long[] words, long from, long to, int width) {
    int low = (int) (from >>> 6);
    int high = (int) ((to - 1) >>> 6);
    long above = aboveMask(to);
    long below = ~(-1L << from);
    long keptAbove = words[high] & above;
    long keptBelow = words[low] & below;
    words[high] &= ~above;
    for (int i = low; i < high; i++) {
      words[i] = words[i] >>> width | words[i + 1] << -width;
    }
    words[high] >>>= width;
    words[low] = words[low] & ~below | keptBelow;
    words[high] |= keptAbove;
  }

  /// The bits of the word before `end` that are not below it.
  private static long aboveMask(long end) {
    return (end & 63) == 0 ? 0 : -1L << end;
  }
}
