package dev.banyan.store.asking;

import dev.banyan.store.interest.Interest;
import org.jspecify.annotations.Nullable;

/// Where asking for one interest stands; forgotten once there is nothing to remember. Written by [Fetches] and [Trickle] alone.
///
/// It is *idle*, *queued* for at once, in the *trickle*, or has a [Round]: with an open question, or waiting for room to
/// repeat it. A round excludes nothing: what is queued or trickles then is passed over when its turn comes.
final class Asking {

  final Interest interest;

  /// The questions asked to settle it, null for none.
  @Nullable Round round;

  /// Questions in a row that were not answered in time.
  int tries;

  /// Whether, when all who could be asked had been, others could not be.
  boolean incomplete;

  /// When all had been asked, then, from here or by whoever said so.
  long askedAllNanos;

  /// Not asked before this time, even if somebody waits: all who can be asked were just now.
  long pausedUntilNanos = Long.MIN_VALUE;

  /// Whether it pauses because others hold what cannot be read here yet.
  boolean unreadable;

  boolean queued;
  boolean trickling;

  /// Not asked before this time unless somebody waits for it.
  long notBeforeNanos;

  /// How often others' questions have put off this one.
  int postponed;

  Asking(Interest interest) {
    this.interest = interest;
  }

  boolean isOpen() {
    return round != null && round.isOpen();
  }

  /// Whether somebody waits for it, or it was never asked for.
  boolean isHurried() {
    return !interest.everSettled() || interest.awaited();
  }

  /// Whether anything of it matters later.
  boolean matters(long nowNanos) {
    return round != null
        || tries > 0
        || incomplete
        || queued
        || trickling
        || pausedUntilNanos > nowNanos;
  }
}
