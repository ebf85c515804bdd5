package dev.banyan.store.resync;

import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys held under a prefix in the order of their tags, for who compares ranges of them. To bring them into order
/// all have to be looked at, and a range may hold them all; others decide how often. So each look is followed by a pause in
/// proportion to it, in which there are no others: half of the worker's time at most goes there.
final class TagOrder {

  /// What a key costs that is only looked at. A guess: measured on one machine, and doubled.
  private static final long LOOK_NANOS = 100;

  /// Work that takes less is not followed by a pause.
  private static final long SLACK_NANOS = 1_000_000;

  private final Holdings holdings;
  private final Counters counters;
  private final StoreTurn turn;
  private @Nullable Interest interest;
  private List<Entry> entries = List.of();

  /// Of [Checksums#membership] when they were brought into order.
  private long membership;

  /// When the time is made up for that looking at keys took.
  private long paidNanos;

  TagOrder(Holdings holdings, Counters counters, StoreTurn turn) {
    this.holdings = holdings;
    this.counters = counters;
    this.turn = turn;
  }

  /// How long to wait before another range may be looked at; 0 for now.
  long waitNanos() {
    return Math.max(0, paidNanos - SLACK_NANOS - turn.nowNanos());
  }

  /// The keys in a range, both ends included, in order; valid until the next event. Only when there is nothing to wait for.
  List<Entry> between(Interest wanted, long lowest, long highest) {
    if (!isOf(wanted)) {
      sort(wanted);
    }
    int first = firstFrom(lowest);
    int end = highest == Long.MAX_VALUE ? entries.size() : firstFrom(highest + 1);
    looked(end - first + 1L);
    return entries.subList(first, end);
  }

  /// Nobody will ask soon.
  void forget() {
    interest = null;
    entries = List.of();
  }

  private boolean isOf(Interest wanted) {
    Checksums checksums = wanted.checksums;
    return interest == wanted && checksums != null && checksums.membership() == membership;
  }

  private void sort(Interest wanted) {
    List<Entry> sorted = new ArrayList<>();
    holdings.under(wanted.name, sorted::add);
    sorted.sort((a, b) -> Long.compare(a.tag, b.tag));
    Checksums checksums = wanted.checksums;
    interest = wanted;
    entries = sorted;
    membership = checksums == null ? -1 : checksums.membership();
    looked(sorted.size());
  }

  private void looked(long keys) {
    counters.add(Counters.Count.KEYS_LOOKED_AT, keys);
    paidNanos = Math.max(paidNanos, turn.nowNanos()) + keys * LOOK_NANOS;
  }

  private int firstFrom(long tag) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).tag < tag) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
