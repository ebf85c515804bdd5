package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// How long records have been held by the worker that sends them in an answer: a mark before them, unless it is long of
/// them all. The asker may have written a key meanwhile without knowing of it, and learns so which of the two was first.
///
/// | bytes | |
/// |---|---|
/// | 1 | [PayloadKind#HELD_FOR] |
/// | 2 for each of the records that follow, in turn | milliseconds; 60,000 and more: for long |
public final class HeldFor {

  /// What has been held for longer needs no mark. Longer than it takes to ask all who may hold a key, and short enough that
  /// few answers carry one.
  public static final long MOST_NANOS = 60_000_000_000L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private HeldFor() {}

  /// The mark of these, if they need one.
  public static Optional<Bytes> mark(List<Write> writes, long nowNanos) {
    long longAgo = nowNanos - MOST_NANOS;
    if (writes.stream().noneMatch(write -> write.knownSinceNanos > longAgo)) {
      return Optional.empty();
    }
    ByteBuffer out = ByteBuffer.allocate(1 + writes.size() * Short.BYTES);
    out.put(PayloadKind.HELD_FOR);
    for (Write write : writes) {
      long nanos = nowNanos - Math.clamp(write.knownSinceNanos, longAgo, nowNanos);
      out.putShort((short) (nanos / NANOS_PER_MILLI));
    }
    return Optional.of(Bytes.wrap(out.array()));
  }

  public static boolean isMark(Bytes payload) {
    return payload.size() > 0 && payload.at(0) == PayloadKind.HELD_FOR;
  }

  /// What a mark says of one of the records that follow it, counted from 0. What it says nothing of is held for long.
  public static long nanos(Bytes mark, int record) {
    int at = 1 + record * Short.BYTES;
    if (mark.size() < at + Short.BYTES) {
      return MOST_NANOS;
    }
    int millis = (mark.at(at) & 0xff) << 8 | mark.at(at + 1) & 0xff;
    return Math.min(millis * NANOS_PER_MILLI, MOST_NANOS);
  }
}
