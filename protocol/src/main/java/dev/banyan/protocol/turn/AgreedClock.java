package dev.banyan.protocol.turn;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.banyan.protocol.KeptClock;
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

  static final long DRIFT_MILLIS = KeptClock.DRIFT_MILLIS;

  static final long TAKEOVER_MILLIS = KeptClock.TAKEOVER_MILLIS;

  private static final long STEP_MILLIS = SECONDS.toMillis(1);

  private final KeptClock kept;
  private final boolean root;

  /// The latest time that somebody below knew, and when; 0 for none.
  private long belowMillis;

  private long belowAtNanos;

  public AgreedClock(WallClock wall, boolean root) {
    this.kept = new KeptClock(wall, root);
    this.root = root;
  }

  @Override
  public long millisAt(long nowNanos) {
    return kept.millisAt(nowNanos);
  }

  @Override
  public long wallMillisAt(long nowNanos) {
    return kept.wallMillisAt(nowNanos);
  }

  @Override
  public boolean known() {
    return kept.known();
  }

  @Override
  public long heardAtNanos() {
    return kept.heardAtNanos();
  }

  @Override
  public long correctedMillis() {
    return kept.correctedMillis();
  }

  /// Whether a parent's word is one: 0 says that it does not know, and a root has no parent.
  boolean hears(long saidMillis) {
    return !root && saidMillis >= 1 && saidMillis <= MAX_MILLIS;
  }

  /// The parent says what time it is; 0 when it does not know.
  ///
  /// @return whether that was news: who is below should hear of it at once
  public boolean heard(long saidMillis, long nowNanos) {
    if (!hears(saidMillis)) {
      return false;
    }
    if (!kept.taken()) {
      kept.take(saidMillis, 0, nowNanos);
      return true;
    }
    long expected = kept.reckonedAt(nowNanos);
    long lead = expected - saidMillis;
    boolean corrected = lead > TAKEOVER_MILLIS;
    long millis = lead <= DRIFT_MILLIS || corrected ? saidMillis : expected;
    kept.take(millis, corrected ? lead : 0, nowNanos);
    if (corrected) {
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
      kept.take(saidMillis, 0, nowNanos);
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
    return kept.taken()
        ? Math.min(MAX_MILLIS, Math.max(kept.reckonedAt(nowNanos), below(nowNanos)))
        : 0;
  }
}
