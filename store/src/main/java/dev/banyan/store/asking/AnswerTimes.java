package dev.banyan.store.asking;

/// How long answers take here, by the rules of RFC 6298: where nodes are busy or far away, whoever waits for an answer
/// has to wait for longer, or everything is asked and said again while the first is still on its way.
///
/// Bounded: somebody who answers late on purpose makes this worker a little slower to repeat a question, no more.
public final class AnswerTimes {

  /// In least timeouts.
  private static final int MOST = 4;

  private final long leastNanos;
  private boolean measured;
  private long smoothedNanos;
  private long variationNanos;

  /// @param leastNanos no timeout is shorter
  public AnswerTimes(long leastNanos) {
    this.leastNanos = leastNanos;
  }

  /// An answer has come, after so long. Each answer names its question, so also those count that came after another
  /// question for the same was sent.
  void took(long nanos) {
    long bounded = Math.min(nanos, MOST * leastNanos);
    if (measured) {
      variationNanos += (Math.abs(smoothedNanos - bounded) - variationNanos) / 4;
      smoothedNanos += (bounded - smoothedNanos) / 8;
    } else {
      measured = true;
      smoothedNanos = bounded;
      variationNanos = bounded / 2;
    }
  }

  /// After which an answer is late.
  public long timeoutNanos() {
    return Math.clamp(smoothedNanos + 4 * variationNanos, leastNanos, MOST * leastNanos);
  }
}
