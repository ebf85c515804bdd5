package dev.banyan.store.asking;

import dev.banyan.protocol.NodeId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How far the answers of one round about a prefix have come: who has said all it holds, and of whom the rest is to be
/// asked, from where.
final class RoundProgress {

  private final Set<NodeId> done = new LinkedHashSet<>(2);
  private final Set<Long> lost = new LinkedHashSet<>(2);
  private @Nullable NodeId holder;
  private long first;
  private long after;

  /// Questions to the holder in a row that were not answered.
  private int missed;

  /// Who has more to say; null when the others are to be asked.
  @Nullable NodeId holder() {
    return holder;
  }

  /// The number of the question that it began to answer.
  long first() {
    return first;
  }

  /// The tag of the last key it has said.
  long after() {
    return after;
  }

  List<NodeId> done() {
    return done.stream().limit(Question.MAX_DONE).toList();
  }

  /// A piece has come that ends with that key.
  ///
  /// @return whether it brings the answer on
  boolean piece(NodeId from, long askId, long lastTag) {
    if (holder == null) {
      holder = from;
      first = askId;
      after = lastTag;
    } else if (from.equals(holder) && askId >= first && lastTag > after) {
      after = lastTag;
    } else {
      return false;
    }
    missed = 0;
    return true;
  }

  /// All that the holder has to this question has come.
  void all(NodeId from) {
    done.add(from);
    if (from.equals(holder)) {
      holder = null;
    }
  }

  /// Whether a question can tell of nobody else that it has said all.
  boolean isFull() {
    return done.size() >= Question.MAX_DONE;
  }

  /// What somebody said to this question was lost on the way.
  void lost(NodeId from, long askId) {
    done.remove(from);
    lost.add(askId);
  }

  /// Whether something was, so that its end means nothing.
  boolean hasLost(long askId) {
    return lost.remove(askId);
  }

  /// The holder has nothing to say any more: it is gone, or has forgotten.
  void leaveHolder() {
    holder = null;
  }

  /// The holder has not answered.
  ///
  /// @param most after so many times it is not asked again
  void missed(int most) {
    if (holder != null && ++missed >= most) {
      missed = 0;
      holder = null;
    }
  }
}
