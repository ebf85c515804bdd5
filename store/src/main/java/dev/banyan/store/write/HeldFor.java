package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// How long a record has been held by the worker that sends it in an answer: a mark before it, unless that is long. The
/// asker may have written the key meanwhile without knowing of it, and learns so which of the two was first.
///
/// | bytes | |
/// |---|---|
/// | 1 | [PayloadKind#HELD_FOR] |
/// | 4 | milliseconds |
public final class HeldFor {

  /// What has been held for longer is sent without a mark. Longer than it takes to ask all who may hold a key, and short
  /// enough that few answers carry one.
  public static final long MOST_NANOS = 60_000_000_000L;

  private static final int BYTES = 5;

  private HeldFor() {}

  public static Bytes mark(long nanos) {
    int millis = (int) (Math.clamp(nanos, 0, MOST_NANOS) / 1_000_000);
    return Bytes.wrap(ByteBuffer.allocate(BYTES).put(PayloadKind.HELD_FOR).putInt(millis).array());
  }

  /// What a mark says; nothing if the payload is none.
  public static OptionalLong nanos(Bytes payload) {
    if (payload.size() != BYTES || payload.at(0) != PayloadKind.HELD_FOR) {
      return OptionalLong.empty();
    }
    long millis = 0;
    for (int i = 1; i < BYTES; i++) {
      millis = millis << 8 | payload.at(i) & 0xff;
    }
    return OptionalLong.of(Math.min(millis * 1_000_000, MOST_NANOS));
  }
}
