package dev.banyan.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// The one buffer that all links of a loop read into, one after the other, each behind what the last one read. Idle
/// links hold none, busy ones get large reads, and what is kept of a small read keeps only a small part of a buffer
/// alive. A chunk goes back to the pool when the last frame in it has been sent.
///
/// Works because a loop finishes one read before it begins the next: see [IoEngine#readsOneAtATime].
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator implements AutoCloseable {

  private static final int CHUNK_BYTES = 256 << 10;

  /// The least a read is offered; with less left, the next chunk begins.
  private static final int MIN_READ_BYTES = 64 << 10;

  private @Nullable ByteBuf chunk;
  private int used;
  private boolean closed;

  ReadBuffers() {
    super(1);
  }

  @Override
  @SuppressWarnings("deprecation")
  public RecvByteBufAllocator.Handle newHandle() {
    return new Handle();
  }

  @Override
  public void close() {
    closed = true;
    letGo();
  }

  private void letGo() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  private ByteBuf rest() {
    if (closed) {
      // A link that is closing reads once more, and nobody will let go of a chunk.
      return PooledByteBufAllocator.DEFAULT.directBuffer(MIN_READ_BYTES, MIN_READ_BYTES);
    }
    ByteBuf current = chunk;
    if (current == null || CHUNK_BYTES - used < MIN_READ_BYTES) {
      letGo();
      current = PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES, CHUNK_BYTES);
      chunk = current;
      used = 0;
    }
    return current.retainedSlice(used, CHUNK_BYTES - used).clear();
  }

  private final class Handle extends MaxMessageHandle {

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
      return rest();
    }

    @Override
    public int guess() {
      return MIN_READ_BYTES;
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes > 0) {
        used += bytes;
      }
    }
  }
}
