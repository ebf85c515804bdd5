package dev.banyan.sim.reference;

/// How fast tasks come and how fast they work, in virtual time.
///
/// The published simulator sleeps in real time, and its sleeps end late: one task every 10 ms takes about 11.1 ms in
/// effect. What tasks overlap decides what is forwarded, so the delays are part of the model. That of the sleeps before
/// updates is fitted to its measured packets; the fit hardly depends on it.
///
/// @param taskGapNanos between two tasks
/// @param meanUpdateGapNanos mean of the exponential sleep before each update
/// @param updateLateNanos what is added to each of these sleeps
public record Pace(long taskGapNanos, long meanUpdateGapNanos, long updateLateNanos) {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double TASK_LATE_MILLIS = 1.1;
  private static final double UPDATE_LATE_MILLIS = 0.4;

  public Pace {
    if (taskGapNanos < 0 || meanUpdateGapNanos < 0 || updateLateNanos < 0) {
      throw new IllegalArgumentException("gaps must not be negative");
    }
  }

  /// As published.
  ///
  /// @param taskGapMillis nominal: 10, or 1 in the version that fits the figure scripts
  /// @param workFactor divides the mean sleep of 10 ms
  public static Pace published(double taskGapMillis, double workFactor) {
    if (!(workFactor > 0)) {
      throw new IllegalArgumentException("the work factor must be above 0");
    }
    return new Pace(
        nanos(taskGapMillis + TASK_LATE_MILLIS), nanos(10 / workFactor), nanos(UPDATE_LATE_MILLIS));
  }

  private static long nanos(double millis) {
    return Math.round(millis * NANOS_PER_MILLI);
  }
}
