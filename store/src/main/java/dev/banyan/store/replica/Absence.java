package dev.banyan.store.replica;

import dev.banyan.protocol.TreeClock;
import dev.banyan.store.Lamport;
import dev.banyan.store.write.Write;

/// How long this worker has been out of touch with the tree: cut off, stopped, or on a machine that was suspended.
///
/// A stopped process finds out by its monotonic clock. A suspended machine's does not count that time: there both the
/// tree's time and the machine's own wall clock must have gone on by as much. Neither is believed alone, as either may just have
/// been set.
public final class Absence {

  private final TreeClock clock;
  private boolean everInTouch;
  private long sinceNanos;
  private long sinceWallMillis;
  private long sinceTreeMillis;
  private long noticedTreeMillis = Long.MAX_VALUE;

  public Absence(TreeClock clock) {
    this.clock = clock;
  }

  /// The parent was heard just now.
  public void inTouch(long nowNanos) {
    everInTouch = true;
    sinceNanos = nowNanos;
    sinceWallMillis = clock.wallMillisAt(nowNanos);
    sinceTreeMillis = clock.millisAt(nowNanos);
    noticedTreeMillis = Long.MAX_VALUE;
  }

  /// This worker knows from now on that it is cut off.
  public void noticed(long nowNanos) {
    noticedTreeMillis = clock.millisAt(nowNanos);
  }

  /// Of a process that ran all the time, or was stopped.
  public boolean isLongerThan(long nanos, long nowNanos) {
    return everInTouch && nowNanos - sinceNanos > nanos;
  }

  /// As [#isLongerThan], and of one that was suspended, once the tree's time has been heard of again.
  public boolean wasLongerThan(long nanos, long nowNanos) {
    if (!everInTouch) {
      return false;
    }
    long millis =
        Math.min(
            clock.wallMillisAt(nowNanos) - sinceWallMillis,
            clock.millisAt(nowNanos) - sinceTreeMillis);
    return isLongerThan(nanos, nowNanos) || millis > nanos / 1_000_000;
  }

  /// Whether a write may have been deleted meanwhile and that be forgotten. Not what was written here while cut off:
  /// nobody knew it.
  ///
  /// @param forgottenMillis up to when somebody has forgotten what was deleted
  boolean putsInDoubt(Write write, boolean own, long forgottenMillis) {
    long writtenMillis = Lamport.millis(write.lamport);
    return forgottenMillis > sinceTreeMillis
        && writtenMillis <= forgottenMillis
        && !(own && writtenMillis >= noticedTreeMillis);
  }
}
