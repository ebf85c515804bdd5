package dev.banyan.store.replica;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.banyan.protocol.Event;
import dev.banyan.store.Lamport;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.WritableHoldings;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How long a deleted key is remembered, by all who hold it, whoever deleted it: for [the time][StoreConfig#tombstoneNanos]
/// from when it was deleted, by the tree's clock. Until then its interest does not fade, so that a worker that was away and
/// still holds the value is told; afterwards nothing is left of the key. A worker that was away for longer puts what it
/// holds on the [Shelf].
///
/// Tombstones go at [#STEPS] instants of the tree's time in each such time, the same ones everywhere, so that replicas stay
/// equal; and [#NOTICE_MILLIS] after this worker has said so ([Event.Forget]), so that the tree knows by then. None goes while
/// this worker is cut off and shortly after: what it deleted meanwhile must be told first.
public final class Tombstones {

  private static final int STEPS = 32;

  /// More than these are not kept, the oldest go first. A guess: 16 MB.
  public static final int MOST = 1 << 16;

  /// What others hold, and were not told, is found out in this time. A guess: many times what a round of digests takes.
  private static final long SETTLE_NANOS = SECONDS.toNanos(30);

  /// How long it takes at most until the news is at the root and down again. A guess: heartbeats of the deepest tree.
  private static final long NOTICE_MILLIS = SECONDS.toMillis(30);

  /// The tree's time may be set: it is looked at so often.
  private static final long LOOK_NANOS = SECONDS.toNanos(60);

  /// Looked at in one event; then others have their turn.
  private static final int LOOKS_AT_ONCE = 4_096;

  private static final long PACE_NANOS = 5_000_000;

  private final long keepMillis;
  private final long stepMillis;
  private final HybridClock clock;
  private final WritableHoldings holdings;
  private final InterestBook interests;
  private final Consumer<Entry> released;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private boolean connected;
  private long notBeforeNanos;

  /// Entries by when their tombstones go, in the tree's time, each once. Some have a newer write meanwhile.
  private final TreeMap<Long, ArrayDeque<Entry>> due = new TreeMap<>();

  private int size;

  /// Up to which of those instants it has been said that tombstones go.
  private long announced;

  /// @param released told of entries that are gone: their interest may fade
  public Tombstones(
      long keepNanos,
      HybridClock clock,
      WritableHoldings holdings,
      InterestBook interests,
      Consumer<Entry> released,
      Counters counters,
      StoreTurn turn) {
    this.keepMillis = keepNanos / 1_000_000;
    this.stepMillis = Math.max(1, keepMillis / STEPS);
    this.clock = clock;
    this.holdings = holdings;
    this.interests = interests;
    this.released = released;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.TOMBSTONE, turn);
  }

  public void connected(boolean now) {
    connected = now;
    notBeforeNanos = turn.nowNanos() + SETTLE_NANOS;
    arm();
  }

  /// The newest write of an entry is a tombstone.
  void added(Entry entry) {
    if (!entry.awaitsPurge()) {
      await(entry);
      while (size > MOST) {
        Entry first = removeFirst();
        if (isTombstone(first)) {
          counters.count(Counters.Count.TOMBSTONES_DROPPED);
          turn.toTree(new Event.Forget(Lamport.millis(first.newest().lamport)));
          purge(first);
        }
      }
    }
  }

  private void await(Entry entry) {
    entry.awaitsPurge(true);
    size++;
    due.computeIfAbsent(goesAtMillis(entry.newest().lamport), _ -> new ArrayDeque<>()).add(entry);
    arm();
  }

  private long goesAtMillis(long lamport) {
    long at = Lamport.millis(lamport) + keepMillis;
    return Math.ceilDiv(at, stepMillis) * stepMillis;
  }

  /// Whether nobody needs this any more who does not hold the key.
  boolean isForgotten(Write write) {
    return write.deleted() && isForgotten(write.lamport);
  }

  /// Whether a tombstone with this Lamport time is not kept any more.
  public boolean isForgotten(long lamport) {
    return goesAtMillis(lamport) + NOTICE_MILLIS <= clock.millis();
  }

  private void arm() {
    if (connected && !due.isEmpty()) {
      long next = due.firstKey() <= announced ? due.firstKey() + NOTICE_MILLIS : due.firstKey();
      long waitMillis = Math.clamp(next - clock.millis(), 0, LOOK_NANOS / 1_000_000);
      long wait = waitMillis * 1_000_000;
      alarm.by(Math.max(turn.nowNanos() + wait, notBeforeNanos));
    }
  }

  public void onTimer(long generation) {
    if (!alarm.fired(generation) || !connected) {
      return;
    }
    if (turn.nowNanos() < notBeforeNanos) {
      arm();
      return;
    }
    long now = clock.millis();
    announced = Math.min(announced, now); // The tree's time may have been set back.
    Long last = due.floorKey(now);
    if (last != null && last > announced) {
      announced = last;
      turn.toTree(new Event.Forget(last - keepMillis));
    }
    int looks = LOOKS_AT_ONCE;
    long until = Math.min(announced, now - NOTICE_MILLIS);
    while (!due.isEmpty() && due.firstKey() <= until) {
      if (looks-- == 0) {
        alarm.by(turn.nowNanos() + PACE_NANOS);
        return;
      }
      look(removeFirst(), until);
    }
    arm();
  }

  private void look(Entry entry, long until) {
    if (!isTombstone(entry)) {
      return;
    }
    if (goesAtMillis(entry.newest().lamport) > until) {
      await(entry); // Deleted again meanwhile.
    } else {
      counters.count(Counters.Count.TOMBSTONES_PURGED);
      purge(entry);
    }
  }

  private Entry removeFirst() {
    Map.Entry<Long, ArrayDeque<Entry>> first = due.firstEntry();
    Entry entry = first.getValue().remove();
    if (first.getValue().isEmpty()) {
      due.remove(first.getKey());
    }
    size--;
    entry.awaitsPurge(false);
    return entry;
  }

  private boolean isTombstone(Entry entry) {
    @Nullable Entry held = holdings.find(entry.tag);
    return held == entry && entry.newest().deleted();
  }

  private void purge(Entry entry) {
    holdings.remove(entry);
    interests.removed(entry);
    released.accept(entry);
  }
}
