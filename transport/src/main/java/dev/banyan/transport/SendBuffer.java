package dev.banyan.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Where a loop puts the frames that its nodes make themselves, one behind the other, so that several of them go to a
/// link in one piece, and one of them to several links without a copy for each.
final class SendBuffer implements AutoCloseable {

  private static final int CHUNK_BYTES = 64 << 10;

  private @Nullable ByteBuf chunk;

  /// Whether the frame goes behind the last one: if not, all runs of frames must end before [#append].
  boolean hasRoomFor(int bytes) {
    return chunk != null && chunk.writableBytes() >= bytes;
  }

  /// A buffer that now ends with this frame. It belongs to this object: good until the next append.
  ByteBuf append(byte[] frame) {
    ByteBuf current = chunk;
    if (current == null || current.writableBytes() < frame.length) {
      close();
      int capacity = Math.max(CHUNK_BYTES, frame.length);
      current = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
      chunk = current;
    }
    return current.writeBytes(frame);
  }

  @Override
  public void close() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }
}
