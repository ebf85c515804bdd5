package dev.banyan.protocol.placement;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.Iterator;
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

  /// What all of them weigh at most, with the ways that they have come; a guess.
  private static final long MAX_BYTES = 8 << 20;

  /// Children in vain that are remembered of one joiner.
  private static final int MAX_VAIN = 8;

  /// A child's answer to a request that it had.
  ///
  /// @param late the joiner has asked again meanwhile
  /// @param forgiven and the child was taken to have failed it, which it has not
  record Answer(long tookNanos, boolean late, boolean forgiven) {}

  /// A request that a child has and has not answered.
  private record Errand(Message.JoinRequest request, NodeId child, long sinceNanos) {}

  /// Most are answered soon, and then kept for long: what is needed then is little.
  private static final class Entry {
    /// The child that was asked last; null once it has given the request back.
    @Nullable NodeId child;

    /// The parent that it answered with; null as long as it has not.
    @Nullable NodeId assigned;

    /// Null once it has answered.
    @Nullable Errand errand;

    /// The one before, when the joiner asked again before it was answered.
    @Nullable Errand unanswered;

    long expiresNanos;
    long weight;

    /// Empty lists are all the same one.
    List<NodeId> vain = List.of();

    void inVain(NodeId failed) {
      if (vain.isEmpty()) {
        vain = new ArrayList<>(1);
      }
      vain.add(failed);
    }

    boolean forgive(NodeId failed) {
      return !vain.isEmpty() && vain.remove(failed);
    }
  }

  private final Turn turn;
  private final long lifeNanos;

  /// In the order in which they expire.
  private Map<NodeId, Entry> byJoiner = RareMap.none();

  private long bytes;

  JoinsUnderWay(TreeConfig config, Turn turn) {
    this.turn = turn;
    lifeNanos = 2 * config.timing().longestJoinNanos();
  }

  /// The child to which the joiner's last request was passed, if that is under way still.
  Optional<NodeId> childOf(NodeId joiner) {
    Entry entry = byJoiner.get(joiner);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.child);
  }

  /// A joiner asks, from outside or through the parent.
  ///
  /// @param patienceNanos how long the child that has its last request may take for an answer
  /// @return whether that child has failed it: no answer in that time, or a parent that did not take the joiner
  boolean failed(Message.JoinRequest request, long patienceNanos) {
    expire();
    Entry entry = byJoiner.get(request.joiner());
    NodeId child = entry == null ? null : entry.child;
    if (entry == null || child == null) {
      return false;
    }
    Errand last = entry.errand;
    NodeId assigned = entry.assigned;
    entry.child = null;
    entry.assigned = null;
    entry.errand = null;
    entry.unanswered = last;
    boolean failed =
        last != null
            ? turn.nowNanos() - last.sinceNanos() > patienceNanos
            : assigned != null && request.failed().contains(assigned);
    if (!request.again()
        || !failed
        || entry.vain.contains(child)
        || entry.vain.size() >= MAX_VAIN) {
      return false;
    }
    entry.inVain(child);
    return true;
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
      entry = new Entry();
    }
    bytes -= entry.weight;
    entry.weight = weight(request);
    if (entry.unanswered != null) {
      entry.weight += weight(entry.unanswered.request());
    }
    bytes += entry.weight;
    Iterator<Entry> oldest = byJoiner.values().iterator();
    while (oldest.hasNext() && (byJoiner.size() >= MAX || bytes > MAX_BYTES)) {
      bytes -= oldest.next().weight;
      oldest.remove();
    }
    entry.child = child;
    entry.assigned = null;
    entry.errand = new Errand(request, child, turn.nowNanos());
    entry.expiresNanos = turn.nowNanos() + lifeNanos;
    byJoiner = RareMap.writable(byJoiner);
    byJoiner.put(request.joiner(), entry);
  }

  /// A child gives a request back.
  ///
  /// @return the request as it was passed to that child; empty if it was not, or was answered
  Optional<Message.JoinRequest> returned(NodeId child, NodeId joiner, long attempt) {
    expire();
    Entry entry = byJoiner.get(joiner);
    Errand errand = entry == null ? null : open(entry.errand, child, attempt);
    if (entry == null || errand == null) {
      return Optional.empty();
    }
    entry.child = null;
    entry.errand = null;
    return Optional.of(errand.request());
  }

  /// A child answers a request.
  ///
  /// @return empty if it does not have the request, or has answered it before
  Optional<Answer> answered(NodeId child, Message.AssignParent assign) {
    expire();
    Entry entry = byJoiner.get(assign.joiner());
    if (entry == null) {
      return Optional.empty();
    }
    Errand errand = open(entry.errand, child, assign.attempt());
    if (errand != null) {
      entry.errand = null;
      entry.assigned = assign.parent();
      return Optional.of(new Answer(turn.nowNanos() - errand.sinceNanos(), false, false));
    }
    Errand before = open(entry.unanswered, child, assign.attempt());
    if (before == null) {
      return Optional.empty();
    }
    entry.unanswered = null;
    boolean forgiven = entry.forgive(child);
    return Optional.of(new Answer(turn.nowNanos() - before.sinceNanos(), true, forgiven));
  }

  /// The errand, if this child has it, for this attempt.
  private static @Nullable Errand open(@Nullable Errand errand, NodeId child, long attempt) {
    return errand != null
            && errand.child().equals(child)
            && errand.request().attempt() == attempt
        ? errand
        : null;
  }

  private void expire() {
    Iterator<Entry> each = byJoiner.values().iterator();
    while (each.hasNext()) {
      Entry entry = each.next();
      if (entry.expiresNanos - turn.nowNanos() > 0) {
        return;
      }
      bytes -= entry.weight;
      each.remove();
    }
  }

  /// What a request takes in memory, more or less, its way included.
  private static long weight(Message.JoinRequest request) {
    long weight = 256;
    for (Message.Hop hop : request.path()) {
      weight += 64L + 24L * hop.tried().size();
    }
    return weight;
  }
}
