package dev.banyan.store.asking;

/// How many bytes of answers this worker takes at a time: as many as its links carry in a moment, by how long the last
/// ones took. It doubles while that is fast, or makes the whole faster; it halves when a piece is very late or does not
/// come.
final class PieceSize {

  /// Below this what surrounds the records would weigh more than they do; a guess.
  static final int LEAST = 4 << 10;

  private static final int FIRST = 16 << 10;

  /// By how much the rate must grow for a larger piece to be worth it, if it is not fast.
  private static final double GAIN = 1.25;

  private final long timeoutNanos;
  private int bytes = FIRST;
  private double rate;
  private long tookNanos;

  PieceSize(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  int bytes() {
    return bytes;
  }

  /// How long a piece may be on its way.
  long waitNanos() {
    return Math.clamp(3 * tookNanos, timeoutNanos, 32 * timeoutNanos);
  }

  /// A piece of so many bytes came so long after it was asked for.
  void took(long size, long nanos) {
    tookNanos = Math.max(nanos, tookNanos / 2);
    double now = size / (double) Math.max(1, nanos);
    if (nanos > 4 * timeoutNanos) {
      smaller();
    } else if (size > bytes / 2 && (nanos < timeoutNanos / 2 || now > GAIN * rate)) {
      bytes = Math.min(2 * bytes, Question.MAX_PIECE_BYTES);
      rate = now;
    }
  }

  /// One was lost, or has not come in time.
  void smaller() {
    bytes = Math.max(LEAST, bytes / 2);
    rate = 0;
    tookNanos = Math.min(2 * Math.max(tookNanos, timeoutNanos / 2), 16 * timeoutNanos);
  }
}
