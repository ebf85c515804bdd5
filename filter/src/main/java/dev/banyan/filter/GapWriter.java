package dev.banyan.filter;

/// Writes ascending numbers below a bound as the gaps between them, each in a Golomb code (Golomb, "Run-length
/// encodings", IEEE Trans. Inf. Theory 1966) with truncated binary remainders (Gallager and van Voorhis, 1975).
///
/// The modulus is not written: both sides derive it anew for every gap from how many numbers are still to come and how
/// much room they have ([#modulus]). Of uniformly distributed numbers that costs 0.03 bits each more than the entropy;
/// where they are not (nothing lives in half of the range, say), one long gap, and the rest is right again. A quotient of
/// [#ESCAPE] or more is not written in unary; so no gap costs more than [#ESCAPE] and 64 bits, and no reader loops.
final class GapWriter {

  /// So many ones say that the gap follows in plain binary.
  static final int ESCAPE = 24;

  private final BitWriter out;
  private final long max;
  private long next;
  private int remaining;

  /// @param max the largest number that may come, unsigned
  /// @param count how many numbers will come
  GapWriter(BitWriter out, long max, int count) {
    this.out = out;
    this.max = max;
    remaining = count;
  }

  /// @param number above the one before and at most `max`, unsigned
  void put(long number) {
    long span = max - next;
    long modulus = modulus(span, remaining);
    long gap = number - next;
    long quotient = Long.divideUnsigned(gap, modulus);
    if (Long.compareUnsigned(quotient, ESCAPE) >= 0) {
      out.put((1L << ESCAPE) - 1, ESCAPE);
      out.put(gap, bitLength(span));
    } else {
      int ones = (int) quotient;
      out.put((2L << ones) - 2, ones + 1);
      putRemainder(gap - quotient * modulus, modulus);
    }
    next = number + 1;
    remaining--;
  }

  private void putRemainder(long remainder, long modulus) {
    int bits = bitLength(modulus - 1);
    long shorter = (1L << bits) - modulus;
    if (remainder < shorter) {
      out.put(remainder, bits - 1);
    } else {
      out.put(remainder + shorter, bits);
    }
  }

  /// About ln 2 times the mean gap to expect, which is the best modulus for geometric gaps; below 2^63.
  ///
  /// @param span the largest gap possible were this the last number, unsigned
  static long modulus(long span, int remaining) {
    long mean = Long.divideUnsigned(span, remaining + 1L);
    return Math.max(1, (mean >>> 1) + (mean >>> 3) + (mean >>> 4));
  }

  static int bitLength(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }
}
