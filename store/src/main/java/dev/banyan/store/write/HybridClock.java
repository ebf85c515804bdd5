package dev.banyan.store.write;

import static java.util.concurrent.TimeUnit.MINUTES;

import dev.banyan.protocol.TreeClock;
import dev.banyan.store.Lamport;
import dev.banyan.store.Version;
import dev.banyan.store.machine.StoreTurn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// [Lamport] times that keep to the time of day, a hybrid logical clock (Kulkarni et al., *Logical Physical Clocks*, OPODIS
/// 2014). A write's time is the [tree's][TreeClock], and
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
public final class HybridClock {

  /// A guess: far more than frames take from the root, far less than anybody waits for a clock to catch up.
  static final long TOLERANCE_MILLIS = MINUTES.toMillis(5);

  private static final long LEAD_MILLIS = MINUTES.toMillis(4);

  private final TreeClock tree;
  private final StoreTurn turn;

  /// The latest time that came in.
  private long seen;

  /// The latest time given to a write here, but for those that had to follow a later one of their key.
  private long issued;

  public HybridClock(TreeClock tree, StoreTurn turn) {
    this.tree = tree;
    this.turn = turn;
  }

  /// The tree's time.
  public long millis() {
    return tree.millisAt(turn.nowNanos());
  }

  public void saw(long lamport) {
    seen = Math.max(seen, lamport);
  }

  /// The time of a write that is made now.
  ///
  /// @param held the newest write of its key that is held, null for none
  public long next(@Nullable Write held) {
    long now = millis();
    issued =
        Math.max(
            Lamport.at(now), Math.max(issued, Math.min(seen, Lamport.at(now + LEAD_MILLIS))) + 1);
    if (held != null && held.lamport >= issued && !isFuture(held.lamport)) {
      return held.lamport + 1;
    }
    return issued;
  }

  /// Whether a write cannot have been made yet.
  public boolean isFuture(long lamport) {
    return tree.known() && Lamport.millis(lamport) > millis() + TOLERANCE_MILLIS;
  }

  /// In how many milliseconds a write that [is from the future][#isFuture] is not any more, as far as clocks go on as they do.
  public long earlyMillis(long lamport) {
    return Lamport.millis(lamport) - millis() - TOLERANCE_MILLIS;
  }

  /// The version of the newest write held, as long as it is not from the future: that is as good as none.
  public Optional<Version> version(@Nullable Write newest) {
    return newest == null || isFuture(newest.lamport)
        ? Optional.empty()
        : Optional.of(newest.version());
  }

  /// The time by which we went was wrong: begins anew at the tree's.
  public void corrected() {
    seen = 0;
    issued = 0;
  }
}
