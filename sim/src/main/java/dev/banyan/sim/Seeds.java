package dev.banyan.sim;

import java.util.SplittableRandom;

/// One seed, and generators of their own for everybody: what one of them draws does not move the others.
public final class Seeds {

  private Seeds() {}

  /// A generator that depends on the seed and on what it is for.
  public static SplittableRandom fork(long seed, String purpose) {
    return new SplittableRandom(mix(seed, purpose.hashCode()));
  }

  public static long mix(long seed, long purpose) {
    long z = seed * 0x9E3779B97F4A7C15L + purpose * 0xD1B54A32D192ED03L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
