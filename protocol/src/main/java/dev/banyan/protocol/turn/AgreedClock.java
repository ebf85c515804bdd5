package dev.banyan.protocol.turn;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.banyan.protocol.TreeClock;
import dev.banyan.protocol.WallClock;

/// The time of day that the tree agrees on: the root's wall clock, handed down with `Attached` and heartbeats. Between two
/// heartbeats each node goes by its own monotonic clock; so what it knows is late by the time that frames take from the
/// root, and by nothing else. A node that has never heard of it has only its own wall clock.
///
/// *It does not go back* when the root is replaced by one with a slower clock, or the root's clock is set back: a node that
/// knows a later time keeps it, and tells its parent; what is told climbs to the root, which goes on from there. Only what
/// is off by more than [#TAKEOVER_MILLIS] is a mistake that was corrected, and followed back. Forward it is followed at
/// once, and whoever hears of a step tells its children at once: links are FIFO, so no record that was stamped after the
/// step comes before the news of it.
public final class AgreedClock implements TreeClock {

  /// Behind by no more than this, a clock is followed back: it is drift, or a frame that was slow.
  static final long DRIFT_MILLIS = SECONDS.toMillis(60);

  /// By how much the tree's time may lead the root's wall clock because somebody below says so. A guess: longer than any
  /// mistake about time zones, too short to do harm.
  static final long TAKEOVER_MILLIS = DAYS.toMillis(1);

  private static final long STEP_MILLIS = SECONDS.toMillis(1);

  /// Who has heard nothing for so long is cut off: the machine may have been suspended, which monotonic clocks do not
  /// count and wall clocks do.
  private static final long CUT_OFF_NANOS = SECONDS.toNanos(10);

  private final WallClock wall;
  private final boolean root;
  private boolean known;

  /// The tree's time, and our wall clock's, at the time at which it was last heard of.
  private long millis;

  private long wallMillis;
  private long heardAtNanos;

  /// The latest time that somebody below knew, and when; 0 for none.
  private long belowMillis;

  private long belowAtNanos;
  private long correctedMillis;

  public AgreedClock(WallClock wall, boolean root) {
    this.wall = wall;
    this.root = root;
  }

  @Override
  public long millisAt(long nowNanos) {
    if (root) {
      goByOwnClock(nowNanos);
    }
    return known ? reckoned(nowNanos) : wallMillisAt(nowNanos);
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
    long lead = known ? reckoned(nowNanos) - own : 0;
    if (lead <= DRIFT_MILLIS || lead > 2 * TAKEOVER_MILLIS) {
      take(own, nowNanos);
      if (lead > 2 * TAKEOVER_MILLIS) {
        correctedMillis += lead;
      }
    }
  }

  private void take(long treeMillis, long nowNanos) {
    known = true;
    millis = treeMillis;
    heardAtNanos = nowNanos;
    wallMillis = wallMillisAt(nowNanos);
  }

  private long reckoned(long nowNanos) {
    long elapsed = (nowNanos - heardAtNanos) / 1_000_000;
    if (!root && nowNanos - heardAtNanos > CUT_OFF_NANOS) {
      elapsed = Math.max(elapsed, wallMillisAt(nowNanos) - wallMillis);
    }
    return Math.min(millis + elapsed, MAX_MILLIS);
  }

  /// The parent says what time it is; 0 when it does not know.
  ///
  /// @return whether that was news: who is below should hear of it at once
  public boolean heard(long saidMillis, long nowNanos) {
    if (root || saidMillis < 1 || saidMillis > MAX_MILLIS) {
      return false;
    }
    if (!known) {
      take(saidMillis, nowNanos);
      return true;
    }
    long expected = reckoned(nowNanos);
    long lead = expected - saidMillis;
    boolean corrected = lead > TAKEOVER_MILLIS;
    take(lead <= DRIFT_MILLIS || corrected ? saidMillis : expected, nowNanos);
    if (corrected) {
      correctedMillis += lead;
      belowMillis = 0;
    }
    return Math.abs(millis - expected) > STEP_MILLIS;
  }

  /// A child says what time it knows; 0 when it knows none.
  ///
  /// @return whether it is later than ours, and not by too much: the parent should hear of it at once, or, at the root,
  ///     the children
  public boolean heardFromBelow(long saidMillis, long nowNanos) {
    long ours = millisAt(nowNanos);
    if (saidMillis > MAX_MILLIS || saidMillis - ours <= DRIFT_MILLIS) {
      return false;
    }
    if (saidMillis - (root ? wallMillisAt(nowNanos) : ours) > TAKEOVER_MILLIS) {
      return false;
    }
    if (root) {
      take(saidMillis, nowNanos);
      return true;
    }
    if (saidMillis - below(nowNanos) <= DRIFT_MILLIS) {
      return false;
    }
    belowMillis = saidMillis;
    belowAtNanos = nowNanos;
    return true;
  }

  private long below(long nowNanos) {
    return belowMillis == 0 ? 0 : belowMillis + (nowNanos - belowAtNanos) / 1_000_000;
  }

  /// What to tell the parent: the latest time known here or below, 0 for none.
  public long forParentMillis(long nowNanos) {
    return known ? Math.min(MAX_MILLIS, Math.max(reckoned(nowNanos), below(nowNanos))) : 0;
  }
}
