package dev.banyan.bench;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.wire.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Multicast frames of one record and one size, all alike but for sequence, predecessor and the two times in the last
/// sixteen bytes. What the codec writes is patched in place, so that a sender costs nearly nothing beside a router.
final class FrameTemplate {

  /// The first sequence: from here on, for 30 billion records, a sequence has the same length on the wire.
  static final long FIRST_SEQUENCE = 1L << 28;

  private static final long LAST_SEQUENCE = (1L << 35) - 1;
  private static final int SEQUENCE_BYTES = 5;
  private static final int SEVEN_BITS = 0x7f;

  /// At the end of the payload: when the frame was due, and when it was sent.
  private static final int STAMP_BYTES = 2 * Long.BYTES;

  private final byte[] frame;
  private final int sequenceAt;
  private final int predecessorAt;

  /// @param frameBytes of the whole frame, its length field and hops included
  /// @throws IllegalArgumentException when a record with one tag does not fit, or no payload has such a frame (the
  ///     length of a length changes at 128 and 16,384 bytes)
  FrameTemplate(int frameBytes, long tag, NodeId writer, Session session) {
    int smallest = encode(tag, writer, session, FIRST_SEQUENCE, FIRST_SEQUENCE, STAMP_BYTES).length;
    int payloadBytes = STAMP_BYTES + frameBytes - smallest;
    byte[] found = new byte[0];
    for (int slack = 0; slack <= 12 && found.length != frameBytes; slack++) {
      if (payloadBytes - slack >= STAMP_BYTES) {
        found = encode(tag, writer, session, FIRST_SEQUENCE, FIRST_SEQUENCE, payloadBytes - slack);
      }
    }
    if (found.length != frameBytes) {
      throw new IllegalArgumentException(
          "no frame has " + frameBytes + " bytes: try another size, at least " + smallest);
    }
    frame = found;
    int payload = payloadOf(found);
    sequenceAt =
        Arrays.mismatch(
            found, encode(tag, writer, session, LAST_SEQUENCE, FIRST_SEQUENCE, payload));
    predecessorAt =
        Arrays.mismatch(
            found, encode(tag, writer, session, FIRST_SEQUENCE, LAST_SEQUENCE, payload));
  }

  int payloadBytes() {
    return payloadOf(frame);
  }

  /// Appends a frame, still to be [#stamp]ed.
  void put(ByteBuffer block) {
    block.put(frame);
  }

  /// Makes the frame at this position the one with this sequence, which was to be sent at one time and is at another.
  void stamp(ByteBuffer block, int start, long sequence, long dueNanos, long sentNanos) {
    putVarint(block, start + sequenceAt, sequence);
    putVarint(block, start + predecessorAt, sequence - 1);
    block.putLong(start + frame.length - STAMP_BYTES, dueNanos);
    block.putLong(start + frame.length - Long.BYTES, sentNanos);
  }

  /// How much later than due the frame was sent that ends here.
  static long lateNanos(ByteBuffer in, int end) {
    return sentNanos(in, end) - in.getLong(end - STAMP_BYTES);
  }

  /// When the frame was sent that ends here.
  static long sentNanos(ByteBuffer in, int end) {
    return in.getLong(end - Long.BYTES);
  }

  private static void putVarint(ByteBuffer block, int at, long value) {
    long rest = value;
    for (int i = 0; i < SEQUENCE_BYTES - 1; i++) {
      block.put(at + i, (byte) (rest | ~SEVEN_BITS));
      rest >>>= 7;
    }
    block.put(at + SEQUENCE_BYTES - 1, (byte) (rest & SEVEN_BITS));
  }

  private static int payloadOf(byte[] frame) {
    try {
      Multicast multicast = (Multicast) new Codec().decode(frame);
      return multicast.records().getFirst().payload().size();
    } catch (dev.banyan.wire.MalformedFrameException e) {
      throw new IllegalStateException("the codec does not read what it wrote", e);
    }
  }

  private static byte[] encode(
      long tag, NodeId writer, Session session, long sequence, long predecessor, int payload) {
    Record record =
        new Record(
            new long[] {tag},
            writer,
            session,
            sequence,
            new long[] {predecessor},
            Bytes.wrap(new byte[payload]));
    return new Codec().encode(Multicast.of(List.of(record)), 1);
  }
}
