package dev.banyan.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// The sending side of one link. Frames that stand one behind the other in one buffer are gathered into a run and
/// handed to the socket as one slice of that buffer: a burst that comes in with one read goes out with one write.
final class Outbox {

  /// On a link that is behind, a slice smaller than this would keep too much of its buffer alive: it is copied.
  private static final int SMALL_RUN_BYTES = 16 << 10;

  private final Channel channel;
  private final int lowWaterBytes;

  private @Nullable ByteBuf source;
  private int from;
  private int to;

  private long frames;
  private long bytes;
  private boolean fed;

  Outbox(Channel channel, int lowWaterBytes) {
    this.channel = channel;
    this.lowWaterBytes = lowWaterBytes;
  }

  /// Adds a frame. The buffer must stay as it is until [#endRun].
  @SuppressWarnings("ReferenceEquality") // the same buffer, not one with the same bytes
  void add(ByteBuf buffer, int start, int end) {
    frames++;
    bytes += end - start;
    if (source == buffer && to == start) {
      to = end;
      return;
    }
    endRun();
    source = buffer;
    from = start;
    to = end;
  }

  /// Hands over what was gathered; afterwards nothing here refers to the buffer.
  void endRun() {
    ByteBuf buffer = source;
    if (buffer == null) {
      return;
    }
    source = null;
    int length = to - from;
    if (length < SMALL_RUN_BYTES && queuedBytes() > lowWaterBytes) {
      ByteBuf copy = channel.alloc().directBuffer(length).writeBytes(buffer, from, length);
      channel.write(copy, channel.voidPromise());
    } else {
      channel.write(buffer.retainedSlice(from, length), channel.voidPromise());
    }
  }

  /// What waits to be sent, what was not yet flushed included.
  long queuedBytes() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /// Whether multicasts went out here since [#startFeedingAnew].
  boolean fed() {
    return fed;
  }

  void markFed() {
    fed = true;
  }

  void startFeedingAnew() {
    fed = false;
  }

  long frames() {
    return frames;
  }

  long bytes() {
    return bytes;
  }
}
