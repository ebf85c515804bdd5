package dev.banyan.store.interest;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.machine.LongMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is remembered of one writer's session: which of its last records came in, and how far each tag's chain is
/// whole.
final class WriterLog {

  /// A session's name.
  record Id(NodeId writer, Session session) {}

  /// Sequences below the greatest that are remembered one by one. Under sharding a receiver sees few of a writer's
  /// records, so there is no watermark below which all have come; older repeats are harmless, as merging is idempotent.
  static final int WINDOW = 512;

  final Id id;
  final LongMap<Chain> chains;
  private long[] seen = {};
  private long greatest;

  /// One tag's chain of this session.
  static final class Chain {
    final long tag;

    /// All records with this tag up to this sequence have come in, since the tag was settled.
    long last;

    /// Records ahead of their predecessors, as pairs (predecessor, sequence); null for none.
    long @Nullable [] ahead;

    /// Whether its last was only told of by somebody, and nothing has come since.
    boolean told;

    long overdueNanos;
    boolean forgotten;

    /// Those that are not whole while a record is ahead: the interest that is followed, and the one in everything.
    @Nullable Interest suspicious;

    @Nullable Interest everything;

    Chain(long tag, long last) {
      this.tag = tag;
      this.last = last;
    }
  }

  /// @param tableSeed random: tags are chosen by others
  WriterLog(Id id, long tableSeed) {
    chains = new LongMap<>(tableSeed);
    this.id = id;
  }

  /// Notes that a record came in.
  ///
  /// @return whether it had come in before, as far as remembered
  boolean repeats(long sequence) {
    if (seen.length == 0) {
      seen = new long[WINDOW / Long.SIZE];
    }
    if (sequence > greatest) {
      forgetUpTo(sequence);
      greatest = sequence;
    } else if (sequence <= greatest - WINDOW) {
      return false;
    }
    int word = (int) (sequence & (WINDOW - 1)) / Long.SIZE;
    long bit = 1L << sequence;
    boolean repeated = (seen[word] & bit) != 0;
    seen[word] |= bit;
    return repeated;
  }

  /// Clears the places of sequences after the greatest up to this one.
  private void forgetUpTo(long sequence) {
    if (sequence - greatest >= WINDOW) {
      Arrays.fill(seen, 0);
      return;
    }
    for (long s = greatest + 1; s <= sequence; s++) {
      seen[(int) (s & (WINDOW - 1)) / Long.SIZE] &= ~(1L << s);
    }
  }
}
