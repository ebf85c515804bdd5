package dev.banyan.protocol;

import dev.banyan.filter.ExactFilter;

/// What was advertised on one link to a parent, and what that parent answered.
final class Uplink {

  /// Tags whose membership may differ from what was sent.
  final ExactFilter changed;

  /// Those of them that the receiver does not have: they came after the last that was sent.
  final ExactFilter absent;

  /// Whether it was sent that everything is wanted.
  boolean sentAll;

  /// How many leading bits of tags were sent.
  int sentBits = Resolution.EXACT;

  long sentVersion;
  long sentHash;
  long wantedVersion;
  long wantedHash;

  /// The version up to which the parent has said what is wanted outside; 0 for nothing.
  long answered;

  /// Whether somebody outside wants everything.
  boolean wantedAll;

  /// Join requests that came down this link.
  long joinsSeen;

  /// Tasks that came down this link.
  long tasksSeen;

  Uplink(Turn turn) {
    changed = new ExactFilter(turn.seed());
    absent = new ExactFilter(turn.seed());
  }

  /// All that has changed is sent.
  void clearChanges() {
    changed.clear();
    absent.clear();
  }
}
