package dev.banyan.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A node's counters, by name. They only grow.
final class Tally {

  enum Count {
    MULTICASTS_IN,
    /// Links a multicast was forwarded to, summed.
    MULTICASTS_OUT,
    PUBLISHED,
    DELIVERED,
    /// Multicasts not sent to the parent because nobody outside wants them.
    WITHHELD_UP,
    /// Multicasts with no link to go up by: the parent was lost.
    UNSENT_UP,
    DROPPED_CONGESTED,
    HOP_LIMIT,
    /// Frames from a link that is neither parent nor child.
    IGNORED_STRANGER,
    /// Messages that no sender in that role may send, or that answer nothing asked.
    IGNORED_UNEXPECTED,
    LINKS_REFUSED,
    JOINS_TAKEN,
    JOINS_PASSED,
    JOINS_RETURNED,
    JOINS_REFUSED,
    ATTACHES_REFUSED,
    RESERVATIONS_EXPIRED,
    HEARTBEATS_IN,
    HEARTBEATS_OUT,
    INTEREST_IN,
    WANTED_IN,
    RESENDS_ASKED,
    GAPS_IN,
    ANYCASTS_IN,
    ANYCASTS_LOST,
    TASKS_IN
  }

  private static final Count[] COUNTS = Count.values();

  private final long[] values = new long[COUNTS.length];

  void count(Count what) {
    values[what.ordinal()]++;
  }

  void count(Count what, int times) {
    values[what.ordinal()] += times;
  }

  List<Message.Counter> toList() {
    List<Message.Counter> list = new ArrayList<>(COUNTS.length);
    for (Count count : COUNTS) {
      list.add(new Message.Counter(count.name().toLowerCase(Locale.ROOT), values[count.ordinal()]));
    }
    return list;
  }
}
