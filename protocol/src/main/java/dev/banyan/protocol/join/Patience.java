package dev.banyan.protocol.join;

import dev.banyan.protocol.TreeConfig;

/// How long a joiner waits for an answer.
///
/// A request goes down the tree and its answer back up, over as many links as the tree is deep, so what is long enough
/// for one tree is too short for another. As TCP with its retransmissions (RFC 6298): twice the slowest answer of late,
/// and twice as long each time that none came, but for the first time: that request may have been lost with a router
/// that died.
/// Never less than the join timeout, never more than [TreeConfig.Timing#longestJoinNanos].
final class Patience {

  private final long least;
  private final long most;
  private long nanos;
  private long askedNanos;
  private long slowestNanos;
  private boolean unansweredBefore;

  Patience(TreeConfig.Timing timing) {
    least = timing.joinTimeoutNanos();
    most = timing.longestJoinNanos();
    nanos = least;
  }

  /// A question leaves now.
  ///
  /// @return how long to wait for the answer
  long asked(long nowNanos) {
    askedNanos = nowNanos;
    return nanos;
  }

  /// The answer to the last question came.
  void answered(long nowNanos) {
    slowestNanos = Math.max(slowestNanos, nowNanos - askedNanos);
  }

  /// It did not come in time.
  void unanswered() {
    if (unansweredBefore) {
      nanos = Math.min(most, 2 * nanos);
    }
    unansweredBefore = true;
  }

  /// The search has found what it sought: the next begins with what this one learned.
  void found() {
    nanos = Math.clamp(2 * slowestNanos, least, most);
    slowestNanos = 0;
    unansweredBefore = false;
  }
}
