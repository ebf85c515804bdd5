package dev.banyan.protocol;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The join requests that this router has passed to children: who may answer which, and which children a joiner was sent
/// to in vain.
///
/// An answer, or a request given back, counts only from the child that has the request, and what is given back is the
/// request as it was passed, whatever the child has made of it: so nobody can answer for joiners it was never asked
/// about. Bounded: the oldest are forgotten first, and all after a time.
final class JoinsUnderWay {

  /// More than that nobody has under way; a guess, some MB.
  private static final int MAX = 16_384;

  /// Children in vain that are remembered of one joiner.
  private static final int MAX_VAIN = 8;

  private static final class Entry {
    Message.JoinRequest passed;
    /// Null once the child has given the request back.
    @Nullable NodeId child;
    boolean answered;
    long expiresNanos;
    final List<NodeId> vain = new ArrayList<>(0);

    Entry(Message.JoinRequest passed) {
      this.passed = passed;
    }
  }

  private final Turn turn;
  private final long lifeNanos;

  /// In the order in which they expire.
  private final Map<NodeId, Entry> byJoiner = new LinkedHashMap<>();

  JoinsUnderWay(TreeConfig config, Turn turn) {
    this.turn = turn;
    lifeNanos = 2 * config.timing().longestJoinNanos();
  }

  /// A joiner asks, from outside or through the parent.
  ///
  /// @return the child to which its last request was passed and that has failed it, as far as that is news
  Optional<NodeId> asked(Message.JoinRequest request) {
    expire();
    Entry entry = byJoiner.get(request.joiner());
    if (entry == null) {
      return Optional.empty();
    }
    NodeId child = entry.child;
    entry.child = null;
    if (!request.again()
        || child == null
        || entry.vain.contains(child)
        || entry.vain.size() >= MAX_VAIN) {
      return Optional.empty();
    }
    entry.vain.add(child);
    return Optional.of(child);
  }

  /// Children to which this joiner was sent in vain.
  List<NodeId> inVain(NodeId joiner) {
    Entry entry = byJoiner.get(joiner);
    return entry == null ? List.of() : entry.vain;
  }

  /// The request goes to this child, as it is.
  void passed(Message.JoinRequest request, NodeId child) {
    expire();
    Entry entry = byJoiner.remove(request.joiner());
    if (entry == null) {
      entry = new Entry(request);
      if (byJoiner.size() >= MAX) {
        byJoiner.remove(byJoiner.keySet().iterator().next());
      }
    }
    entry.passed = request;
    entry.child = child;
    entry.answered = false;
    entry.expiresNanos = turn.nowNanos() + lifeNanos;
    byJoiner.put(request.joiner(), entry);
  }

  /// A child gives a request back.
  ///
  /// @return the request as it was passed to that child; empty if it was not, or was answered
  Optional<Message.JoinRequest> returned(NodeId child, NodeId joiner, long attempt) {
    Entry entry = open(child, joiner, attempt);
    if (entry == null) {
      return Optional.empty();
    }
    entry.child = null;
    return Optional.of(entry.passed);
  }

  /// A child answers a request.
  ///
  /// @return whether it has that request, and this is its first answer
  boolean answered(NodeId child, NodeId joiner, long attempt) {
    Entry entry = open(child, joiner, attempt);
    if (entry == null) {
      return false;
    }
    entry.answered = true;
    return true;
  }

  private @Nullable Entry open(NodeId child, NodeId joiner, long attempt) {
    expire();
    Entry entry = byJoiner.get(joiner);
    return entry != null
            && child.equals(entry.child)
            && entry.passed.attempt() == attempt
            && !entry.answered
        ? entry
        : null;
  }

  private void expire() {
    Iterator<Entry> each = byJoiner.values().iterator();
    while (each.hasNext() && each.next().expiresNanos - turn.nowNanos() <= 0) {
      each.remove();
    }
  }
}
