package dev.banyan.protocol;

/// The time of day as a machine believes it to be: it may be wrong by years, jump, or run too fast or too slow. What the
/// tree agrees on is [TreeClock].
@FunctionalInterface
public interface WallClock {

  /// Milliseconds since 1970, UTC.
  ///
  /// @param nowNanos the monotonic time of the event at hand, as given to [Machine#handle]: a simulated clock goes by it
  long millisAt(long nowNanos);
}
