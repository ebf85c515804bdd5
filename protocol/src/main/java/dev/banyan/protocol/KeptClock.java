package dev.banyan.protocol;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;

/// The tree's time as it was last told, which goes on by our own clocks until it is told again: by the monotonic one, and, when
/// nothing was told for long, by the wall clock too. At a root it is the wall clock's, unless somebody knew a later time.
///
/// The node keeps one, and so does the layer above, which hears of it by [Effect.TreeTime]: neither asks the other.
public final class KeptClock implements TreeClock {

  /// Behind by no more than this, a clock is followed back: it is drift, or a frame that was slow.
  public static final long DRIFT_MILLIS = SECONDS.toMillis(60);

  /// By how much the tree's time may lead the root's wall clock because somebody below says so. A guess: longer than any
  /// mistake about time zones, too short to do harm.
  public static final long TAKEOVER_MILLIS = DAYS.toMillis(1);

  /// Who has heard nothing for so long is cut off: the machine may have been suspended, which monotonic clocks do not
  /// count and wall clocks do.
  private static final long CUT_OFF_NANOS = SECONDS.toNanos(10);

  private final WallClock wall;
  private final boolean root;
  private boolean known;

  /// The tree's time, and our wall clock's, at the time at which it was last told.
  private long millis;

  private long wallMillis;
  private long heardAtNanos;
  private long correctedMillis;

  /// @param root whether it is a root's: it goes by `wall`, and is told only of what somebody below knows
  public KeptClock(WallClock wall, boolean root) {
    this.wall = wall;
    this.root = root;
  }

  @Override
  public long millisAt(long nowNanos) {
    if (root) {
      goByOwnClock(nowNanos);
    }
    return known ? reckonedAt(nowNanos) : wallMillisAt(nowNanos);
  }

  @Override
  public long wallMillisAt(long nowNanos) {
    return Math.clamp(wall.millisAt(nowNanos), 1, MAX_MILLIS);
  }

  @Override
  public boolean known() {
    return known || root;
  }

  @Override
  public long heardAtNanos() {
    return heardAtNanos;
  }

  @Override
  public long correctedMillis() {
    return correctedMillis;
  }

  private void goByOwnClock(long nowNanos) {
    long own = wallMillisAt(nowNanos);
    long lead = known ? reckonedAt(nowNanos) - own : 0;
    if (lead <= DRIFT_MILLIS || lead > 2 * TAKEOVER_MILLIS) {
      set(own, lead > 2 * TAKEOVER_MILLIS ? lead : 0, nowNanos);
    }
  }

  /// It is told.
  ///
  /// @param backMillis by how much it is set back for that, as a mistake was corrected; else 0
  public void take(long treeMillis, long backMillis, long nowNanos) {
    if (root) {
      goByOwnClock(nowNanos);
    }
    set(treeMillis, backMillis, nowNanos);
  }

  private void set(long treeMillis, long backMillis, long nowNanos) {
    known = true;
    millis = treeMillis;
    heardAtNanos = nowNanos;
    wallMillis = wallMillisAt(nowNanos);
    correctedMillis += backMillis;
  }

  /// Whether it was ever told, or a root has looked at its own clock.
  public boolean taken() {
    return known;
  }

  /// What it should be now by what was told last; only if [something was][#taken].
  public long reckonedAt(long nowNanos) {
    long elapsed = (nowNanos - heardAtNanos) / 1_000_000;
    if (!root && nowNanos - heardAtNanos > CUT_OFF_NANOS) {
      elapsed = Math.max(elapsed, wallMillisAt(nowNanos) - wallMillis);
    }
    return Math.min(millis + elapsed, MAX_MILLIS);
  }
}
