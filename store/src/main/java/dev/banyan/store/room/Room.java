package dev.banyan.store.room;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.holdings.WritableHoldings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;

/// How much memory a store takes, what it may take at the most, and what gives way when that is reached.
///
/// Counted is what grows: keys, values, history, what is on the [Shelf], interest, writers' chains; with what objects cost on a 64-bit JVM, and
/// twice the size for large values, which collectors that keep memory in regions round up. Counting is a few additions
/// for each write.
///
/// When there is no room, values remembered for their history go first, then keys that were learned, least used first;
/// both come back when they are needed. A write that finds no room after that is refused. What comes from others and
/// cannot be let go, because somebody watches it, ends the watch instead. What this worker has to keep, its own latest
/// writes and what it took over, is never let go.
public final class Room {

  private static final int CHAIN_BYTES = 90;
  private static final int TAIL_BYTES = 60;

  /// Where nothing more can be let go it is not tried again at once.
  private static final long PAUSE_NANOS = 10_000_000;

  private final long limitBytes;
  private final NodeId self;
  private final WritableHoldings holdings;
  private final Shelf shelf;
  private final InterestBook interests;
  private final TagChains chains;
  private final Publisher publisher;
  private final Fading fading;
  private final StoreTurn turn;
  private long nextTryNanos = Long.MIN_VALUE;

  public Room(
      long limitBytes,
      NodeId self,
      WritableHoldings holdings,
      Shelf shelf,
      InterestBook interests,
      TagChains chains,
      Publisher publisher,
      Fading fading,
      StoreTurn turn) {
    this.limitBytes = limitBytes;
    this.self = self;
    this.holdings = holdings;
    this.shelf = shelf;
    this.interests = interests;
    this.chains = chains;
    this.publisher = publisher;
    this.fading = fading;
    this.turn = turn;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return holdings.bytes()
        + shelf.bytes()
        + (long) Interest.BYTES * interests.size()
        + (long) CHAIN_BYTES * chains.size()
        + (long) TAIL_BYTES * publisher.tails();
  }

  /// As [#usedBytes], from what is there now. For tests.
  public long countedAnew() {
    long bytes = 0;
    for (Entry entry : holdings.entries()) {
      bytes += countedAnew(entry);
    }
    for (Entry entry : shelf.entries()) {
      bytes += countedAnew(entry);
    }
    return bytes
        + (long) Interest.BYTES * interests.all().size()
        + (long) CHAIN_BYTES * chains.countedAnew()
        + (long) TAIL_BYTES * publisher.tails();
  }

  private static long countedAnew(Entry entry) {
    return Entry.FIXED_BYTES + entry.key.length() + entry.writesBytes();
  }

  /// What cannot be let go: keys that this worker has to keep, and those that are watched.
  public long pinnedBytes() {
    long bytes = 0;
    for (Entry entry : holdings.entries()) {
      if (entry.isOurs(self) || isWatched(entry)) {
        bytes += entry.bytes();
      }
    }
    for (Entry entry : shelf.entries()) {
      if (entry.isOurs(self) || isWatched(entry)) {
        bytes += entry.bytes();
      }
    }
    return bytes;
  }

  private boolean isWatched(Entry entry) {
    if (interests.everything() != null) {
      return true;
    }
    for (long tag : entry.tags) {
      Interest interest = interests.get(tag);
      if (interest != null && interest.watched()) {
        return true;
      }
    }
    return false;
  }

  /// Whether there may be no room for a value of any size.
  public boolean isTight() {
    return usedBytes() + 2L * StoreCommand.MAX_VALUE_BYTES > limitBytes;
  }

  /// Whether more is held than may be.
  public boolean isOver() {
    return usedBytes() > limitBytes;
  }

  /// Makes room for so much, if that can be done.
  public boolean makeFor(long moreBytes) {
    long excess = usedBytes() + moreBytes - limitBytes;
    if (excess <= 0) {
      return true;
    }
    if (moreBytes > limitBytes || turn.nowNanos() < nextTryNanos) {
      return false;
    }
    giveWay(excess);
    if (usedBytes() + moreBytes <= limitBytes) {
      return true;
    }
    nextTryNanos = turn.nowNanos() + PAUSE_NANOS;
    return false;
  }

  /// Lets go of what is held beyond the limit.
  ///
  /// @return whether that was enough
  public boolean giveWay() {
    giveWay(usedBytes() - limitBytes);
    return !isOver();
  }

  private void giveWay(long bytes) {
    long before = holdings.bytes() + shelf.bytes();
    if (holdings.dropHistory()) {
      shelf.dropHistory();
      bytes -= before - holdings.bytes() - shelf.bytes();
    }
    if (bytes > 0) {
      fading.shed(bytes);
    }
  }
}
