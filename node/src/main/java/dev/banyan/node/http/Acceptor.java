package dev.banyan.node.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where no connection can be taken, as when the process has no file descriptors left, says so once, waits, and tries
/// again. Netty waits, too, but says it each time, at length.
final class Acceptor extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

  /// What was said is not said again for so long.
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// The wait after a failure; doubled with each, up to the other.
  private static final long FIRST_PAUSE_MILLIS = 50;

  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final String name;
  private long pauseMillis;
  private long toldNanos = System.nanoTime() - SILENCE_NANOS;

  /// @param name whose connections they are, for the log
  Acceptor(String name) {
    this.name = name;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object connection) {
    pauseMillis = 0;
    ctx.fireChannelRead(connection);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (System.nanoTime() - toldNanos >= SILENCE_NANOS) {
      toldNanos = System.nanoTime();
      LOG.warn(
          "{} cannot take connections ({}) and tries again until it can; if files are what is missing, raise the limit"
              + " (ulimit -n)",
          name,
          String.valueOf(cause.getMessage()));
    }
    pauseMillis = Math.clamp(2 * pauseMillis, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    ctx.channel().config().setAutoRead(false);
    ctx.executor()
        .schedule(
            () -> ctx.channel().config().setAutoRead(true), pauseMillis, TimeUnit.MILLISECONDS);
  }
}
