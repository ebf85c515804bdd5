package dev.banyan.store.leaving;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.write.PayloadKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// What a worker that leaves asks another one to keep: records as they came, without their tags, which follow from the
/// key. Big-endian: kind (1 byte), then for each record writer, session, sequence (8, 16, 8), number of predecessors (1),
/// predecessors (8 each), length of the payload (4), payload.
///
/// The result of the task is a byte for each record, in order: 1 if it is kept, 0 if not.
public final class KeepTask {

  /// More are malformed.
  static final int MAX_RECORDS = 64;

  private static final int FIXED_BYTES = 8 + 16 + 8 + 1 + 4;

  /// A key has no more declared prefixes than this, and itself.
  private static final int MAX_TAGS = 17;

  /// A record on its way, whose tags are still to be found.
  record Kept(NodeId writer, Session session, long sequence, long[] predecessors, Bytes payload) {

    /// In the place of its tags stand others.
    Record record() {
      long[] none = LongStream.range(0, predecessors.length).toArray();
      return new Record(none, writer, session, sequence, predecessors, payload);
    }
  }

  private KeepTask() {}

  static int sizeBytes(Record record) {
    return FIXED_BYTES + Long.BYTES * record.predecessors().length + record.payload().size();
  }

  public static Bytes encoded(List<Record> records) {
    int size = 1;
    for (Record record : records) {
      size += sizeBytes(record);
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(PayloadKind.KEEP);
    for (Record record : records) {
      out.putLong(record.writer().value())
          .putLong(record.session().high())
          .putLong(record.session().low())
          .putLong(record.sequence())
          .put((byte) record.predecessors().length);
      for (long predecessor : record.predecessors()) {
        out.putLong(predecessor);
      }
      out.putInt(record.payload().size()).put(record.payload().shared());
    }
    return Bytes.wrap(out.array());
  }

  /// @throws IllegalArgumentException with one line saying what is wrong
  static List<Kept> parse(Bytes task) {
    ByteBuffer in = ByteBuffer.wrap(task.shared());
    List<Kept> all = new ArrayList<>();
    try {
      byte kind = in.get();
      if (kind != PayloadKind.KEEP) {
        throw new IllegalArgumentException("kind " + kind + " is not to be kept");
      }
      while (in.hasRemaining()) {
        if (all.size() == MAX_RECORDS) {
          throw new IllegalArgumentException("more than " + MAX_RECORDS + " records to keep");
        }
        all.add(next(in));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a record to keep is cut short", e);
    }
    return all;
  }

  private static Kept next(ByteBuffer in) {
    NodeId writer = new NodeId(in.getLong());
    Session session = new Session(in.getLong(), in.getLong());
    long sequence = in.getLong();
    int tags = in.get() & 0xff;
    if (tags > MAX_TAGS) {
      throw new IllegalArgumentException("a record to keep with " + tags + " predecessors");
    }
    long[] predecessors = new long[tags];
    for (int i = 0; i < tags; i++) {
      predecessors[i] = in.getLong();
    }
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw new IllegalArgumentException("a payload of " + size + " bytes to keep");
    }
    byte[] payload = new byte[size];
    in.get(payload);
    return new Kept(writer, session, sequence, predecessors, Bytes.wrap(payload));
  }
}
