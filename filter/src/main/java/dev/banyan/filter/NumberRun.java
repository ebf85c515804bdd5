package dev.banyan.filter;

/// Ascending numbers of a known count: the first and the last as they are, and what is between them as gaps ([GapWriter])
/// in just that room. So a part of a set costs no more than its share of the whole, and it does not matter if all lie in
/// one half.
final class NumberRun {

  private NumberRun() {}

  /// @param tags ascending (as signed numbers), nothing behind their first `width` bits
  /// @param repeats whether a tag may come several times; then no tag has 64 bits
  static void put(BitWriter out, long[] tags, int width, boolean repeats) {
    int count = tags.length;
    if (count == 0) {
      return;
    }
    long first = number(tags[0], width);
    out.put(first, width);
    if (count == 1) {
      return;
    }
    long last = number(tags[count - 1], width);
    out.put(last, width);
    GapWriter gaps = new GapWriter(out, room(first, last, count, repeats), count - 2);
    for (int i = 1; i < count - 1; i++) {
      gaps.put(number(tags[i], width) - first - 1 + (repeats ? i : 0));
    }
  }

  /// @param tags to be filled
  /// @throws IllegalArgumentException when the bits are no such run, or end early
  static void read(BitReader in, long[] tags, int width, boolean repeats) {
    int count = tags.length;
    if (count == 0) {
      return;
    }
    long first = in.read(width);
    tags[0] = tag(first, width);
    if (count > 1) {
      long last = in.read(width);
      long least = repeats ? 0 : count - 1L;
      if (Long.compareUnsigned(last, first) < 0 || Long.compareUnsigned(last - first, least) < 0) {
        throw new IllegalArgumentException(count + " tags do not fit between first and last");
      }
      tags[count - 1] = tag(last, width);
      GapReader gaps = new GapReader(in, room(first, last, count, repeats), count - 2);
      for (int i = 1; i < count - 1; i++) {
        tags[i] = tag(gaps.next() + first + 1 - (repeats ? i : 0), width);
        checkNotEnded(in);
      }
    }
    checkNotEnded(in);
  }

  /// The largest number there can be between first and last, counted from the lowest one. Numbers that may repeat are
  /// told with their places added, which makes them all different.
  private static long room(long first, long last, int count, boolean repeats) {
    return last - first - 2 + (repeats ? count - 1 : 0);
  }

  /// In the order of signed tags.
  private static long number(long tag, int width) {
    return (tag ^ Long.MIN_VALUE) >>> (Long.SIZE - width);
  }

  private static long tag(long number, int width) {
    return number << (Long.SIZE - width) ^ Long.MIN_VALUE;
  }

  private static void checkNotEnded(BitReader in) {
    if (in.bitsLeft() < 0) {
      throw new IllegalArgumentException("the set ends early");
    }
  }
}
