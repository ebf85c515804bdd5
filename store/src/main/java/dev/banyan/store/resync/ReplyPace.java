package dev.banyan.store.resync;

import dev.banyan.protocol.Effect;
import dev.banyan.store.machine.StoreTurn;
import java.util.function.Supplier;

/// How fast replies to digests are sent: a digest of a few bytes may name all that is held, and what is said to all must
/// neither fill the way up, nor the links of those who hear it. While the way up is congested nothing is sent; after that
/// half of what it was seen to take, until it has been calm for a while.
public final class ReplyPace {

  /// A guess: less than a tenth of a gigabit link, as others say something, too.
  static final long MOST_BYTES_PER_SECOND = 10_000_000;

  private static final long LEAST_BYTES_PER_SECOND = 16_000;

  /// Sent at one time, and then paid for: one multicast.
  static final int ROUND_BYTES = 64 << 10;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// Before the way up is looked at again while it is congested.
  private static final long CONGESTED_NANOS = 50_000_000;

  /// Without congestion for so long, it is tried twice as fast.
  private static final long CALM_NANOS = 60 * NANOS_PER_SECOND;

  private final Supplier<Effect.CongestedUpward> upward;
  private final StoreTurn turn;
  private long bytesPerSecond = MOST_BYTES_PER_SECOND;
  private boolean slowed;
  private long changedNanos;
  private long paidNanos;

  /// @param upward what was told last of the way up
  public ReplyPace(Supplier<Effect.CongestedUpward> upward, StoreTurn turn) {
    this.upward = upward;
    this.turn = turn;
  }

  /// How long to wait before anything is sent; 0 for now.
  long waitNanos() {
    if (upward.get().congested()) {
      slowDown();
      return CONGESTED_NANOS;
    }
    slowed = false;
    if (bytesPerSecond < MOST_BYTES_PER_SECOND && turn.nowNanos() - changedNanos >= CALM_NANOS) {
      changedNanos = turn.nowNanos();
      bytesPerSecond = Math.min(2 * bytesPerSecond, MOST_BYTES_PER_SECOND);
    }
    return Math.max(0, paidNanos - turn.nowNanos());
  }

  private void slowDown() {
    long slower = slowed ? bytesPerSecond : bytesPerSecond / 4;
    long measured = upward.get().takesBytesPerSecond();
    if (measured > 0) {
      slower = Math.min(slower, measured / 2);
    }
    bytesPerSecond = Math.max(slower, LEAST_BYTES_PER_SECOND);
    slowed = true;
    changedNanos = turn.nowNanos();
  }

  void sent(long bytes) {
    paidNanos = Math.max(paidNanos, turn.nowNanos()) + nanos(bytes, bytesPerSecond);
  }

  /// How long that many bytes take that are sent because of one asker: one of several gets so much of the pace.
  long shareNanos(long bytes) {
    return nanos(bytes, bytesPerSecond / 4);
  }

  private static long nanos(long bytes, long bytesPerSecond) {
    return bytes * NANOS_PER_SECOND / bytesPerSecond;
  }
}
