package dev.banyan.store.asking;

import dev.banyan.store.interest.Interest;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/// One attempt to make an interest settled. The holders of its plan's tags are asked, one tag after the other; a question
/// that is not answered in time is repeated, and whichever is answered first counts. What is missed meanwhile makes
/// the round stale: then no answer counts, and another round begins.
final class Round {

  private static final long[] NONE = {};

  /// Overdue questions whose answers count; older ones are forgotten.
  private static final int MAX_OVERDUE = 7;

  final Asking asking;

  final Interest interest;
  private final long doubts;
  private int step;

  /// The question that is not overdue yet, 0 for none.
  private long open;

  /// Earlier ones about the same tag, oldest first.
  private long[] overdue = NONE;

  /// Of the open question.
  long deadlineNanos;

  /// No part of an answer puts off the deadline beyond this.
  long latestNanos;

  /// When the open question was asked.
  long askedNanos;

  /// Of its questions so far, there and back.
  long shortestTripNanos = Long.MAX_VALUE;

  /// Of a prefix.
  final RoundProgress progress = new RoundProgress();

  /// Questions that are open or overdue and went to one holder only.
  private final Set<Long> rests = new LinkedHashSet<>(2);

  final long begunNanos;

  /// Whether somebody who may hold what is asked for could not be asked.
  boolean incomplete;

  /// Whether more was said than can be read here yet.
  boolean unread;

  /// When another had asked all who could be asked, as far as this round relies on that.
  long askedAllNanos = Long.MAX_VALUE;

  /// How often it has asked with nobody waiting. What was asked in haste, for a reader that has gone meanwhile, makes nobody
  /// patient.
  int patientlyAsked;

  /// Whether others have begun to wait for it.
  boolean awaited;

  Round(Asking asking, long nowNanos) {
    this.asking = asking;
    this.interest = asking.interest;
    this.begunNanos = nowNanos;
    this.doubts = interest.doubts();
  }

  boolean isStale() {
    return interest.doubts() != doubts;
  }

  boolean isOpen() {
    return open != 0;
  }

  boolean isOpen(long askId) {
    return open == askId;
  }

  /// Whether this question went to a holder that had more to say, and to nobody else.
  boolean isToHolder(long askId) {
    return rests.contains(askId);
  }

  /// The tag to ask for now.
  long tag() {
    return interest.step(step);
  }

  /// The plan's next tag, whose questions have been asked in vain, is asked for from now on.
  ///
  /// @return whether there is one
  boolean next() {
    step++;
    return step < interest.steps();
  }

  void opened(long askId) {
    open = askId;
    if (progress.holder() != null) {
      rests.add(askId);
    }
  }

  /// The open question is overdue: it may be lost, or under way still, for it may have to visit all holders.
  ///
  /// @return a question to which no answer counts any more, 0 for none
  long overdue() {
    boolean full = overdue.length == MAX_OVERDUE;
    long forgotten = full ? overdue[0] : 0;
    long[] after = Arrays.copyOfRange(overdue, full ? 1 : 0, overdue.length + 1);
    after[after.length - 1] = open;
    overdue = after;
    open = 0;
    return forgotten;
  }

  /// Takes all questions back.
  ///
  /// @return their ids
  long[] withdraw() {
    long[] all = overdue;
    if (open != 0) {
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = open;
    }
    open = 0;
    overdue = NONE;
    rests.clear();
    return all;
  }
}
