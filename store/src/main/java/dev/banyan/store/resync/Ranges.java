package dev.banyan.store.resync;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayDeque;

/// What others say that they hold in ranges of keys: compared at once while [TagOrder] lets it, else in the order in which
/// it came. Bounded.
final class Ranges {

  /// Keys in the ranges that wait, at most, some 6 MB; a guess. Those of more are dropped: the questions after a resync
  /// repair what they would have.
  private static final int MAX_KEYS = 1 << 17;

  /// What a range counts for beside its keys.
  private static final int RANGE_KEYS = 4;

  private final TagOrder order;
  private final Comparison comparison;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int keys;

  /// Told to compare one with what is held here.
  interface Comparison {
    void compare(Interest interest, NodeId from, Digest.OfRange range);
  }

  private record Waiting(Interest interest, NodeId from, Digest.OfRange range) {
    int keys() {
      return RANGE_KEYS + range.pairs().size();
    }
  }

  Ranges(TagOrder order, Comparison comparison, Counters counters, StoreTurn turn) {
    this.order = order;
    this.comparison = comparison;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.RANGE, turn);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// @param from who says so
  void add(Interest interest, NodeId from, Digest.OfRange range) {
    Waiting added = new Waiting(interest, from, range);
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
        comparison.compare(next.interest(), next.from(), next.range());
      }
    }
  }
}
