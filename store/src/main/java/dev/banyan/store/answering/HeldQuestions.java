package dev.banyan.store.answering;

import dev.banyan.protocol.Message;
import dev.banyan.store.machine.LongMap;
import java.util.ArrayList;
import java.util.List;

/// Questions of others that wait here for the answer to our own about the same tag.
///
/// When a crowd begins to want something in the same instant, nobody is settled, so every question would visit everybody:
/// a million visits for a thousand workers. Instead a question waits at the first worker with a smaller id that has asked
/// already. Only the smallest id's goes all the way round, and no two can wait for each other.
public final class HeldQuestions {

  /// Of all tags together; more go their way at once.
  private static final int MOST = 1_024;

  /// Bytes and ids of a question that may wait, so that what waits is bounded.
  private static final int MOST_WEIGHT = 8_192;

  private final LongMap<List<Arrived>> byTag;
  private int count;

  public HeldQuestions(long seed) {
    byTag = new LongMap<>(seed);
  }

  /// Holds the question, if there is room.
  ///
  /// @param tag of the interest whose question it waits for
  boolean hold(long tag, Arrived question) {
    if (count == MOST || weight(question.question()) > MOST_WEIGHT) {
      return false;
    }
    List<Arrived> held = byTag.get(tag);
    if (held == null) {
      held = new ArrayList<>();
      byTag.put(tag, held);
    }
    held.add(question);
    count++;
    return true;
  }

  /// Those that waited for this interest's, in the order in which they came; they are not held any more.
  List<Arrived> release(long tag) {
    List<Arrived> held = byTag.remove(tag);
    if (held == null) {
      return List.of();
    }
    count -= held.size();
    return held;
  }

  private static int weight(Message.Anycast question) {
    int weight = question.question().size();
    for (Message.Hop hop : question.path()) {
      weight += Long.BYTES * (1 + hop.tried().size());
    }
    return weight;
  }
}
