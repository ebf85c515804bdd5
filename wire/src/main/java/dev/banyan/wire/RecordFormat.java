package dev.banyan.wire;

import com.google.protobuf.CodedOutputStream;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A `Record` of `banyan.proto`, by hand: checked in place on its way through routers, built where somebody reads it.
final class RecordFormat {

  /// Keys of the fields: number and wire type.
  private static final int TAGS = 1 << 3 | Scan.LENGTH_DELIMITED;

  private static final int WRITER = 2 << 3 | Scan.FIXED64;
  private static final int SESSION_HIGH = 3 << 3 | Scan.FIXED64;
  private static final int SESSION_LOW = 4 << 3 | Scan.FIXED64;
  private static final int SEQUENCE = 5 << 3 | Scan.VARINT;
  private static final int PREDECESSORS = 6 << 3 | Scan.LENGTH_DELIMITED;
  private static final int PAYLOAD = 7 << 3 | Scan.LENGTH_DELIMITED;
  private static final int LAST_FIELD = 7;

  private RecordFormat() {}

  /// Number and position of the tags, as `(count << 32) | position`, of a record that was checked (or is being).
  static long tags(ByteBuffer in, int start, int end) throws MalformedFrameException {
    if (start == end || in.get(start) != TAGS) {
      return start;
    }
    long length = Scan.length(in, start + 1, end);
    int bytes = Scan.value(length);
    if ((bytes & 7) != 0 || bytes > Record.MAX_TAGS * Long.BYTES) {
      throw new MalformedFrameException(bytes + " bytes are not at most 256 tags");
    }
    return (long) (bytes >>> 3) << 32 | Scan.position(length);
  }

  /// Length and position of the payload of a record that was checked, as [Scan#length] has it; of several the last.
  static long payload(ByteBuffer in, int start, int end) throws MalformedFrameException {
    long payload = start;
    int position = start;
    while (position < end) {
      if (in.get(position) == PAYLOAD) {
        payload = Scan.length(in, position + 1, end);
      }
      position = Scan.skipField(in, position, end);
    }
    return payload;
  }

  /// Checks everything [#read] relies on, so that a router never passes on what makes the next node close the link.
  static void check(ByteBuffer in, int start, int end) throws MalformedFrameException {
    long tags = tags(in, start, end);
    int tagCount = Scan.value(tags);
    int position = Scan.position(tags);
    for (int i = 1; i < tagCount; i++) {
      int at = position + i * Long.BYTES;
      if (Scan.fixed64(in, at - Long.BYTES) >= Scan.fixed64(in, at)) {
        throw new MalformedFrameException("a record's tags are not distinct and ascending");
      }
    }
    position += tagCount * Long.BYTES;
    int predecessors = -1;
    while (position < end) {
      int key = in.get(position);
      switch (key) {
        case WRITER, SESSION_HIGH, SESSION_LOW ->
            position = Scan.skip(position + 1, Long.BYTES, end);
        case SEQUENCE -> {
          int next = Scan.skipVarint(in, position + 1, end);
          if (Scan.varint(in, position + 1) < 0) {
            throw new MalformedFrameException("a record's sequence is negative");
          }
          position = next;
        }
        case PREDECESSORS -> {
          if (predecessors >= 0) {
            throw new MalformedFrameException("a record has its predecessors twice");
          }
          long length = Scan.length(in, position + 1, end);
          position = Scan.position(length) + Scan.value(length);
          predecessors = Scan.countVarints(in, Scan.position(length), position);
        }
        case PAYLOAD -> {
          long length = Scan.length(in, position + 1, end);
          position = Scan.position(length) + Scan.value(length);
        }
        default -> position = skipUnknown(in, position, end);
      }
    }
    if (Math.max(predecessors, 0) != tagCount) {
      throw new MalformedFrameException("a record's predecessors are not one for each tag");
    }
  }

  /// Builds the record of a range that [#check] found good.
  static Record read(ByteBuffer in, int start, int end) throws MalformedFrameException {
    long tagsAt = tags(in, start, end);
    long[] tags = new long[Scan.value(tagsAt)];
    long[] predecessors = new long[tags.length];
    int position = Scan.position(tagsAt);
    for (int i = 0; i < tags.length; i++, position += Long.BYTES) {
      tags[i] = Scan.fixed64(in, position);
    }
    long writer = 0;
    long high = 0;
    long low = 0;
    long sequence = 0;
    Bytes payload = Bytes.EMPTY;
    while (position < end) {
      int content = position + 1;
      switch (in.get(position)) {
        case WRITER -> writer = Scan.fixed64(in, content);
        case SESSION_HIGH -> high = Scan.fixed64(in, content);
        case SESSION_LOW -> low = Scan.fixed64(in, content);
        case SEQUENCE -> sequence = Scan.varint(in, content);
        case PREDECESSORS -> {
          int at = Scan.position(Scan.length(in, content, end));
          for (int i = 0; i < predecessors.length; i++) {
            predecessors[i] = Scan.varint(in, at);
            at = Scan.skipVarint(in, at, end);
          }
        }
        case PAYLOAD -> {
          long length = Scan.length(in, content, end);
          byte[] bytes = new byte[Scan.value(length)];
          in.get(Scan.position(length), bytes);
          payload = Bytes.wrap(bytes);
        }
        default -> {}
      }
      position = Scan.skipField(in, position, end);
    }
    return new Record(
        tags, new NodeId(writer), new Session(high, low), sequence, predecessors, payload);
  }

  /// The record's size in bytes, without key and length of the field it is in.
  static int size(Record record) {
    int size = 0;
    if (record.tags().length > 0) {
      int tags = record.tags().length * Long.BYTES;
      int predecessors = predecessorsSize(record);
      size += 1 + CodedOutputStream.computeUInt32SizeNoTag(tags) + tags;
      size += 1 + CodedOutputStream.computeUInt32SizeNoTag(predecessors) + predecessors;
    }
    size += record.writer().value() == 0 ? 0 : 1 + Long.BYTES;
    size += record.session().high() == 0 ? 0 : 1 + Long.BYTES;
    size += record.session().low() == 0 ? 0 : 1 + Long.BYTES;
    size +=
        record.sequence() == 0
            ? 0
            : 1 + CodedOutputStream.computeUInt64SizeNoTag(record.sequence());
    int payload = record.payload().size();
    return payload == 0
        ? size
        : size + 1 + CodedOutputStream.computeUInt32SizeNoTag(payload) + payload;
  }

  /// Writes what a protobuf library would: fields in order, defaults left out.
  static void write(Record record, CodedOutputStream out) throws IOException {
    if (record.tags().length > 0) {
      out.writeUInt32NoTag(TAGS);
      out.writeUInt32NoTag(record.tags().length * Long.BYTES);
      for (long tag : record.tags()) {
        out.writeFixed64NoTag(tag);
      }
    }
    writeFixed64(out, WRITER, record.writer().value());
    writeFixed64(out, SESSION_HIGH, record.session().high());
    writeFixed64(out, SESSION_LOW, record.session().low());
    if (record.sequence() != 0) {
      out.writeUInt32NoTag(SEQUENCE);
      out.writeUInt64NoTag(record.sequence());
    }
    if (record.tags().length > 0) {
      out.writeUInt32NoTag(PREDECESSORS);
      out.writeUInt32NoTag(predecessorsSize(record));
      for (long predecessor : record.predecessors()) {
        out.writeUInt64NoTag(predecessor);
      }
    }
    if (record.payload().size() > 0) {
      out.writeUInt32NoTag(PAYLOAD);
      out.writeByteArrayNoTag(record.payload().shared());
    }
  }

  private static int skipUnknown(ByteBuffer in, int at, int end) throws MalformedFrameException {
    int number = Scan.fieldNumber(in, at, end);
    if (number <= LAST_FIELD) {
      throw new MalformedFrameException(
          "field " + number + " of a record is out of place or of the wrong type");
    }
    return Scan.skipField(in, at, end);
  }

  private static int predecessorsSize(Record record) {
    int size = 0;
    for (long predecessor : record.predecessors()) {
      size += CodedOutputStream.computeUInt64SizeNoTag(predecessor);
    }
    return size;
  }

  private static void writeFixed64(CodedOutputStream out, int key, long value) throws IOException {
    if (value != 0) {
      out.writeUInt32NoTag(key);
      out.writeFixed64NoTag(value);
    }
  }
}
