package dev.banyan.transport;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.wire.Codec;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The event loops of a process, and the nodes on them.
public final class TcpHost implements AutoCloseable {

  /// For closed sockets to be done with, some of which the kernel closes later.
  private static final int QUIET_MILLIS = 20;

  private final TcpOptions options;
  private final IoEngine engine;
  private final Codec codec;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Loop> loops = new ArrayList<>();
  private final AtomicInteger nextLoop = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Set<TcpNode> nodes = ConcurrentHashMap.newKeySet();

  /// Handshakes take their turns here, away from the loops: threads exist while there is something to do.
  private final ThreadPoolExecutor handshakeTasks;

  private TcpHost(TcpOptions options) {
    this.options = options;
    this.engine = options.engine().resolved();
    this.codec = new Codec(options.maxFrameBytes());
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.handshakeTasks =
        new ThreadPoolExecutor(
            threads,
            threads,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("banyan-handshake", true));
    handshakeTasks.allowCoreThreadTimeOut(true);
    this.group =
        new MultiThreadIoEventLoopGroup(
            options.loops(),
            new DefaultThreadFactory("banyan-loop", true),
            engine.handlers(options.busyPoll()));
    for (int i = 0; i < options.loops(); i++) {
      loops.add(new Loop(group.next(), engine, options, handshakeTasks));
    }
  }

  /// @throws TransportException when the engine asked for does not work here, or cannot poll busily as asked for
  public static TcpHost open(TcpOptions options) {
    return new TcpHost(options);
  }

  /// Starts a node: listens, builds the machine, and hands it [Event.Start]. Waits for its loop, so it must not be
  /// called on one.
  ///
  /// @param listen where to listen: an IP literal or host name of this machine, port 0 for any free one; none for a node
  ///     that only dials
  /// @param machine builds the machine, given the address it listens on, which is what others may be told: when it listens
  ///     on all interfaces, this machine's host name stands for them; called on the node's loop
  /// @param listener gets [Effect.Report] and [Effect.Outcome], on the node's loop; must not block
  /// @throws TransportException when it cannot listen there, with one line that says why
  public TcpNode start(
      Optional<Address> listen,
      Function<Address, ? extends Machine> machine,
      Consumer<Effect> listener) {
    return start(listen, machine, listener, Optional.empty());
  }

  /// As above.
  ///
  /// @param security of all links of this node; none for links in clear, which prove nothing
  public TcpNode start(
      Optional<Address> listen,
      Function<Address, ? extends Machine> machine,
      Consumer<Effect> listener,
      Optional<LinkSecurity> security) {
    Loop loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    AtomicReference<@Nullable NodeDriver> accepting = new AtomicReference<>();
    Channel server = listen.map(at -> bind(at, loop, accepting)).orElse(null);
    Address address = server == null ? Address.NONE : listening(listen, server);
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                NodeDriver driver =
                    new NodeDriver(
                        loop, options, codec, address, machine.apply(address), listener, security);
                accepting.set(driver);
                return begin(driver, server);
              },
              loop.executor)
          .join();
    } catch (CompletionException e) {
      if (server != null) {
        server.close().syncUninterruptibly();
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Kills the nodes that are left, and ends the loops.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    nodes.forEach(TcpNode::kill);
    for (Loop loop : loops) {
      loop.executor.submit(loop::close).syncUninterruptibly();
    }
    group.shutdownGracefully(QUIET_MILLIS, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    handshakeTasks.shutdown();
  }

  private TcpNode begin(NodeDriver driver, @Nullable Channel server) {
    AtomicReference<@Nullable TcpNode> self = new AtomicReference<>();
    TcpNode node =
        new TcpNode(
            driver,
            server,
            () -> {
              TcpNode ended = self.get();
              if (ended != null) {
                nodes.remove(ended);
              }
            });
    self.set(node);
    nodes.add(node);
    driver.post(new Event.Start());
    if (server != null) {
      server.config().setAutoRead(true);
    }
    return node;
  }

  private Channel bind(Address at, Loop loop, AtomicReference<@Nullable NodeDriver> accepting) {
    InetAddress address;
    try {
      address = InetAddress.getByName(at.host());
    } catch (UnknownHostException e) {
      throw new TransportException("cannot listen on " + at + ": unknown host", e);
    }
    var binding =
        new ServerBootstrap()
            .group(loop.executor)
            .channel(engine.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 4_096)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, loop.readAllocator())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, loop.waterMark())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    NodeDriver driver = accepting.get();
                    if (driver == null) {
                      channel.close();
                    } else {
                      driver.accept(channel);
                    }
                  }
                })
            .bind(new InetSocketAddress(address, at.port()))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      Throwable cause = binding.cause();
      throw new TransportException(
          "cannot listen on " + at + ": " + (cause == null ? "cancelled" : Causes.of(cause)),
          cause);
    }
    return binding.channel();
  }

  private static Address listening(Optional<Address> listen, Channel server) {
    InetSocketAddress bound = (InetSocketAddress) server.localAddress();
    if (!bound.getAddress().isAnyLocalAddress()) {
      return new Address(listen.orElse(Address.NONE).host(), bound.getPort());
    }
    try {
      return new Address(InetAddress.getLocalHost().getHostName(), bound.getPort());
    } catch (UnknownHostException e) {
      return new Address(InetAddress.getLoopbackAddress().getHostAddress(), bound.getPort());
    }
  }
}
