package dev.banyan.store;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Record;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Answers about prefixes, in pieces: queues are bounded, and a piece that finds one full makes the whole answer void, so
/// what is large is said no faster than a link can be expected to take it.
///
/// All answers in progress take turns. One says at its end that it is complete only if what was complete when it began
/// stayed so all the time: what a repair brought meanwhile may stand before the place that was reached.
final class PrefixAnswers {

  /// Bytes of one piece, unless a single record has more; a guess, below what a link's queue holds many times.
  static final int PIECE_BYTES = 256 << 10;

  /// What a record's tags and numbers count for among those.
  private static final int RECORD_BYTES = 96;

  /// Time between two pieces of that size, over all answers: 25 MB/s. A guess: a fifth of a gigabit link.
  private static final long PACE_NANOS = 10_000_000;

  /// Answers in progress. At their pace the first piece of the last comes before its asker's patience is over.
  static final int MAX_IN_PROGRESS = 64;

  private final Memtable memtable;
  private final BooleanSupplier congested;
  private final Counters counters;
  private final Outbox outbox;
  private final Alarm alarm;
  private final ArrayDeque<Answer> inProgress = new ArrayDeque<>();

  private static final class Answer {
    final Message.Anycast asked;
    final String prefix;

    /// The buckets that differ, or empty for all.
    final boolean[] differs;

    /// What makes it complete, if anything did when it began, and how often that had been in doubt by then.
    final @Nullable Interest complete;

    final long doubts;

    /// The last key that was looked at; null before the first.
    @Nullable String reached;

    Answer(Message.Anycast asked, String prefix, boolean[] differs, @Nullable Interest complete) {
      this.asked = asked;
      this.prefix = prefix;
      this.differs = differs;
      this.complete = complete;
      this.doubts = complete == null ? 0 : complete.doubts();
    }

    boolean isComplete() {
      return complete != null && complete.doubts() == doubts && complete.whole() && !complete.gone;
    }

    boolean wants(Entry entry) {
      int bits = Integer.numberOfTrailingZeros(differs.length);
      return differs.length == 0 || differs[Checksums.bucket(entry.tag, bits)];
    }
  }

  /// @param congested whether what is sent now would wait behind what was sent before
  PrefixAnswers(Memtable memtable, BooleanSupplier congested, Counters counters, Outbox outbox) {
    this.memtable = memtable;
    this.congested = congested;
    this.counters = counters;
    this.outbox = outbox;
    this.alarm = new Alarm(StoreTimer.ANSWER, outbox);
  }

  /// Answers at once what is small, else begins to.
  ///
  /// @param differs the buckets in which the asker holds something else; empty if it holds nothing
  /// @param complete an interest that makes what is held of the prefix complete
  void begin(Message.Anycast asked, String prefix, boolean[] differs, @Nullable Interest complete) {
    Answer answer = new Answer(asked, prefix, differs, complete);
    Piece first = next(answer);
    if (!first.more()) {
      say(answer, first);
      return;
    }
    // Who asks again gets the answer from the beginning, instead of the rest of this one.
    inProgress.removeIf(
        other -> other.asked.origin().equals(asked.origin()) && other.prefix.equals(prefix));
    if (inProgress.size() == MAX_IN_PROGRESS) {
      counters.count(Counters.Count.ANSWERS_DROPPED); // The asker asks again.
      return;
    }
    if (inProgress.isEmpty() && !alarm.isSet() && !congested.getAsBoolean()) {
      say(answer, first);
      alarm.by(outbox.nowNanos() + pause(first.bytes()));
    } else {
      answer.reached = null;
      alarm.by(outbox.nowNanos() + PACE_NANOS);
    }
    inProgress.add(answer);
  }

  void onTimer(long generation) {
    if (!alarm.fired(generation) || inProgress.isEmpty()) {
      return;
    }
    if (congested.getAsBoolean()) {
      alarm.by(outbox.nowNanos() + PACE_NANOS);
      return;
    }
    Answer answer = inProgress.remove();
    Piece piece = next(answer);
    say(answer, piece);
    if (piece.more()) {
      inProgress.add(answer);
    }
    // Also after the last, so that the next question finds the pace kept.
    alarm.by(outbox.nowNanos() + pause(piece.bytes()));
  }

  private static long pause(int bytes) {
    return PACE_NANOS * Math.max(1, bytes / PIECE_BYTES);
  }

  private record Piece(List<Record> records, int bytes, boolean more) {}

  private Piece next(Answer answer) {
    List<Record> records = new ArrayList<>();
    int bytes = 0;
    String start = answer.reached == null ? answer.prefix : answer.reached;
    for (Entry entry : memtable.from(start, answer.reached == null)) {
      if (!entry.key.startsWith(answer.prefix)) {
        break;
      }
      if (answer.wants(entry)) {
        int size = RECORD_BYTES + entry.newest().record.payload().size();
        if (!records.isEmpty() && bytes + size > PIECE_BYTES) {
          return new Piece(records, bytes, true);
        }
        records.add(entry.newest().record);
        bytes += size;
      }
      answer.reached = entry.key;
    }
    return new Piece(records, bytes, false);
  }

  private void say(Answer answer, Piece piece) {
    boolean settled = !piece.more() && answer.isComplete();
    outbox.toTree(new Event.Answer(answer.asked, settled, piece.records(), piece.more()));
  }
}
