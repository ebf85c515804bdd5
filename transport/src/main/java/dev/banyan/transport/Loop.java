package dev.banyan.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop and what the nodes on it share. All but [#executor] belongs to the loop's thread.
final class Loop {

  private static final int MAX_READ_BYTES = 128 << 10;

  private static final int MAX_NAMES = 256;

  final EventLoop executor;

  /// Where the costly steps of handshakes are done, so that the loop goes on meanwhile.
  final Executor handshakeTasks;

  final SendBuffer sendBuffer = new SendBuffer();
  private final @Nullable ReadBuffers readBuffers;
  private final ArrayList<Connection> unflushed = new ArrayList<>();
  private final Runnable flush = this::flush;
  private boolean flushComes;

  /// Which address of a host name has answered last, for the names dialed lately.
  final Map<String, InetAddress> answered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, InetAddress> eldest) {
          return size() > MAX_NAMES;
        }
      };

  private final WriteBufferWaterMark waterMark;
  private final Bootstrap dialing;

  Loop(EventLoop executor, IoEngine engine, TcpOptions options, Executor handshakeTasks) {
    this.executor = executor;
    this.handshakeTasks = handshakeTasks;
    this.readBuffers = engine.readsOneAtATime() ? new ReadBuffers() : null;
    this.waterMark =
        new WriteBufferWaterMark(options.queue().lowWaterBytes(), options.queue().highWaterBytes());
    this.dialing =
        new Bootstrap()
            .group(executor)
            .channel(engine.socketChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, readAllocator())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark);
  }

  WriteBufferWaterMark waterMark() {
    return waterMark;
  }

  /// A bootstrap for one dial, still without a handler.
  Bootstrap dialing() {
    return dialing.clone();
  }

  RecvByteBufAllocator readAllocator() {
    return readBuffers != null ? readBuffers : separateReads();
  }

  /// A buffer for each read.
  static RecvByteBufAllocator separateReads() {
    return new AdaptiveRecvByteBufAllocator(256, 4 << 10, MAX_READ_BYTES).maxMessagesPerRead(1);
  }

  /// Flushes the link when everything that is readable on this loop now has been read.
  void flushSoon(Connection link) {
    unflushed.add(link);
    if (!flushComes) {
      flushComes = true;
      executor.execute(flush);
    }
  }

  void schedule(Runnable task, long delayNanos) {
    executor.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  void close() {
    sendBuffer.close();
    if (readBuffers != null) {
      readBuffers.close();
    }
  }

  private void flush() {
    flushComes = false;
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }
}
