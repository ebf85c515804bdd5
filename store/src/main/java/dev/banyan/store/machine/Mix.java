package dev.banyan.store.machine;

/// Spreads a few words over 64 bits, for checksums of sets: no secret is in it, and none protected by it.
public final class Mix {

  private Mix() {}

  public static long of(long a, long b, long c) {
    return mix(mix(mix(a + 0x9E3779B97F4A7C15L) + b) + c);
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
