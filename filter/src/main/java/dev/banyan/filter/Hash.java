package dev.banyan.filter;

/// For structures that do not take the bits of a tag as they are.
final class Hash {

  private Hash() {}

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection on 64 bits.
  static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long x = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  /// A second hash, as good as independent of the first, from the first.
  static long again(long hash) {
    return mix(hash + 0x9E3779B97F4A7C15L);
  }

  /// A hash as a number below `bound` (Lemire, "Fast Random Integer Generation in an Interval", 2019).
  static long below(long bound, long hash) {
    return Math.unsignedMultiplyHigh(hash, bound);
  }
}
