package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Plain;
import dev.banyan.capsule.Varint;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.UpdatePayload;
import java.nio.ByteBuffer;

/// What stands in the sealed part of a record: what only members need. Numbers have seven bits a byte, the lowest first.
///
/// | bytes | |
/// |---|---|
/// | varint | the record's sequence |
/// | varint each | for each of its tags, how far back its predecessor is; 0 for none |
/// | rest | the payload |
///
/// Routers see tags and the time of writing. How often somebody writes under a tag they can count; which record follows which they need not know.
final class SealedText {

  private SealedText() {}

  /// @param number within the batches of the session, which is not the record's sequence: what is written while disconnected
  ///     is sealed later than what is written after it, or never
  /// @param timeOfOthers what is said of a record that has no time
  static Plain plain(Record record, long number, long timeOfOthers) {
    long[] distances = distances(record);
    int size = Varint.size(record.sequence()) + record.payload().size();
    for (long distance : distances) {
      size += Varint.size(distance);
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    Varint.put(out, record.sequence());
    for (long distance : distances) {
      Varint.put(out, distance);
    }
    out.put(record.payload().shared());
    return new Plain(
        number,
        PayloadKind.isUpdate(record.payload()) ? lamport(record.payload()) : timeOfOthers,
        0,
        record.tags(),
        new long[record.tags().length],
        out.array());
  }

  /// @throws IllegalArgumentException for what no member writes
  static Record record(Plain plain, NodeId writer, Session session, Sealed proof) {
    ByteBuffer in = ByteBuffer.wrap(plain.text());
    long sequence;
    long[] predecessors = new long[plain.tags().length];
    try {
      sequence = Varint.get(in);
      for (int i = 0; i < predecessors.length; i++) {
        long distance = Varint.get(in);
        if (distance >= sequence) {
          throw new IllegalArgumentException("a predecessor before the first record");
        }
        predecessors[i] = distance == 0 ? 0 : sequence - distance;
      }
    } catch (CapsuleException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    Bytes text = Bytes.wrap(payload);
    if (PayloadKind.isUpdate(text) && lamport(text) != plain.lamport()) {
      throw new IllegalArgumentException("a record that says two times");
    }
    return new Record(plain.tags(), writer, session, sequence, predecessors, text, proof);
  }

  /// When an update was written, for whoever keeps records without their keys; 0 for what is none.
  static long lamport(Bytes payload) {
    return PayloadKind.isUpdate(payload) ? UpdatePayload.parse(payload).lamport() : 0;
  }

  private static long[] distances(Record record) {
    long[] distances = record.predecessors().clone();
    for (int i = 0; i < distances.length; i++) {
      distances[i] = distances[i] == 0 ? 0 : record.sequence() - distances[i];
    }
    return distances;
  }
}
