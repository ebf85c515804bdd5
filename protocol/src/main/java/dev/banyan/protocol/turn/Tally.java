package dev.banyan.protocol.turn;

import dev.banyan.protocol.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A node's counters, by name. They only grow.
public final class Tally {

  public enum Count {
    MULTICASTS_IN,
    /// Links a multicast was forwarded to, summed.
    MULTICASTS_OUT,
    /// Of those, how many went cut down to what the link may want.
    PRUNED_OUT,
    PUBLISHED,
    DELIVERED,
    /// Multicasts that came in and were wanted neither here nor on another link: false positives, or not yet answered.
    UNWANTED_IN,
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
    /// What a peer said or asked beyond its budget (docs/protocol.md), and so was not listened to.
    OVER_BUDGET,
    JOINS_TAKEN,
    JOINS_PASSED,
    JOINS_RETURNED,
    JOINS_REFUSED,
    /// Joiners that ask again: the child to which they were sent has failed them.
    JOINERS_CAME_BACK,
    /// Child routers that were not found at the address they give.
    PROBES_FAILED,
    ATTACHES_REFUSED,
    RESERVATIONS_EXPIRED,
    HEARTBEATS_IN,
    HEARTBEATS_OUT,
    INTEREST_IN,
    WANTED_IN,
    RESENDS_ASKED,
    /// How often the node came to tell more or fewer tags apart.
    RESOLUTIONS,
    GAPS_IN,
    ANYCASTS_IN,
    ANYCASTS_LOST,
    /// Questions that went round without a child because it does not give questions back.
    ANYCASTS_UNASKED,
    /// How often a child turned out not to give questions back.
    CHILDREN_SILENT,
    TASKS_IN,
    /// Tasks not sent on a congested link, and given back if there is a way.
    TASKS_DROPPED,
    /// Surveys of observers passed on to a client.
    SURVEYS_PASSED,
    /// Tasks that queues drove away from where their tags are at home.
    TASKS_SPILLED,
    RESULTS_IN,
    RESULTS_LOST,
    /// Clients told to move to where others use the same tags.
    REASSIGNED,
    /// Such moves that did not end in time.
    REASSIGNMENTS_FAILED;

    /// The counter's name outside: MULTICASTS_IN is multicastsIn.
    private final String title;

    Count() {
      String[] words = name().toLowerCase(Locale.ROOT).split("_");
      StringBuilder camel = new StringBuilder(words[0]);
      for (String word : Arrays.asList(words).subList(1, words.length)) {
        camel.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      }
      title = camel.toString();
    }
  }

  private static final Count[] COUNTS = Count.values();

  // The lower halves, without sign, and the upper ones: few nodes ever come to have any of those.
  private final int[] lower = new int[COUNTS.length];
  private long @Nullable [] upper;

  public void count(Count what) {
    count(what, 1);
  }

  /// @param times at least 0
  public void count(Count what, int times) {
    int before = lower[what.ordinal()];
    int after = before + times;
    lower[what.ordinal()] = after;
    if (Integer.compareUnsigned(after, before) < 0) {
      carry(what);
    }
  }

  private void carry(Count what) {
    if (upper == null) {
      upper = new long[COUNTS.length];
    }
    upper[what.ordinal()]++;
  }

  private long value(Count what) {
    long high = upper == null ? 0 : upper[what.ordinal()];
    return (high << Integer.SIZE) + Integer.toUnsignedLong(lower[what.ordinal()]);
  }

  public List<Message.Counter> toList() {
    List<Message.Counter> list = new ArrayList<>(COUNTS.length);
    for (Count count : COUNTS) {
      list.add(new Message.Counter(count.title, value(count)));
    }
    return list;
  }
}
