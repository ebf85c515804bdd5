package dev.banyan.filter;

/// Reads what [GapWriter] wrote, or what a stranger says it did.
final class GapReader {

  private final BitReader in;
  private final long max;
  private long next;
  private int remaining;

  /// @throws IllegalArgumentException when so many different numbers do not exist
  GapReader(BitReader in, long max, int count) {
    if (count > 0 && Long.compareUnsigned(count - 1L, max) > 0) {
      throw new IllegalArgumentException(count + " tags do not fit into this width");
    }
    this.in = in;
    this.max = max;
    remaining = count;
  }

  /// The next number: above the last, and low enough to leave room for those that follow.
  ///
  /// @throws IllegalArgumentException when there is no such number, or it is not written in its one way
  long next() {
    long span = max - next;
    long modulus = GapWriter.modulus(span, remaining);
    int ones = Long.numberOfLeadingZeros(~in.peek());
    long gap = ones >= GapWriter.ESCAPE ? escaped(span, modulus) : coded(ones, modulus);
    remaining--;
    if (Long.compareUnsigned(gap, span - remaining) > 0) {
      throw new IllegalArgumentException("a tag is beyond the width");
    }
    long number = next + gap;
    next = number + 1;
    return number;
  }

  private long escaped(long span, long modulus) {
    in.skip(GapWriter.ESCAPE);
    long gap = in.read(GapWriter.bitLength(span));
    if (Long.compareUnsigned(Long.divideUnsigned(gap, modulus), GapWriter.ESCAPE) < 0) {
      throw new IllegalArgumentException("a gap is written longer than it need be");
    }
    return gap;
  }

  private long coded(int ones, long modulus) {
    in.skip(ones + 1);
    long multiple = ones * modulus;
    long gap = multiple + remainder(modulus);
    if (Math.unsignedMultiplyHigh(ones, modulus) != 0 || Long.compareUnsigned(gap, multiple) < 0) {
      throw new IllegalArgumentException("a tag is beyond the width");
    }
    return gap;
  }

  private long remainder(long modulus) {
    int bits = GapWriter.bitLength(modulus - 1);
    if (bits == 0) {
      return 0;
    }
    long shorter = (1L << bits) - modulus;
    long remainder = in.read(bits - 1);
    return remainder < shorter ? remainder : (remainder << 1 | in.read(1)) - shorter;
  }
}
