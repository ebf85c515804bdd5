package dev.banyan.store;

import static java.util.concurrent.TimeUnit.MINUTES;

import dev.banyan.protocol.TreeClock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lamport times that keep to the time of day, a hybrid logical clock (Kulkarni et al., *Logical Physical Clocks*, OPODIS
/// 2014): 42 bits of milliseconds since 1970, then 20 bits that count. A write's time is the [tree's][TreeClock], and
/// later than all that this worker has written or seen: so it is later than any write that was acknowledged before it began and
/// could be known here, whoever made it, however fresh this worker is.
///
/// Nobody may run ahead: what is stamped more than [#TOLERANCE_MILLIS] after the tree's time is refused wherever it comes
/// in ([#isFuture]). Measured is against the tree's time, not our own wall clock or the greater of the two: all members know
/// the tree's time alike, so they refuse alike, and a member with a wrong clock of its own is not led where nobody follows.
/// Before the first attach there is nothing to measure against, and nothing comes in.
///
/// What a stamp within the tolerance can do is bounded, too: it moves our clock by [#LEAD_MILLIS] at most, so that our
/// next writes are within the tolerance of members who hear of the tree's time a little later. Only a key that carries a
/// later stamp is written later.
final class HybridClock {

  private static final int COUNTER_BITS = 20;

  /// A guess: far more than frames take from the root, far less than anybody waits for a clock to catch up.
  static final long TOLERANCE_MILLIS = MINUTES.toMillis(5);

  private static final long LEAD_MILLIS = MINUTES.toMillis(4);

  private final TreeClock tree;
  private final Outbox outbox;

  /// The latest time that came in.
  private long seen;

  /// The latest time given to a write here, but for those that had to follow a later one of their key.
  private long issued;

  HybridClock(TreeClock tree, Outbox outbox) {
    this.tree = tree;
    this.outbox = outbox;
  }

  /// The time of day at which a Lamport time was given.
  static long millis(long lamport) {
    return lamport >>> COUNTER_BITS;
  }

  /// The first Lamport time of that millisecond.
  static long lamport(long millis) {
    return Math.clamp(millis, 0, TreeClock.MAX_MILLIS) << COUNTER_BITS;
  }

  /// The same Lamport time so much later.
  static long moved(long lamport, long millis) {
    long count = lamport & ((1L << COUNTER_BITS) - 1);
    return Math.max(1, lamport(millis(lamport) + millis) + count);
  }

  /// The tree's time.
  long millis() {
    return tree.millisAt(outbox.nowNanos());
  }

  void saw(long lamport) {
    seen = Math.max(seen, lamport);
  }

  /// The time of a write that is made now.
  ///
  /// @param held what is held of its key, null for nothing
  long next(@Nullable Entry held) {
    long now = millis();
    issued =
        Math.max(lamport(now), Math.max(issued, Math.min(seen, lamport(now + LEAD_MILLIS))) + 1);
    if (held != null && held.newest().lamport >= issued && !isFuture(held.newest().lamport)) {
      return held.newest().lamport + 1;
    }
    return issued;
  }

  /// Whether a write cannot have been made yet.
  boolean isFuture(long lamport) {
    return tree.known() && millis(lamport) > millis() + TOLERANCE_MILLIS;
  }

  /// The newest version held, as long as it is not from the future: that is as good as none.
  Optional<Version> version(@Nullable Entry entry) {
    return entry == null || isFuture(entry.newest().lamport)
        ? Optional.empty()
        : Optional.of(entry.newest().version());
  }

  /// The time by which we went was wrong: begins anew at the tree's.
  void corrected() {
    seen = 0;
    issued = 0;
  }
}
