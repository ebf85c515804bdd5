package dev.banyan.bench;

import org.HdrHistogram.Histogram;

/// Times of one kind, to be told as percentiles in microseconds. Not thread-safe: one per thread, [#add]ed up at the
/// end.
final class Latencies {

  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  private final Histogram nanos = new Histogram(HIGHEST_NANOS, 3);

  void record(long valueNanos) {
    nanos.recordValue(Math.clamp(valueNanos, 0, HIGHEST_NANOS));
  }

  void add(Latencies other) {
    nanos.add(other.nanos);
  }

  void clear() {
    nanos.reset();
  }

  long count() {
    return nanos.getTotalCount();
  }

  double micros(double percentile) {
    return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) / 1e3;
  }

  double maxMicros() {
    return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getMaxValue() / 1e3;
  }
}
