package dev.banyan.filter;

import java.util.Arrays;

/// Sets of tags on the wire: sorted, cut to their first `width` bits, and written as gaps in an adaptive Golomb code
/// ([GapWriter]) between the first and the last. A set of n uniform tags at width w costs n (w - log2 n + 1.47) bits: 11.5 bits a tag where one stranger
/// in a thousand is taken for a member (w = log2 n + 10), close to the entropy, 11.4.
///
/// In memory a set is an ascending array (signed, as [java.util.Arrays#sort(long[])] leaves it) of prefixes: tags whose
/// bits behind the first `width` are zero. Equal sets at equal width are equal bytes, and nothing else decodes to them.
///
/// ```
/// byte    width, 1 to 64
/// varint  count (LEB128, shortest form)
/// bits    the numbers of the prefixes, (p xor 2^63) >>> (64 - width): the first, and then the last, in `width` bits each;
///         then for each of those between, ascending, the gap code of how far it is from the first
/// bits    zeros up to the next whole byte
/// ```
///
/// Short codes want tags whose leading bits are uniform; any others are merely longer, at most 88 bits a tag.
public final class TagSetCodec {

  static final int MAX_WIDTH = Long.SIZE;
  private static final int MAX_HEADER_BYTES = 6;

  private TagSetCodec() {}

  /// The tag without what lies behind its first `width` bits (1 to 64).
  public static long truncate(long tag, int width) {
    return tag & (-1L << (Long.SIZE - width));
  }

  /// The fewest bits at which a set of so many uniform tags takes a stranger for a member no more often than that.
  ///
  /// @param falsePositiveRate above 0, at most 1
  public static int widthFor(long count, double falsePositiveRate) {
    if (count < 0 || !(falsePositiveRate > 0) || falsePositiveRate > 1) {
      throw new IllegalArgumentException(count + " tags at a rate of " + falsePositiveRate);
    }
    int width = 1;
    while (width < MAX_WIDTH && count > falsePositiveRate * Math.scalb(1.0, width)) {
      width++;
    }
    return width;
  }

  /// The set of these tags at a width.
  public static long[] prefixes(long[] tags, int width) {
    checkWidth(width);
    long[] prefixes = tags.clone();
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = truncate(prefixes[i], width);
    }
    Arrays.sort(prefixes);
    return distinct(prefixes);
  }

  /// @param prefixes ascending, all different, nothing behind their first `width` bits
  /// @throws IllegalArgumentException when they are not
  public static byte[] encode(long[] prefixes, int width) {
    checkWidth(width);
    checkSet(prefixes, width);
    BitWriter out = new BitWriter(expectedBytes(prefixes.length, width));
    out.put(width, 8);
    putVarint(out, prefixes.length);
    NumberRun.put(out, prefixes, width, false);
    return out.toBytes();
  }

  /// The width of an encoded set.
  ///
  /// @throws IllegalArgumentException when these are no encoded set
  public static int width(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("a tag set has at least a width");
    }
    return checkWidth(bytes[0] & 0xff);
  }

  /// Decodes a set; ascending. Allocates eight bytes a tag, for no more tags than are taken and than the bytes have bits.
  ///
  /// @param maxTags the most tags to take
  /// @throws IllegalArgumentException on anything [#encode] does not write, with one line saying what is wrong
  public static long[] decode(byte[] bytes, int maxTags) {
    int width = width(bytes);
    BitReader in = new BitReader(bytes, 1);
    int count = readVarint(in, maxTags);
    long[] prefixes = readAll(in, count, width);
    in.finish();
    return prefixes;
  }

  /// An ascending array without repetitions; the same array where there are none.
  static long[] distinct(long[] ascending) {
    int count = 0;
    for (long tag : ascending) {
      if (count == 0 || ascending[count - 1] != tag) {
        ascending[count++] = tag;
      }
    }
    return count == ascending.length ? ascending : Arrays.copyOf(ascending, count);
  }

  static long[] readAll(BitReader in, int count, int width) {
    checkRoom(in, count);
    long[] prefixes = new long[count];
    NumberRun.read(in, prefixes, width, false);
    return prefixes;
  }

  /// Every gap takes a bit at least: more tags than bits are not allocated.
  static void checkRoom(BitReader in, int count) {
    if (count > in.bitsLeft()) {
      throw new IllegalArgumentException(count + " tags in " + in.bitsLeft() + " bits");
    }
  }

  static int checkWidth(int width) {
    if (width < 1 || width > MAX_WIDTH) {
      throw new IllegalArgumentException("a width of " + width + " bits");
    }
    return width;
  }

  /// @throws IllegalArgumentException unless the prefixes ascend and have no more than `width` bits
  static void checkSet(long[] prefixes, int width) {
    checkAscending(prefixes, width);
    for (int i = 1; i < prefixes.length; i++) {
      if (prefixes[i] == prefixes[i - 1]) {
        throw new IllegalArgumentException("a tag is there twice");
      }
    }
  }

  /// @throws IllegalArgumentException unless none is below the one before and all have no more than `width` bits
  static void checkAscending(long[] prefixes, int width) {
    for (int i = 0; i < prefixes.length; i++) {
      if (i > 0 && prefixes[i] < prefixes[i - 1]) {
        throw new IllegalArgumentException("tags are not in ascending order");
      }
      if (truncate(prefixes[i], width) != prefixes[i]) {
        throw new IllegalArgumentException("a tag has more than " + width + " bits");
      }
    }
  }

  static int expectedBytes(int count, int width) {
    int bits = Math.max(2, width + 3 - GapWriter.bitLength(count));
    return (int) Math.min(Integer.MAX_VALUE / 2, (long) count * bits / 8 + MAX_HEADER_BYTES);
  }

  private static void putVarint(BitWriter out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.put(rest & 0x7f | 0x80, 8);
      rest >>>= 7;
    }
    out.put(rest, 8);
  }

  private static int readVarint(BitReader in, int max) {
    long value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      long next = in.read(8);
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new IllegalArgumentException("a count is written longer than it need be");
        }
        if (value > max) {
          throw new IllegalArgumentException(value + " tags, at most " + max + " are taken");
        }
        return (int) value;
      }
    }
    throw new IllegalArgumentException("a count of more than 32 bits");
  }
}
