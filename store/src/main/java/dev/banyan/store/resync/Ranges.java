package dev.banyan.store.resync;

import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;

/// What others say that they hold in ranges of keys: compared at once while [TagOrder] lets it, else in the order in which
/// it came. Bounded.
final class Ranges {

  /// Keys in the ranges that wait, at most, some 6 MB; a guess. Those of more are dropped: the questions after a resync
  /// repair what they would have.
  private static final int MAX_KEYS = 1 << 17;

  /// What a range counts for beside its keys.
  private static final int RANGE_KEYS = 4;

  private final TagOrder order;
  private final BiConsumer<Interest, Digest.OfRange> compare;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int keys;

  private record Waiting(Interest interest, Digest.OfRange range) {
    int keys() {
      return RANGE_KEYS + range.pairs().size();
    }
  }

  Ranges(
      TagOrder order,
      BiConsumer<Interest, Digest.OfRange> compare,
      Counters counters,
      StoreTurn turn) {
    this.order = order;
    this.compare = compare;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.RANGE, turn);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(Interest interest, Digest.OfRange range) {
    Waiting added = new Waiting(interest, range);
    if (keys + added.keys() > MAX_KEYS) {
      counters.count(Counters.Count.REPLIES_DROPPED);
      return;
    }
    waiting.add(added);
    keys += added.keys();
    compareNow();
  }

  void onTimer(long generation) {
    if (alarm.fired(generation)) {
      compareNow();
    }
  }

  private void compareNow() {
    while (!waiting.isEmpty()) {
      Waiting next = waiting.element();
      long wait = next.interest().gone() ? 0 : order.waitNanos();
      if (wait > 0) {
        alarm.by(turn.nowNanos() + wait);
        return;
      }
      waiting.remove();
      keys -= next.keys();
      if (!next.interest().gone()) {
        compare.accept(next.interest(), next.range());
      }
    }
  }
}
