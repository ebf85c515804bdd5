package dev.banyan.wire;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A multicast as it came off the wire. Tags are read from the received bytes, records are built no earlier than
/// somebody asks, and who forwards it sends [#frame] as it is, but for the hops.
///
/// It stands in a buffer that belongs to whoever decoded it, and is good for as long as that says: for a driver's
/// read buffer, until the event that brought it has been handled ([#expire]). Whoever wants the records later calls
/// [#records] before that; after it they, and the tags, are answered without the buffer.
public final class EncodedMulticast implements Multicast {

  /// Per record: start, end, position of the tags, number of tags.
  private static final int STRIDE = 4;

  private static final byte RECORDS_KEY = 1 << 3 | Scan.LENGTH_DELIMITED;
  private static final int[] INLINE = {};

  private @Nullable ByteBuffer buffer;
  private final int frameStart;
  private final int frameEnd;
  private final int hops;
  private final int recordCount;
  private final int start;
  private final int end;
  private final int tagsAt;
  private final int tagCount;

  /// All records when there are several; one alone is in the fields above.
  private final int[] index;

  private @Nullable List<Record> records;

  private EncodedMulticast(
      ByteBuffer buffer, int frameStart, int frameEnd, int hops, int start, int end)
      throws MalformedFrameException {
    this.buffer = buffer;
    this.frameStart = frameStart;
    this.frameEnd = frameEnd;
    this.hops = hops;
    this.recordCount = 1;
    this.index = INLINE;
    this.start = start;
    this.end = end;
    long tags = RecordFormat.tags(buffer, start, end);
    this.tagsAt = Scan.position(tags);
    this.tagCount = Scan.value(tags);
  }

  private EncodedMulticast(
      ByteBuffer buffer, int frameStart, int frameEnd, int hops, int recordCount, int[] index) {
    this.buffer = buffer;
    this.frameStart = frameStart;
    this.frameEnd = frameEnd;
    this.hops = hops;
    this.recordCount = recordCount;
    this.index = index;
    this.start = 0;
    this.end = 0;
    this.tagsAt = 0;
    this.tagCount = 0;
  }

  /// Checks the `Multicast` between `start` and `end` whole, so that nothing can fail later.
  static EncodedMulticast scan(
      ByteBuffer in, int frameStart, int frameEnd, int hops, int start, int end)
      throws MalformedFrameException {
    if (start < end && in.get(start) == RECORDS_KEY) {
      long length = Scan.length(in, start + 1, end);
      if (Scan.position(length) + Scan.value(length) == end) {
        RecordFormat.check(in, Scan.position(length), end);
        return new EncodedMulticast(in, frameStart, frameEnd, hops, Scan.position(length), end);
      }
    }
    return scanAll(in, frameStart, frameEnd, hops, start, end);
  }

  private static EncodedMulticast scanAll(
      ByteBuffer in, int frameStart, int frameEnd, int hops, int start, int end)
      throws MalformedFrameException {
    int[] index = new int[4 * STRIDE];
    int count = 0;
    int position = start;
    while (position < end) {
      if (in.get(position) != RECORDS_KEY) {
        if (Scan.fieldNumber(in, position, end) == 1) {
          throw new MalformedFrameException("a multicast's records are of the wrong type");
        }
        position = Scan.skipField(in, position, end);
        continue;
      }
      long length = Scan.length(in, position + 1, end);
      int recordStart = Scan.position(length);
      position = recordStart + Scan.value(length);
      RecordFormat.check(in, recordStart, position);
      if (count == MAX_RECORDS) {
        throw new MalformedFrameException("a multicast has more than " + MAX_RECORDS + " records");
      }
      if (index.length == count * STRIDE) {
        index = Arrays.copyOf(index, index.length * 2);
      }
      long tags = RecordFormat.tags(in, recordStart, position);
      int at = count++ * STRIDE;
      index[at] = recordStart;
      index[at + 1] = position;
      index[at + 2] = Scan.position(tags);
      index[at + 3] = Scan.value(tags);
    }
    if (count == 0) {
      throw new MalformedFrameException("a multicast has no record");
    }
    return new EncodedMulticast(in, frameStart, frameEnd, hops, count, index);
  }

  @Override
  public int hops() {
    return hops;
  }

  @Override
  public int recordCount() {
    return recordCount;
  }

  @Override
  public int tagCount(int record) {
    checkIndex(record);
    return index.length == 0 ? tagCount : index[record * STRIDE + 3];
  }

  @Override
  public long tag(int record, int tag) {
    if (tag < 0 || tag >= tagCount(record)) {
      throw new IndexOutOfBoundsException("tag " + tag + " of " + tagCount(record));
    }
    List<Record> decoded = records;
    if (decoded != null) {
      return decoded.get(record).tags()[tag];
    }
    int at = index.length == 0 ? tagsAt : index[record * STRIDE + 2];
    return Scan.fixed64(live(), at + tag * Long.BYTES);
  }

  @Override
  public List<Record> records() {
    List<Record> decoded = records;
    if (decoded == null) {
      decoded = decode();
      records = decoded;
    }
    return decoded;
  }

  /// The payload of a record, from position to limit, where it stands: good for as long as the buffer is, read only.
  ByteBuffer payload(int record) {
    checkIndex(record);
    boolean alone = index.length == 0;
    int from = alone ? start : index[record * STRIDE];
    int to = alone ? end : index[record * STRIDE + 1];
    ByteBuffer in = live().duplicate();
    try {
      long payload = RecordFormat.payload(in, from, to);
      int position = Scan.position(payload);
      return in.limit(position + Scan.value(payload)).position(position);
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a record that was checked cannot be read", e);
    }
  }

  /// A copy of the frame with other hops.
  byte[] frame(int newHops) {
    byte[] frame = new byte[frameEnd - frameStart];
    live().get(frameStart, frame);
    frame[Codec.HOPS_OFFSET] = (byte) newHops;
    return frame;
  }

  /// Ends the use of the buffer: from here on, what has not been decoded is gone, and asking for it throws.
  public void expire() {
    buffer = null;
  }

  private ByteBuffer live() {
    ByteBuffer live = buffer;
    if (live == null) {
      throw new IllegalStateException(
          "this multicast's buffer was given back: call records() while its event is handled");
    }
    return live;
  }

  private List<Record> decode() {
    ByteBuffer in = live();
    try {
      if (index.length == 0) {
        return List.of(RecordFormat.read(in, start, end));
      }
      ArrayList<Record> list = new ArrayList<>(recordCount);
      for (int i = 0; i < recordCount; i++) {
        list.add(RecordFormat.read(in, index[i * STRIDE], index[i * STRIDE + 1]));
      }
      return List.copyOf(list);
    } catch (MalformedFrameException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private void checkIndex(int record) {
    if (record < 0 || record >= recordCount) {
      throw new IndexOutOfBoundsException("record " + record + " of " + recordCount);
    }
  }

  @Override
  public String toString() {
    return "EncodedMulticast[hops="
        + hops
        + " records="
        + recordCount
        + " "
        + (frameEnd - frameStart)
        + "B]";
  }
}
