package dev.banyan.store;

import dev.banyan.protocol.TreeClock;

/// Lamport times as numbers of 62 bits: 42 bits of milliseconds since 1970, then 20 bits that count.
public final class Lamport {

  /// The greatest there is.
  public static final long MAX = 1L << 62;

  private static final int COUNTER_BITS = 20;

  private Lamport() {}

  /// The time of day at which a Lamport time was given.
  public static long millis(long lamport) {
    return lamport >>> COUNTER_BITS;
  }

  /// The first Lamport time of that millisecond.
  public static long at(long millis) {
    return Math.clamp(millis, 0, TreeClock.MAX_MILLIS) << COUNTER_BITS;
  }

  /// The same Lamport time so much later.
  public static long moved(long lamport, long millis) {
    long count = lamport & ((1L << COUNTER_BITS) - 1);
    return Math.max(1, at(millis(lamport) + millis) + count);
  }
}
