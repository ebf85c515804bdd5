package dev.banyan.store.machine;

import dev.banyan.protocol.Message;
import dev.banyan.store.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a store counts. Names are promised; more may be added.
public final class Counters {

  public enum Count {
    /// Writes made here.
    UPDATES,
    /// Records that came in and were of interest, repeats included.
    DELIVERIES,
    /// Records that had come in before.
    DUPLICATE_DELIVERIES,
    /// Records that came in and lost against what was held.
    OUTDATED,
    /// Records that came in and are of no interest here.
    UNWANTED,
    /// Payloads and questions that could not be read.
    MALFORMED,
    /// Records and claims about versions that came in and cannot have been written yet.
    FUTURE,
    /// Records whose predecessor never came.
    HOLES,
    /// Gap marks.
    GAPS,
    /// Changes of the path to the root.
    PATH_CHANGES,
    /// Rounds of digests begun.
    RESYNCS,
    /// Payload bytes of digests and republished records sent.
    RESYNC_BYTES,
    DIGESTS_SENT,
    DIGESTS_RECEIVED,
    /// Digest pairs left unsent because somebody else said the same.
    DIGESTS_SPARED,
    /// Records sent again because somebody lacked them.
    REPUBLISHED,
    /// Replies to digests, and digests of ranges, dropped because too many waited.
    REPLIES_DROPPED,
    /// Keys looked at to compare what others hold under a prefix, and to tell them.
    KEYS_LOOKED_AT,
    /// Questions asked.
    ASKS,
    /// Questions answered here.
    ANSWERS,
    /// Questions left unanswered because too many long answers were in progress.
    ANSWERS_DROPPED,
    /// Records that came as answers.
    FETCHED,
    /// Questions that nobody answered in time.
    ASK_TIMEOUTS,
    /// Questions that could not be put to everybody who may hold what is asked for.
    ASKS_INCOMPLETE,
    /// Reads that were told that the key is not known now.
    READS_UNREACHABLE,
    /// Questions of others that waited for the answer to our own.
    QUESTIONS_HELD,
    /// Writes of keys not known here that were made again, because an older one turned up with a greater Lamport time.
    REBASED,
    /// Own writes made again because the tree's time was learned, or set back far.
    RESTAMPED,
    /// Learned interests that nobody used any more.
    FADED,
    /// Keys that are not advertised any more because the parent takes no more tags.
    SILENCED,
    /// Learned interests let go early, for lack of room.
    SHED,
    /// Writes refused for lack of room.
    FULL,
    /// Watches ended for lack of room.
    WATCHES_ENDED,
    /// Keys of which somebody else took the duty to keep them, when this worker was about to leave.
    HANDED_OVER,
    /// Keys kept here in place of workers that left.
    KEPT_FOR_OTHERS,
    /// Tombstones that were kept for as long as they are.
    TOMBSTONES_PURGED,
    /// Tombstones that went before their time because there were too many.
    TOMBSTONES_DROPPED,
    /// Values put on the shelf because this worker was away for longer than tombstones are kept.
    SHELVED,
    /// Batches, or records in them, that were not opened, by reason ([dev.banyan.store.Sealing.Reason]).
    CAPSULES_MALFORMED,
    CAPSULES_FOREIGN,
    CAPSULES_FORGED,
    CAPSULES_UNTIMELY,
    CAPSULES_FORBIDDEN,
    CAPSULES_REVOKED,
    CAPSULES_UNREADABLE,
    /// Batches that came in beside another one of the same session with the same number.
    CAPSULES_FORKED,
    /// Answers and questions that were not believed, by reason.
    ANSWERS_UNPROVEN,
    ANSWERS_MISDIRECTED,
    ANSWERS_REPLAYED,
    /// Answers that did not show what their asker knew of.
    ANSWERS_BEHIND,
    /// Records that somebody who asked knew of, and that were never heard of here.
    HEADS_UNHEARD,
    REFUSED
  }

  private final long[] counts = new long[Count.values().length];

  public void count(Count count) {
    counts[count.ordinal()]++;
  }

  /// Counts what was not opened.
  public void refused(Sealing.Reason reason) {
    count(
        switch (reason) {
          case MALFORMED -> Count.CAPSULES_MALFORMED;
          case FOREIGN -> Count.CAPSULES_FOREIGN;
          case FORGED -> Count.CAPSULES_FORGED;
          case UNTIMELY -> Count.CAPSULES_UNTIMELY;
          case FORBIDDEN -> Count.CAPSULES_FORBIDDEN;
          case REVOKED -> Count.CAPSULES_REVOKED;
          case UNREADABLE -> Count.CAPSULES_UNREADABLE;
          case FORKED -> Count.CAPSULES_FORKED;
          case UNPROVEN -> Count.ANSWERS_UNPROVEN;
          case MISDIRECTED -> Count.ANSWERS_MISDIRECTED;
          case REPLAYED -> Count.ANSWERS_REPLAYED;
        });
  }

  public void add(Count count, long amount) {
    counts[count.ordinal()] += amount;
  }

  long get(Count count) {
    return counts[count.ordinal()];
  }

  public List<Message.Counter> all() {
    List<Message.Counter> all = new ArrayList<>();
    for (Count count : Count.values()) {
      all.add(new Message.Counter(name(count), get(count)));
    }
    return all;
  }

  /// `DUPLICATE_DELIVERIES` is `duplicateDeliveries` to the outside.
  private static String name(Count count) {
    StringBuilder name = new StringBuilder();
    for (String word : count.name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      name.append(
          name.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return name.toString();
  }
}
