package dev.banyan.protocol.link;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.turn.Turn;

/// What a parent has learned of a child router as a place for others: whether it can be dialled, and how many of the
/// joiners that were sent there came back empty-handed.
///
/// A router that cannot be dialled takes nobody, so nobody is sent there. What joiners report may be lies: it only decides
/// who is tried last, and it fades.
public final class Repute {

  /// The first wait after a failed probe, in heartbeats; doubled with each. A guess.
  private static final int FIRST_WAIT = 1;

  /// The longest such wait, in heartbeats. A guess.
  private static final int LONGEST_WAIT = 64;

  /// A child that was dialled before is given up only after so many failed probes in a row.
  private static final int FAILURES_OF_KNOWN = 2;

  /// What all clients share: nobody is sent to them, so nothing is learned of them.
  static final Repute OF_CLIENTS = new Repute();

  private final boolean router;
  private Dialable dialable = Dialable.UNKNOWN;
  private int failures;
  private boolean wanted = true;
  private boolean probing;
  private long dueNanos;

  // Of late: halved with each half-life.
  private double passed;
  private double complaints;
  private long countedNanos;

  /// How long its answers take, at the slowest of late.
  private long slowestNanos;

  private Repute() {
    router = false;
  }

  Repute(long nowNanos) {
    router = true;
    dueNanos = nowNanos;
    countedNanos = nowNanos;
  }

  public Dialable dialable() {
    return dialable;
  }

  // Probes.

  /// When it should be dialled next, if ever.
  public boolean awaitsProbe() {
    return wanted && !probing;
  }

  public long dueNanos() {
    return dueNanos;
  }

  /// Whether this would be the first: newcomers come before those that have failed.
  public boolean isNew() {
    return failures == 0;
  }

  public void probing() {
    requireRouter();
    probing = true;
  }

  /// @return whether that is news: it could not be before
  public boolean reached() {
    requireRouter();
    probing = false;
    wanted = false;
    failures = 0;
    boolean news = dialable == Dialable.NO;
    dialable = Dialable.YES;
    return news;
  }

  /// @param heartbeatNanos between two heartbeats: the next try waits for some of them
  /// @return whether that is news
  public boolean notReached(long nowNanos, long heartbeatNanos, Turn turn) {
    requireRouter();
    probing = false;
    long wait = Math.min(LONGEST_WAIT, (long) FIRST_WAIT << Math.min(failures, 10));
    dueNanos = nowNanos + turn.spreadNanos(wait * heartbeatNanos);
    failures++;
    if (dialable == Dialable.NO || (dialable == Dialable.YES && failures < FAILURES_OF_KNOWN)) {
      return false;
    }
    dialable = Dialable.NO;
    return true;
  }

  // Joiners.

  /// A joiner was sent there.
  public void passed(long nowNanos, long halfLifeNanos) {
    requireRouter();
    fade(nowNanos, halfLifeNanos);
    passed++;
  }

  /// A joiner that was sent there asks again. Whoever has complaints is dialled once more.
  ///
  /// @return whether it is to be dialled now
  public boolean complaint(long nowNanos, long halfLifeNanos) {
    requireRouter();
    fade(nowNanos, halfLifeNanos);
    complaints++;
    if (isSuspect(nowNanos, halfLifeNanos) && dialable == Dialable.YES && !wanted) {
      wanted = true;
      dueNanos = nowNanos;
      return true;
    }
    return false;
  }

  /// It has answered a request.
  ///
  /// @param tookNanos how long the answer took
  /// @param mostNanos more than that nobody is given
  /// @param forgiven it was taken to have failed the joiner, which it has not
  public void answered(long tookNanos, long mostNanos, boolean forgiven) {
    requireRouter();
    slowestNanos = Math.min(mostNanos, Math.max(tookNanos, slowestNanos - slowestNanos / 8));
    if (forgiven) {
      complaints = Math.max(0, complaints - 1);
    }
  }

  /// After how long without an answer a joiner may say that it was sent there in vain: twice what answers take.
  public long patienceNanos() {
    return 2 * slowestNanos;
  }

  /// Whether most of those that were sent there lately came back, and more than one did.
  public boolean isSuspect(long nowNanos, long halfLifeNanos) {
    if (complaints == 0) {
      return false;
    }
    fade(nowNanos, halfLifeNanos);
    return complaints >= 1.5 && 2 * complaints > passed;
  }

  /// What is written here of one client would be true of all, in all nodes of the process.
  private void requireRouter() {
    if (!router) {
      throw new IllegalStateException("something was learned of a client as a place for others");
    }
  }

  private void fade(long nowNanos, long halfLifeNanos) {
    long age = nowNanos - countedNanos;
    if (age > halfLifeNanos / 16) {
      double left = Math.pow(0.5, (double) age / halfLifeNanos);
      passed *= left;
      complaints *= left;
      countedNanos = nowNanos;
    }
  }
}
