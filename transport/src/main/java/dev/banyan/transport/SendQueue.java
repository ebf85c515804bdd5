package dev.banyan.transport;

import dev.banyan.wire.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The sending side of one link. Frames that stand one behind the other in one buffer are gathered into a run and
/// handed to the socket as one slice of that buffer: a burst that comes in with one read goes out with one write.
///
/// A long frame is not handed over at once: it waits in a [Backlog], with all that comes behind it, and the socket gets
/// the next pieces when it has taken those before.
final class SendQueue {

  /// On a link that is behind, a slice smaller than this would keep too much of its buffer alive: it is copied.
  private static final int SMALL_RUN_BYTES = 16 << 10;

  /// So much of a backlog is with the socket at a time, and cannot be overtaken any more.
  private static final int WINDOW_BYTES = 64 << 10;

  /// Our bit of a channel's writability, next to its own for what it holds itself.
  private static final int BACKLOG_BIT = 1;

  private final Channel channel;
  private final TcpOptions.Queue marks;
  private final Backlog backlog = new Backlog();

  private @Nullable ByteBuf source;
  private int from;
  private int to;

  /// Whether all frames of the run may be overtaken.
  private boolean overtakable;

  /// The socket has a part of the backlog that it has not taken yet.
  private boolean moving;

  /// Runs when the backlog is empty, once.
  private @Nullable Runnable whenEmpty;

  private long frames;
  private long bytes;
  private long left;
  private boolean fed;
  private boolean shortKernelQueue;

  SendQueue(Channel channel, TcpOptions.Queue marks) {
    this.channel = channel;
    this.marks = marks;
  }

  /// Adds a frame. The buffer must stay as it is until [#endRun].
  ///
  /// @param mayBeOvertaken whether [#addAhead] may go before it
  @SuppressWarnings("ReferenceEquality") // the same buffer, not one with the same bytes
  void add(ByteBuf buffer, int start, int end, boolean mayBeOvertaken) {
    frames++;
    bytes += end - start;
    if (end - start > Pieces.LONGEST_WHOLE_BYTES) {
      endRun();
      keepKernelQueueShort();
      backlog.addLong(buffer.retainedSlice(start, end - start), mayBeOvertaken);
      move();
      return;
    }
    if (source == buffer && to == start) {
      to = end;
      overtakable &= mayBeOvertaken;
      return;
    }
    endRun();
    source = buffer;
    from = start;
    to = end;
    overtakable = mayBeOvertaken;
  }

  /// Adds a frame that goes before what waits, as far as that may be overtaken.
  void addAhead(ByteBuf buffer, int start, int end) {
    if (backlog.isEmpty()) {
      add(buffer, start, end, false);
      return;
    }
    frames++;
    bytes += end - start;
    endRun();
    backlog.addAhead(copy(buffer, start, end - start));
  }

  /// Hands over what was gathered; afterwards nothing here refers to the buffer.
  void endRun() {
    ByteBuf buffer = source;
    if (buffer == null) {
      return;
    }
    source = null;
    int length = to - from;
    boolean behind = length < SMALL_RUN_BYTES && queuedBytes() > marks.lowWaterBytes();
    ByteBuf run = behind ? copy(buffer, from, length) : buffer.retainedSlice(from, length);
    if (backlog.isEmpty()) {
      channel.write(run, channel.voidPromise());
    } else {
      backlog.add(run, overtakable);
      markFull();
    }
  }

  private ByteBuf copy(ByteBuf buffer, int start, int length) {
    return channel.alloc().directBuffer(length).writeBytes(buffer, start, length);
  }

  // --- the backlog

  /// Gives the socket of the backlog what it may have now. Whoever calls this flushes.
  private void move() {
    if (moving) {
      markFull();
      return;
    }
    while (!backlog.isEmpty() && !moving) {
      if (pendingBytes() >= WINDOW_BYTES) {
        write(Unpooled.EMPTY_BUFFER, true);
      } else {
        ByteBuf next =
            backlog.next(header -> write(channel.alloc().directBuffer(4).writeInt(header), false));
        write(next, !backlog.isEmpty() && pendingBytes() + next.readableBytes() >= WINDOW_BYTES);
      }
    }
    markFull();
    Runnable action = whenEmpty;
    if (backlog.isEmpty() && action != null) {
      whenEmpty = null;
      action.run();
    }
  }

  private void write(ByteBuf part, boolean endsWindow) {
    if (!endsWindow) {
      channel.write(part, channel.voidPromise());
      return;
    }
    moving = true;
    channel.write(part).addListener(this::moved);
  }

  private void moved(Future<? super Void> written) {
    moving = false;
    if (written.isSuccess()) {
      move();
      channel.flush();
    } else {
      drop();
    }
  }

  /// From the first long frame, or the first time that too much waits, on.
  void keepKernelQueueShort() {
    if (!shortKernelQueue) {
      shortKernelQueue = true;
      IoEngine.keepKernelQueueShort(channel);
    }
  }

  /// The channel counts only what it has been given: it learns here whether that and the backlog are too much.
  private void markFull() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null) {
      return;
    }
    if (queuedBytes() > marks.highWaterBytes() && !backlog.isEmpty()) {
      queue.setUserDefinedWritability(BACKLOG_BIT, false);
    } else if (queuedBytes() <= marks.lowWaterBytes() || backlog.isEmpty()) {
      queue.setUserDefinedWritability(BACKLOG_BIT, true);
    }
  }

  /// Runs the action when the socket has been given everything.
  void whenEmpty(Runnable action) {
    if (backlog.isEmpty()) {
      action.run();
    } else {
      whenEmpty = action;
    }
  }

  /// What waits here will not be sent.
  void drop() {
    source = null;
    whenEmpty = null;
    backlog.drop();
  }

  // --- what is known of it

  private long pendingBytes() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  /// What waits to be sent, what was not yet flushed included.
  long queuedBytes() {
    return pendingBytes() + backlog.bytes();
  }

  /// Whether the socket has taken anything since this was last asked.
  boolean hasMoved() {
    long gone = bytes - queuedBytes();
    boolean moved = gone > left;
    left = Math.max(left, gone);
    return moved;
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
