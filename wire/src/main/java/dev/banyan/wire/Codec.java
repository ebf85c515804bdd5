package dev.banyan.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Messages to frames and back. The layout of a frame is told in `banyan.proto`. Has no state but its limit: one may
/// serve any number of threads.
public final class Codec {

  /// Length (4 bytes) and hops (1 byte).
  public static final int HEADER_BYTES = 5;

  /// Where in a frame the hops are, so that whoever forwards it can count them in place.
  public static final int HOPS_OFFSET = 4;

  public static final int MAX_HOPS = 255;

  /// What [#frameSize] answers while the frame is not there whole.
  public static final int INCOMPLETE = -1;

  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final byte MULTICAST_KEY =
      Proto.ControlMessage.MULTICAST_FIELD_NUMBER << 3 | Scan.LENGTH_DELIMITED;

  /// Field numbers of `ControlMessage` up to this one are kept for message cases.
  private static final int LAST_CASE = 63;

  private final int maxFrameBytes;

  public Codec() {
    this(WireLimits.DEFAULT_MAX_FRAME_BYTES);
  }

  /// @param maxFrameBytes the longest frame to write or take, its length field not counted
  public Codec(int maxFrameBytes) {
    if (maxFrameBytes < 1_024 || maxFrameBytes > 1 << 28) {
      throw new IllegalArgumentException(
          "the longest frame is 1 KiB to 256 MiB, not " + maxFrameBytes + " bytes");
    }
    this.maxFrameBytes = maxFrameBytes;
  }

  public int maxFrameBytes() {
    return maxFrameBytes;
  }

  /// The message as a frame; an [EncodedMulticast] gives the bytes it came in as.
  ///
  /// @throws IllegalArgumentException when the message exceeds a limit that its receiver would close the link for
  public byte[] encode(Message message) {
    if (message instanceof Multicast multicast) {
      return encode(multicast, multicast.hops());
    }
    return frame(message instanceof Message.Gap gap ? gap.hops() : 0, ProtoWriter.write(message));
  }

  /// The multicast as a frame with these hops instead of its own.
  ///
  /// @throws IllegalArgumentException as [#encode(Message)]
  public byte[] encode(Multicast multicast, int hops) {
    requireHops(hops);
    return multicast instanceof EncodedMulticast encoded
        ? encoded.frame(hops)
        : encodeRecords(multicast.records(), hops);
  }

  /// Decodes one whole frame.
  public Message decode(byte[] frame) throws MalformedFrameException {
    ByteBuffer in = ByteBuffer.wrap(frame);
    if (frameSize(in, 0, frame.length) != frame.length || Pieces.isPiece(frame[0])) {
      throw new MalformedFrameException("not one whole frame in " + frame.length + " bytes");
    }
    return decode(in, 0, frame.length);
  }

  /// Decodes the frame between two positions, as found by [#frameSize]; the buffer's own position, limit and order do
  /// not matter, except that `end` is within the limit. What is returned may be an [EncodedMulticast] that stands in
  /// the buffer; nothing else refers to it.
  public Message decode(ByteBuffer in, int start, int end) throws MalformedFrameException {
    int hops = in.get(start + HOPS_OFFSET) & 0xff;
    int body = start + HEADER_BYTES;
    if (in.get(body) == MULTICAST_KEY) {
      long length = Scan.length(in, body + 1, end);
      int from = Scan.position(length);
      int to = from + Scan.value(length);
      if (to != end) {
        skipUnknownFields(in, to, end);
      }
      return EncodedMulticast.scan(in, start, end, hops, from, to);
    }
    checkCase(in, body, end);
    countFields(in, body, end, Proto.ControlMessage.getDescriptor(), 0);
    return ProtoReader.read(parse(in, body, end), hops);
  }

  /// The size of the frame or piece that begins at `start` (see [Pieces#isPiece]), its length field included, or [#INCOMPLETE] while it is not there
  /// whole. A wrong length is told as soon as the length field is there.
  ///
  /// @param end up to where bytes have come in
  public int frameSize(ByteBuffer in, int start, int end) throws MalformedFrameException {
    if (end - start < LENGTH_BYTES) {
      return INCOMPLETE;
    }
    int size = neededBytes(in, start);
    return size <= end - start ? size : INCOMPLETE;
  }

  /// The size of the frame or piece whose length field is at `start`, however much of it is there.
  public int neededBytes(ByteBuffer in, int start) throws MalformedFrameException {
    int length =
        (in.get(start) & 0xff) << 24
            | (in.get(start + 1) & 0xff) << 16
            | (in.get(start + 2) & 0xff) << 8
            | (in.get(start + 3) & 0xff);
    if (length < 0) {
      return Pieces.size(length);
    }
    if (length < 2 || length > maxFrameBytes) {
      throw new MalformedFrameException(
          "a frame has 2 to " + maxFrameBytes + " bytes, not " + length);
    }
    return LENGTH_BYTES + length;
  }

  private byte[] encodeRecords(List<Record> records, int hops) {
    ProtoWriter.requireAtMost(Multicast.MAX_RECORDS, records.size(), "records");
    long size = 0;
    int[] sizes = new int[records.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = RecordFormat.size(records.get(i));
      size += 1L + CodedOutputStream.computeUInt32SizeNoTag(sizes[i]) + sizes[i];
    }
    requireFits(size + 6);
    int length = (int) size;
    byte[] frame = header(1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length, hops);
    CodedOutputStream out =
        CodedOutputStream.newInstance(frame, HEADER_BYTES, frame.length - HEADER_BYTES);
    try {
      out.writeUInt32NoTag(MULTICAST_KEY);
      out.writeUInt32NoTag(length);
      for (int i = 0; i < sizes.length; i++) {
        out.writeUInt32NoTag(Proto.Multicast.RECORDS_FIELD_NUMBER << 3 | Scan.LENGTH_DELIMITED);
        out.writeUInt32NoTag(sizes[i]);
        RecordFormat.write(records.get(i), out);
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("sizes and bytes of a record disagree", e);
    }
    return frame;
  }

  private byte[] frame(int hops, Proto.ControlMessage message) {
    requireHops(hops);
    int size = message.getSerializedSize();
    requireFits(size);
    byte[] frame = header(size, hops);
    CodedOutputStream out = CodedOutputStream.newInstance(frame, HEADER_BYTES, size);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("a message was not of the size it said", e);
    }
    return frame;
  }

  private static byte[] header(int bodyBytes, int hops) {
    byte[] frame = new byte[HEADER_BYTES + bodyBytes];
    ByteBuffer.wrap(frame).putInt(bodyBytes + 1).put((byte) hops);
    return frame;
  }

  private void requireFits(long bodyBytes) {
    if (bodyBytes + 1 > maxFrameBytes) {
      throw new IllegalArgumentException(
          "a message of " + bodyBytes + " bytes does not fit a frame of " + maxFrameBytes);
    }
  }

  private static void requireHops(int hops) {
    if (hops < 0 || hops > MAX_HOPS) {
      throw new IllegalArgumentException("hops are 0 to " + MAX_HOPS + ", not " + hops);
    }
  }

  private static Proto.ControlMessage parse(ByteBuffer in, int start, int end)
      throws MalformedFrameException {
    try {
      return Proto.ControlMessage.parseFrom(in.slice(start, end - start));
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedFrameException("not a control message: " + e.getMessage(), e);
    }
  }

  /// One case, of message type.
  private static void checkCase(ByteBuffer in, int start, int end) throws MalformedFrameException {
    boolean found = false;
    int position = start;
    while (position < end) {
      int number = Scan.fieldNumber(in, position, end);
      if (number <= LAST_CASE) {
        if (found || number == Proto.ControlMessage.MULTICAST_FIELD_NUMBER) {
          throw new MalformedFrameException("a frame has one message, a multicast comes first");
        }
        if (Scan.wireType(in, position, end) != Scan.LENGTH_DELIMITED) {
          throw new MalformedFrameException("case " + number + " is not a message");
        }
        found = true;
      }
      position = Scan.skipField(in, position, end);
    }
    if (!found) {
      throw new MalformedFrameException("a frame without a message");
    }
  }

  /// Counts the fields at all depths, on top of `before`: done before anything is allocated for them.
  private static int countFields(ByteBuffer in, int start, int end, Descriptor message, int before)
      throws MalformedFrameException {
    int count = before;
    int position = start;
    while (position < end) {
      if (++count > WireLimits.MAX_FIELDS) {
        throw new MalformedFrameException(
            "more than " + WireLimits.MAX_FIELDS + " fields in one message");
      }
      int next = Scan.skipField(in, position, end);
      if (Scan.wireType(in, position, end) == Scan.LENGTH_DELIMITED) {
        FieldDescriptor field = message.findFieldByNumber(Scan.fieldNumber(in, position, end));
        if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          long length = Scan.length(in, Scan.skipVarint(in, position, end), end);
          count = countFields(in, Scan.position(length), next, field.getMessageType(), count);
        }
      }
      position = next;
    }
    return count;
  }

  private static void skipUnknownFields(ByteBuffer in, int start, int end)
      throws MalformedFrameException {
    int position = start;
    while (position < end) {
      if (Scan.fieldNumber(in, position, end) <= LAST_CASE) {
        throw new MalformedFrameException("a second message in one frame");
      }
      position = Scan.skipField(in, position, end);
    }
  }
}
