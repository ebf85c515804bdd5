package dev.banyan.node.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.banyan.protocol.Address;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes connections, up to a limit, and has what they ask for served by a handler.
///
/// One thread reads and writes for all of them. Bytes stay in the heap, where what a handler answers with is anyway: so
/// the door takes none of the memory that the links of a node have.
public final class HttpListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  /// Connections at the same time, at most; watches, of which a door allows 256, are among them.
  private static final int MOST_CONNECTIONS = 1_024;

  private static final int BACKLOG = 128;

  /// Connections beyond the limit that are told so at one time; yet more are closed without a word.
  private static final int MOST_REFUSALS = 8;

  /// For requests that are being served at a stop.
  private static final long STOP_MILLIS = 2_000;

  private static final int LEAST_READ_BYTES = 1 << 10;
  private static final int FIRST_READ_BYTES = 4 << 10;
  private static final int MOST_READ_BYTES = 64 << 10;

  private final String name;
  private final HttpHandler handler;
  private final int mostConnections;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("banyan-http", true), NioIoHandler.newFactory());
  private final Channel server;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Of the loop, like the other.
  private final Set<HttpConnection> open = new LinkedHashSet<>();

  private @Nullable CompletableFuture<Void> allClosed;

  private HttpListener(
      Address at,
      String name,
      HttpHandler handler,
      int mostConnections,
      ChannelFactory<? extends NioServerSocketChannel> sockets)
      throws IOException {
    this.name = name;
    this.handler = handler;
    this.mostConnections = mostConnections;
    try {
      server = bind(at, sockets);
    } catch (IOException | RuntimeException e) {
      loop.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS);
      throw e;
    }
    port = ((InetSocketAddress) server.localAddress()).getPort();
    loop.scheduleAtFixedRate(this::checkTime, 1, 1, TimeUnit.SECONDS);
    server.config().setAutoRead(true);
  }

  /// Binds and begins.
  ///
  /// @param at where; port 0 takes a free one
  /// @param name what it is, for the log
  /// @throws IOException when the address cannot be bound
  public static HttpListener open(Address at, String name, HttpHandler handler) throws IOException {
    return open(at, name, handler, mostConnections(), ServerSocket::new);
  }

  static HttpListener open(
      Address at,
      String name,
      HttpHandler handler,
      int mostConnections,
      ChannelFactory<? extends NioServerSocketChannel> sockets)
      throws IOException {
    return new HttpListener(at, name, handler, mostConnections, sockets);
  }

  /// Goes on, whatever goes wrong with one connection.
  static class ServerSocket extends NioServerSocketChannel {
    @Override
    protected boolean closeOnReadError(Throwable cause) {
      return !isActive();
    }
  }

  private Channel bind(Address at, ChannelFactory<? extends NioServerSocketChannel> sockets)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host " + at.host());
    }
    var binding =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(sockets)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Acceptor(name))
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(
                    LEAST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    HttpConnection connection = new HttpConnection(HttpListener.this);
                    channel
                        .pipeline()
                        .addLast(new HttpResponseEncoder(), connection.decoder(), connection);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      Throwable cause = binding.cause();
      throw cause instanceof IOException failure ? failure : new IOException(cause);
    }
    return binding.channel();
  }

  /// Half of what the process may still open: the rest is for its links.
  private static int mostConnections() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return MOST_CONNECTIONS;
    }
    long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
    return (int) Math.clamp(free / 2, 8, MOST_CONNECTIONS);
  }

  public int port() {
    return port;
  }

  /// A connection has been taken.
  ///
  /// @return why it cannot be served; null if it can
  @Nullable BadRequest opened(HttpConnection connection) {
    open.add(connection);
    if (allClosed != null) {
      connection.finish();
    }
    if (open.size() > mostConnections + MOST_REFUSALS) {
      connection.cut();
    }
    return open.size() <= mostConnections
        ? null
        : new BadRequest(
            503, mostConnections + " connections are open here already: close one, and try again");
  }

  void closed(HttpConnection connection) {
    open.remove(connection);
    completeWhenEmpty();
  }

  private void completeWhenEmpty() {
    if (allClosed != null && open.isEmpty()) {
      allClosed.complete(null);
    }
  }

  private void checkTime() {
    checkTime(System.nanoTime());
  }

  /// As the loop does, as if it were then. For tests.
  void checkTimeIn(long nanos) {
    loop.submit(() -> checkTime(System.nanoTime() + nanos)).syncUninterruptibly();
  }

  private void checkTime(long nowNanos) {
    List.copyOf(open).forEach(connection -> connection.checkTime(nowNanos));
  }

  /// What the thread of a request does.
  void serve(HttpExchange exchange) {
    try {
      try {
        handler.serve(exchange);
        if (!exchange.answered()) {
          throw new IllegalStateException("a request was not answered: " + exchange.target());
        }
      } catch (BadRequest e) {
        exchange.refuse(e);
      } catch (RuntimeException | Error e) {
        LOG.error("a request to {} failed: a fault of banyan itself, please report it", name, e);
        exchange.refuse(new BadRequest(500, "the request failed, a fault of banyan itself"));
      }
    } catch (IOException e) {
      exchange.cut(); // The client has gone, or was cut off: nobody is left to be told.
    } finally {
      exchange.release();
    }
  }

  /// Takes nothing more, lets what is being served be answered, and cuts off what is left after a while.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    server.close().awaitUninterruptibly();
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      allClosed = done;
      List.copyOf(open).forEach(HttpConnection::finish);
      completeWhenEmpty();
    });
    try {
      done.get(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      loop.execute(() -> List.copyOf(open).forEach(HttpConnection::cut));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
