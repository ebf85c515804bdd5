package dev.banyan.store.machine;

import dev.banyan.protocol.Timer;

/// The store's own timers.
public enum StoreTimer implements Timer.Kind {
  /// Records collected for one multicast are due.
  BATCH,
  /// Some question may be overdue.
  FETCH,
  /// Some read has waited for as long as it may.
  READ,
  /// The next few unsettled tags are asked for.
  TRICKLE,
  /// Digests are due.
  DIGEST,
  /// Replies to digests are due.
  REPLY,
  /// A write that was refused as too early may be taken by now.
  EARLY,
  /// The next of what others hold in ranges of keys is compared.
  RANGE,
  /// Some record's predecessor is overdue.
  HOLE,
  /// The next piece of a long answer is due.
  ANSWER,
  /// The second of two gaps of everything is due.
  REPAIR,
  /// Some learned interest may have faded.
  FADE,
  /// Something of what a leaving worker waits for may be overdue.
  LEAVE,
  /// Some tombstone may have been kept for long enough.
  TOMBSTONE
}
