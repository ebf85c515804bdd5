package dev.banyan.sim;

import dev.banyan.protocol.WallClock;
import java.time.Duration;

/// The wall clock of a host, by default right: virtual time began in November 2026. It outlives what runs on the host.
public final class SimClock implements WallClock {

  /// The time of day at which every run begins.
  static final long BEGIN_MILLIS = 1_795_770_000_000L;

  private long wrongMillis;
  private long driftPpm;

  /// How wrong it is from now on, before any drift; negative for slow.
  public void wrongBy(Duration by) {
    wrongMillis = by.toMillis();
  }

  /// By how many millionths it runs too fast, from the beginning of the run; negative for too slow.
  public void drifts(long ppm) {
    driftPpm = ppm;
  }

  /// What a right clock shows.
  public static long trueMillis(long nowNanos) {
    return BEGIN_MILLIS + nowNanos / 1_000_000;
  }

  @Override
  public long millisAt(long nowNanos) {
    long sinceMillis = nowNanos / 1_000_000;
    return trueMillis(nowNanos) + wrongMillis + sinceMillis * driftPpm / 1_000_000;
  }
}
