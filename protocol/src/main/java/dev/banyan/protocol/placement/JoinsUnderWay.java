package dev.banyan.protocol.placement;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.Turn;
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

  /// A request that a child has had.
  record Errand(Message.JoinRequest request, NodeId child, long sinceNanos) {}

  private final Turn turn;
  private final long lifeNanos;

  /// In the order in which they expire.
  private final JoinerTable byJoiner;

  /// Nothing expires before.
  private long soonestNanos = Long.MAX_VALUE;

  private long bytes;

  JoinsUnderWay(TreeConfig config, Turn turn) {
    this.turn = turn;
    byJoiner = new JoinerTable(turn.seed());
    lifeNanos = 2 * config.timing().longestJoinNanos();
  }

  /// What is known of the joiner; null for nothing. It stands until [#passed] or the next event.
  JoinerTable.@Nullable Entry of(NodeId joiner) {
    expire();
    return byJoiner.get(joiner);
  }

  /// A joiner asks, from outside or through the parent.
  ///
  /// @param entry of it
  /// @param patienceNanos how long the child that has its last request may take for an answer
  /// @return whether that child has failed it: no answer in that time, or a parent that did not take the joiner
  boolean failed(JoinerTable.Entry entry, Message.JoinRequest request, long patienceNanos) {
    NodeId child = entry.child;
    if (child == null) {
      return false;
    }
    Message.JoinRequest last = entry.request;
    NodeId assigned = entry.assigned;
    entry.child = null;
    entry.assigned = null;
    entry.request = null;
    entry.unanswered = last == null ? null : new Errand(last, child, entry.sinceNanos);
    boolean failed =
        last != null
            ? turn.nowNanos() - entry.sinceNanos > patienceNanos
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

  /// The request goes to this child, as it is.
  ///
  /// @param known of its joiner
  void passed(JoinerTable.@Nullable Entry known, Message.JoinRequest request, NodeId child) {
    JoinerTable.Entry entry = known == null ? new JoinerTable.Entry(request.joiner()) : known;
    if (known != null) {
      byJoiner.remove(known);
    }
    bytes -= entry.weight;
    entry.weight = weight(request);
    if (entry.unanswered != null) {
      entry.weight += weight(entry.unanswered.request());
    }
    bytes += entry.weight;
    while (byJoiner.oldest() instanceof JoinerTable.Entry oldest
        && (byJoiner.size() >= MAX || bytes > MAX_BYTES)) {
      forget(oldest);
    }
    entry.child = child;
    entry.assigned = null;
    entry.request = request;
    entry.attempt = request.attempt();
    entry.sinceNanos = turn.nowNanos();
    entry.expiresNanos = turn.nowNanos() + lifeNanos;
    byJoiner.add(entry);
    soonestNanos = Math.min(soonestNanos, entry.expiresNanos);
  }

  private void forget(JoinerTable.Entry entry) {
    bytes -= entry.weight;
    byJoiner.remove(entry);
  }

  /// A child gives a request back.
  ///
  /// @return what is known of the joiner, with the request as it was passed to that child; null if it was not, or was
  ///     answered
  JoinerTable.@Nullable Entry returned(NodeId child, NodeId joiner, long attempt) {
    expire();
    JoinerTable.Entry entry = byJoiner.get(joiner);
    if (entry == null || !has(entry, child, attempt)) {
      return null;
    }
    entry.child = null;
    return entry;
  }

  /// A child answers a request.
  ///
  /// @return empty if it does not have the request, or has answered it before
  Optional<Answer> answered(NodeId child, Message.AssignParent assign) {
    expire();
    JoinerTable.Entry entry = byJoiner.get(assign.joiner());
    if (entry == null) {
      return Optional.empty();
    }
    if (has(entry, child, assign.attempt())) {
      entry.request = null;
      entry.assigned = assign.parent();
      return Optional.of(new Answer(turn.nowNanos() - entry.sinceNanos, false, false));
    }
    Errand before = entry.unanswered;
    if (before == null
        || !before.child().equals(child)
        || before.request().attempt() != assign.attempt()) {
      return Optional.empty();
    }
    entry.unanswered = null;
    boolean forgiven = entry.forgive(child);
    return Optional.of(new Answer(turn.nowNanos() - before.sinceNanos(), true, forgiven));
  }

  /// Whether this child has the joiner's request, for this attempt, and has not answered it.
  private static boolean has(JoinerTable.Entry entry, NodeId child, long attempt) {
    return entry.request != null && entry.attempt == attempt && child.equals(entry.child);
  }

  private void expire() {
    if (turn.nowNanos() < soonestNanos) {
      return;
    }
    soonestNanos = Long.MAX_VALUE;
    while (byJoiner.oldest() instanceof JoinerTable.Entry oldest) {
      if (oldest.expiresNanos - turn.nowNanos() > 0) {
        soonestNanos = oldest.expiresNanos;
        return;
      }
      forget(oldest);
    }
  }

  /// What a request takes in memory, more or less, its way included.
  private static int weight(Message.JoinRequest request) {
    int weight = 256;
    for (Message.Hop hop : request.path()) {
      weight += 64 + 24 * hop.tried().size();
    }
    return weight;
  }
}
