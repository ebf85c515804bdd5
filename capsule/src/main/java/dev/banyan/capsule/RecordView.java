package dev.banyan.capsule;

import java.nio.ByteBuffer;

/// One record of a parsed batch, which has been checked already.
final class RecordView {

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final int tagEpoch;
  private final long lamportDelta;
  private final long[] tags;
  private final long[] distances;
  private final int sealedAt;

  RecordView(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.position(start);
    try {
      tagEpoch = in.get();
      lamportDelta = Varint.get(in);
      tags = new long[(int) Varint.get(in)];
      for (int i = 0; i < tags.length; i++) {
        tags[i] = in.getLong();
      }
      distances = new long[tags.length];
      for (int i = 0; i < distances.length; i++) {
        distances[i] = Varint.get(in);
      }
      Varint.get(in);
    } catch (CapsuleException e) {
      throw new IllegalStateException("a record that was read cannot be read", e);
    }
    sealedAt = in.position();
  }

  int tagEpoch() {
    return tagEpoch;
  }

  long lamportDelta() {
    return lamportDelta;
  }

  long[] tags() {
    return tags;
  }

  /// For each tag the session's record before this one with that tag; 0 for none.
  ///
  /// @param sequence this record's
  long[] predecessors(long sequence) {
    long[] predecessors = new long[distances.length];
    for (int i = 0; i < predecessors.length; i++) {
      predecessors[i] = distances[i] == 0 ? 0 : sequence - distances[i];
    }
    return predecessors;
  }

  Crypto.Slice clear() {
    return new Crypto.Slice(bytes, start, sealedAt - start);
  }

  Crypto.Slice sealed() {
    return new Crypto.Slice(bytes, sealedAt, end - sealedAt);
  }
}
