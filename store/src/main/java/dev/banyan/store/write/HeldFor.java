package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// How long records have been held by the worker that sends them in an answer: a mark before them, unless it is long of
/// them all. The asker may have written a key meanwhile without knowing of it, and learns so which of the two was first.
///
/// | bytes | |
/// |---|---|
/// | 1 | [PayloadKind#HELD_FOR] |
/// | 2 | milliseconds for which the question waited there, 60,000 at most: no part of its way |
/// | 2 for each of the records that follow, in turn | milliseconds; 60,000 and more: for long |
public final class HeldFor {

  /// What has been held for longer needs no mark. Longer than it takes to ask all who may hold a key, and short enough that
  /// few answers carry one.
  public static final long MOST_NANOS = 60_000_000_000L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private HeldFor() {}

  /// The mark of these, if they need one.
  ///
  /// @param askedNanos when the question came
  public static Optional<Bytes> mark(List<Write> writes, long askedNanos, long nowNanos) {
    long longAgo = nowNanos - MOST_NANOS;
    if (writes.stream().noneMatch(write -> write.knownSinceNanos > longAgo)) {
      return Optional.empty();
    }
    ByteBuffer out = ByteBuffer.allocate(1 + (1 + writes.size()) * Short.BYTES);
    out.put(PayloadKind.HELD_FOR);
    out.putShort(millis(nowNanos - askedNanos));
    for (Write write : writes) {
      out.putShort(millis(nowNanos - Math.clamp(write.knownSinceNanos, longAgo, nowNanos)));
    }
    return Optional.of(Bytes.wrap(out.array()));
  }

  public static boolean isMark(Bytes payload) {
    return payload.size() > 0 && payload.at(0) == PayloadKind.HELD_FOR;
  }

  /// The mark as a record before those that it is about. If it is about others, as some were not believed, it says that all have just
  /// come: which of them is which is not known then, and nothing is taken for older than it is.
  public static Record record(Bytes mark, NodeId from, List<Record> of) {
    boolean fits = mark.size() == 1 + (1 + of.size()) * Short.BYTES;
    byte[] justNow = new byte[1 + (1 + of.size()) * Short.BYTES];
    justNow[0] = PayloadKind.HELD_FOR;
    long[] tags = of.getFirst().tags();
    return new Record(
        tags,
        from,
        of.getFirst().session(),
        1,
        new long[tags.length],
        fits ? mark : Bytes.wrap(justNow));
  }

  private static short millis(long nanos) {
    return (short) (Math.clamp(nanos, 0, MOST_NANOS) / NANOS_PER_MILLI);
  }

  /// For how long the question waited at who answers.
  public static long waitedNanos(Bytes mark) {
    return at(mark, 0);
  }

  /// What a mark says of one of the records that follow it, counted from 0. What it says nothing of is held for long.
  public static long nanos(Bytes mark, int record) {
    return at(mark, 1 + record);
  }

  private static long at(Bytes mark, int place) {
    int at = 1 + place * Short.BYTES;
    if (mark.size() < at + Short.BYTES) {
      return MOST_NANOS;
    }
    int millis = (mark.at(at) & 0xff) << 8 | mark.at(at + 1) & 0xff;
    return Math.min(millis * NANOS_PER_MILLI, MOST_NANOS);
  }
}
