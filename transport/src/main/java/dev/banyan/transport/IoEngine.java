package dev.banyan.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.IntSupplier;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How event loops talk to the kernel.
public enum IoEngine {
  /// Epoll where it works, else NIO.
  AUTO,
  /// The JDK's selectors: everywhere.
  NIO,
  EPOLL,
  IO_URING;

  private static final Logger LOG = LoggerFactory.getLogger(IoEngine.class);

  /// Half of it leaves in 8 s at 64 kbit/s: less than a stuck link is given.
  private static final long KERNEL_QUEUE_BYTES = 128 << 10;

  /// This engine, or what AUTO stands for on this machine.
  ///
  /// @throws TransportException when the engine does not work here
  public IoEngine resolved() {
    return switch (this) {
      case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
      case NIO -> NIO;
      case EPOLL -> require(Epoll.isAvailable(), "epoll does not work on this machine");
      case IO_URING -> require(IoUring.isAvailable(), "io_uring does not work on this machine");
    };
  }

  /// @param busyPoll whether loops ask the kernel again and again what there is to do, rather than to be woken
  /// @throws TransportException when this engine cannot do so
  IoHandlerFactory handlers(boolean busyPoll) {
    IoEngine engine = resolved();
    if (busyPoll) {
      engine.require(engine == EPOLL, "busy polling needs epoll, not " + engine.spelled());
      return EpollIoHandler.newFactory(0, () -> IoEngine::pollAlways);
    }
    return switch (engine) {
      case AUTO -> throw new IllegalStateException("resolved to itself");
      case NIO -> NioIoHandler.newFactory();
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
    };
  }

  /// A strategy of Netty's: what is ready now, whether or not there are tasks to go on with. Timers are looked at after
  /// each round.
  private static int pollAlways(IntSupplier ready, boolean hasTasks) throws Exception {
    return hasTasks ? ready.get() : SelectStrategy.BUSY_WAIT;
  }

  Class<? extends SocketChannel> socketChannel() {
    return switch (this) {
      case AUTO -> resolved().socketChannel();
      case NIO -> NioSocketChannel.class;
      case EPOLL -> EpollSocketChannel.class;
      case IO_URING -> IoUringSocketChannel.class;
    };
  }

  Class<? extends ServerChannel> serverChannel() {
    return switch (this) {
      case AUTO -> resolved().serverChannel();
      case NIO -> NioServerSocketChannel.class;
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
    };
  }

  /// Has the kernel take no more of what is sent than it can send soon, where it can be told so. What it has taken cannot
  /// be overtaken, and how much of it has left is not seen from here.
  static void keepKernelQueueShort(Channel channel) {
    try {
      switch (channel) {
        case EpollSocketChannel epoll -> epoll.config().setTcpNotSentLowAt(KERNEL_QUEUE_BYTES);
        case IoUringSocketChannel ring ->
            ring.config().setOption(IoUringChannelOption.TCP_NOTSENT_LOWAT, KERNEL_QUEUE_BYTES);
        default -> {}
      }
    } catch (ChannelException e) {
      LOG.debug("{} is closed already", channel, e);
    }
  }

  /// Whether a read is over when the next one begins, so that all reads of a loop may share one buffer. Not so with
  /// io_uring: the kernel holds a buffer for each link it waits on.
  boolean readsOneAtATime() {
    return resolved() != IO_URING;
  }

  private String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  private IoEngine require(boolean available, String otherwise) {
    if (!available) {
      throw new TransportException(otherwise);
    }
    return this;
  }
}
