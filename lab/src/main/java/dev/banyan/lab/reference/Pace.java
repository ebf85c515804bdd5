package dev.banyan.lab.reference;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How fast tasks come and how fast they work, in virtual time.
///
/// The published simulator sleeps in real time, and its sleeps end late: one task every 10 ms is one in about 11.1 ms in
/// effect, one every 1 ms one in about 2 (both follow from how long its runs took). Which tasks overlap decides what is
/// forwarded, so the delays are part of the model. That of the sleeps before updates is fitted to the packets it
/// measured; they hardly depend on it.
///
/// @param taskGapNanos between two tasks
/// @param meanUpdateGapNanos mean of the exponential sleep before each update
/// @param updateLateNanos what is added to each of these sleeps
public record Pace(long taskGapNanos, long meanUpdateGapNanos, long updateLateNanos) {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double UPDATE_LATE_MILLIS = 0.4;

  /// From so many workers on. See [#fittedTo512Tasks].
  private static final NavigableMap<Integer, Double> FITTED_MILLIS =
      new TreeMap<>(Map.of(1, 1.2, 27, 1.85, 81, 1.9, 243, 2.0, 729, 2.15));

  public Pace {
    if (taskGapNanos < 0 || meanUpdateGapNanos < 0 || updateLateNanos < 0) {
      throw new IllegalArgumentException("gaps must not be negative");
    }
  }

  /// As published.
  ///
  /// @param taskGapMillis in effect: 11.1 where it was to be 10, 2 where it was to be 1
  /// @param workFactor divides the mean sleep of 10 ms
  public static Pace published(double taskGapMillis, double workFactor) {
    if (!(workFactor > 0)) {
      throw new IllegalArgumentException("the work factor must be above 0");
    }
    return new Pace(nanos(taskGapMillis), nanos(10 / workFactor), nanos(UPDATE_LATE_MILLIS));
  }

  /// One task every 1 ms, with the gap in effect that fits best what was published of 512 tasks, tree and star together.
  /// How late sleeps end depends on what else the one loop has to do, so the gap is fitted for each size; the published
  /// means are of three trials, and what they owe to chance is fitted with the rest. Without a fit, 2 ms.
  ///
  /// @param workers of the configuration, at least 1
  public static Pace fittedTo512Tasks(int workers) {
    return published(FITTED_MILLIS.floorEntry(workers).getValue(), 1);
  }

  private static long nanos(double millis) {
    return Math.round(millis * NANOS_PER_MILLI);
  }
}
