package dev.banyan.protocol;

/// The time of day that the tree agrees on, as one of its nodes knows it: the root's wall clock, handed down. It does not go
/// back when a root is replaced, or its clock is set back a little; only what is off by more than a day is a mistake that
/// was corrected, and followed back. A node that has never heard of it goes by its own wall clock.
public interface TreeClock {

  /// Times are below this: the year 2109.
  long MAX_MILLIS = (1L << 42) - 1;

  /// The tree's time as far as it is known here, else our own wall clock's; 1 to [#MAX_MILLIS].
  long millisAt(long nowNanos);

  /// Our own wall clock; 1 to [#MAX_MILLIS].
  long wallMillisAt(long nowNanos);

  /// Whether the tree's time was ever heard of, in this life.
  boolean known();

  /// When it was last heard of, in monotonic time.
  long heardAtNanos();

  /// By how much it was set back in all, as mistakes were corrected: what was stamped before is from the far future then.
  long correctedMillis();
}
