package dev.banyan.bench;

/// Times of frames: each under way, which is what the budget means; and since it was due, in which a sender that could not
/// keep its pace counts too (what it held up meanwhile is not hidden: "coordinated omission").
final class FrameTimes {

  private final Latencies sinceSent = new Latencies();
  private final Latencies sinceDue = new Latencies();
  private final Latencies late = new Latencies();

  void record(long sinceSentNanos, long lateNanos) {
    sinceSent.record(sinceSentNanos);
    sinceDue.record(sinceSentNanos + lateNanos);
    late.record(lateNanos);
  }

  void add(FrameTimes other) {
    sinceSent.add(other.sinceSent);
    sinceDue.add(other.sinceDue);
    late.add(other.late);
  }

  void clear() {
    sinceSent.clear();
    sinceDue.clear();
    late.clear();
  }

  Latencies sinceSent() {
    return sinceSent;
  }

  Latencies sinceDue() {
    return sinceDue;
  }

  /// How much later than due frames were sent.
  Latencies late() {
    return late;
  }
}
