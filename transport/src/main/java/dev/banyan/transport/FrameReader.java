package dev.banyan.transport;

import dev.banyan.protocol.Message;
import dev.banyan.wire.Codec;
import dev.banyan.wire.EncodedMulticast;
import dev.banyan.wire.MalformedFrameException;
import dev.banyan.wire.Pieces;
import dev.banyan.wire.WireLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the frames in what one link reads. Whole frames are handed on where they stand; only one that two reads share,
/// or that comes in pieces, is put together in a buffer of its own, which grows with what comes in and not with what a
/// length field claims. There is one of each kind at most.
final class FrameReader {

  /// Takes the frames.
  interface Sink {

    /// A frame between two positions of a buffer. An [EncodedMulticast] stands in that buffer.
    ///
    /// @return whether more frames are wanted
    boolean frame(Message message, ByteBuf buffer, int start, int end);

    /// The buffer of the last frames is about to be given back.
    void endOfBuffer();
  }

  private static final int MIN_PART_BYTES = 256;

  private final Codec codec;
  private final Sink sink;

  /// The longest frame taken, its length field not counted.
  private int maxFrameBytes = WireLimits.MAX_STRANGER_FRAME_BYTES;

  /// The beginning of a frame or piece whose end has not come in.
  private @Nullable ByteBuf part;

  /// The beginning of a frame that comes in pieces.
  private @Nullable ByteBuf pieces;

  FrameReader(Codec codec, Sink sink) {
    this.codec = codec;
    this.sink = sink;
  }

  /// From now on frames may be as long as any.
  void takeLongFrames() {
    maxFrameBytes = codec.maxFrameBytes();
  }

  /// Memory held for frames that are not there whole.
  int heldBytes() {
    return (part == null ? 0 : part.capacity()) + (pieces == null ? 0 : pieces.capacity());
  }

  /// Takes what was read, and gives the buffer back.
  void read(ByteBuf in) throws MalformedFrameException {
    try {
      if (part == null || completePart(in)) {
        frames(in);
        keep(in, in.readableBytes());
      }
    } finally {
      in.release();
    }
  }

  /// Keeps what was read for later, and gives the buffer back.
  void hold(ByteBuf in) {
    keep(in, in.readableBytes());
    in.release();
  }

  /// Takes what was held, as far as it is whole frames.
  void readHeld() throws MalformedFrameException {
    ByteBuf held = part;
    if (held != null) {
      part = null;
      read(held);
    }
  }

  void close() {
    part = released(part);
    pieces = released(pieces);
  }

  private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
    if (buffer != null) {
      buffer.release();
    }
    return null;
  }

  /// @return whether the sink wants more
  private boolean frames(ByteBuf in) throws MalformedFrameException {
    int origin = in.readerIndex();
    int length = in.readableBytes();
    ByteBuffer view = in.nioBuffer(origin, length);
    int at = 0;
    boolean more = true;
    try {
      while (more && at < length) {
        int size = codec.frameSize(view, at, length);
        if (size == Codec.INCOMPLETE) {
          if (length - at >= Integer.BYTES) {
            requireShort(codec.neededBytes(view, at));
          }
          break;
        }
        if (Pieces.isPiece(view.get(at))) {
          more = piece(in, origin + at + Pieces.HEADER_BYTES, size - Pieces.HEADER_BYTES);
        } else {
          requireShort(size);
          more = frame(view, at, at + size, in, origin);
        }
        at += size;
      }
    } finally {
      sink.endOfBuffer();
    }
    in.readerIndex(more ? origin + at : origin + length);
    return more;
  }

  private boolean frame(ByteBuffer view, int start, int end, ByteBuf in, int origin)
      throws MalformedFrameException {
    Message message = codec.decode(view, start, end);
    boolean more = sink.frame(message, in, origin + start, origin + end);
    if (message instanceof EncodedMulticast multicast) {
      multicast.expire();
    }
    return more;
  }

  /// Adds a piece to the frame it is of, and hands that on when it is whole.
  ///
  /// @return whether the sink wants more
  private boolean piece(ByteBuf in, int at, int bytes) throws MalformedFrameException {
    ByteBuf whole = pieces;
    if (whole == null) {
      whole = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(MIN_PART_BYTES, bytes));
      pieces = whole;
    }
    whole.writeBytes(in, at, bytes);
    int have = whole.readableBytes();
    if (have < Integer.BYTES) {
      return true;
    }
    if (Pieces.isPiece(whole.getByte(whole.readerIndex()))) {
      throw new MalformedFrameException("a piece within a piece");
    }
    ByteBuffer view = whole.nioBuffer();
    int size = codec.neededBytes(view, 0);
    requireShort(size);
    if (have < size) {
      return true;
    }
    if (have > size) {
      throw new MalformedFrameException("pieces hold more than their frame");
    }
    pieces = null;
    try {
      return frame(view, 0, size, whole, whole.readerIndex());
    } finally {
      sink.endOfBuffer();
      whole.release();
    }
  }

  private void requireShort(int size) throws MalformedFrameException {
    if (size - Integer.BYTES > maxFrameBytes) {
      throw new MalformedFrameException(
          "a frame of "
              + (size - Integer.BYTES)
              + " bytes: whoever is no parent or child may send "
              + maxFrameBytes);
    }
  }

  /// Moves bytes from the input to the part until it is a frame or a piece, and takes that.
  ///
  /// @return whether there is no part any more, and the sink wants more
  private boolean completePart(ByteBuf in) throws MalformedFrameException {
    ByteBuf frame = part;
    if (frame == null) {
      return true;
    }
    fill(frame, in, Integer.BYTES);
    if (frame.readableBytes() < Integer.BYTES) {
      return false;
    }
    int size = codec.neededBytes(frame.nioBuffer(frame.readerIndex(), Integer.BYTES), 0);
    requireShort(size);
    fill(frame, in, size);
    if (frame.readableBytes() < size) {
      return false;
    }
    part = null;
    try {
      return frames(frame);
    } finally {
      frame.release();
    }
  }

  /// Moves bytes until the part has so many, as far as there are any.
  private static void fill(ByteBuf frame, ByteBuf in, int size) {
    int missing = Math.min(size - frame.readableBytes(), in.readableBytes());
    if (missing > 0) {
      frame.writeBytes(in, missing);
    }
  }

  private void keep(ByteBuf in, int bytes) {
    if (bytes <= 0) {
      return;
    }
    if (part == null) {
      part = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(MIN_PART_BYTES, bytes));
    }
    part.writeBytes(in, bytes);
  }
}
