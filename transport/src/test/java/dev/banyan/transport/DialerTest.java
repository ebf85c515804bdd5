package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A host name with several addresses, some of which do not answer.
@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(
    OS.LINUX) // all of 127.0.0.0/8 is this host, and a full queue of connections swallows the next
@Timeout(20) // less than one address may take
class DialerTest {

  private static final TcpOptions OPTIONS =
      new TcpOptions(
          IoEngine.NIO,
          false,
          1,
          TcpOptions.DEFAULT.maxFrameBytes(),
          TcpOptions.Queue.DEFAULT,
          TcpOptions.Pushback.DEFAULT,
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          TcpOptions.DEFAULT.memoryBytes());

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, IoEngine.NIO.handlers(false));
  private final Loop loop = new Loop(group.next(), IoEngine.NIO, OPTIONS, Runnable::run);
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ServerSocket answering;

  @BeforeEach
  void listen() throws IOException {
    answering = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.3"));
    open.add(answering);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    loop.executor.submit(loop::close).sync();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
  }

  /// An address that takes no connection and refuses none.
  private InetAddress blackHole() throws Exception {
    InetAddress address = InetAddress.getByName("127.0.0.2");
    ServerSocket full = new ServerSocket(answering.getLocalPort(), 1, address);
    open.add(full);
    for (int i = 0; i < 8; i++) {
      SocketChannel filling = SocketChannel.open();
      open.add(filling);
      filling.configureBlocking(false);
      filling.connect(new InetSocketAddress(address, full.getLocalPort()));
    }
    return address;
  }

  private void dial(InetAddress... addresses) {
    ChannelInboundHandlerAdapter handler =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelActive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            outcomes.add(
                ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress());
          }

          @Override
          public boolean isSharable() {
            return true;
          }
        };
    new Dialer(
            loop,
            loop.dialing().handler(handler),
            new Address("two-faced", answering.getLocalPort()),
            host -> addresses,
            outcomes::add)
        .start();
  }

  @Test
  void
      an_address_that_does_not_answer_costs_a_quarter_second_and_the_one_that_did_comes_first_next()
          throws Exception {
    InetAddress silent = blackHole();
    dial(silent, silent, answering.getInetAddress());
    assertThat(outcomes.take()).isEqualTo("127.0.0.3");
    try (Socket accepted = answering.accept()) {
      assertThat(accepted.isConnected()).isTrue();
    }
    assertThat(loop.executor.submit(() -> loop.answered.get("two-faced")).get())
        .isEqualTo(answering.getInetAddress());
    answering.close();
    dial(silent, answering.getInetAddress()); // where nobody is now: refused first, then silence
    assertThat(outcomes.poll(1, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void an_address_that_refuses_costs_nothing_and_the_last_refusal_is_told() throws Exception {
    InetAddress nobody = InetAddress.getByName("127.0.0.4");
    dial(nobody, answering.getInetAddress());
    assertThat(outcomes.take()).isEqualTo("127.0.0.3");
    dial(nobody, nobody);
    assertThat(outcomes.take())
        .isEqualTo(
            "cannot connect to two-faced:" + answering.getLocalPort() + ": connection refused");
  }

  @Test
  void families_of_addresses_take_turns() throws Exception {
    InetAddress six = InetAddress.getByName("::1");
    InetAddress four = InetAddress.getByName("127.0.0.1");
    assertThat(Dialer.alternating(new InetAddress[] {six, six, six, four}))
        .containsExactly(six, four, six, six);
  }
}
