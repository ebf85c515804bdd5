package dev.banyan.transport;

import dev.banyan.protocol.Message;
import dev.banyan.wire.Codec;
import dev.banyan.wire.EncodedMulticast;
import dev.banyan.wire.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the frames in what one link reads. Whole frames are handed on where they stand; only one that two reads share
/// is put together in a buffer of its own, which grows with what comes in and not with what a length field claims.
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

  /// The beginning of a frame whose end has not come in.
  private @Nullable ByteBuf part;

  FrameReader(Codec codec, Sink sink) {
    this.codec = codec;
    this.sink = sink;
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
    if (part != null) {
      part.release();
      part = null;
    }
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
          break;
        }
        Message message = codec.decode(view, at, at + size);
        more = sink.frame(message, in, origin + at, origin + at + size);
        if (message instanceof EncodedMulticast multicast) {
          multicast.expire();
        }
        at += size;
      }
    } finally {
      sink.endOfBuffer();
    }
    in.readerIndex(more ? origin + at : origin + length);
    return more;
  }

  /// Moves bytes from the input to the part until it is a frame, and hands that on.
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
