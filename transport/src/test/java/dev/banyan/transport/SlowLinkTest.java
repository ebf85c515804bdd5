package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.transport.Scripted.Do;
import dev.banyan.wire.Codec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Links on which a frame takes longer than the heartbeat timeout.
@ExtendWith(LeakCheck.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SlowLinkTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final long TAG = 77;
  private static final Message HEARTBEAT =
      new Message.Heartbeat(
          true, 1, 0, 0, 0, new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

  private final List<TcpHost> hosts = new ArrayList<>();

  @AfterEach
  void close() {
    hosts.forEach(TcpHost::close);
  }

  private TcpHost host(TcpOptions options) {
    TcpHost host = TcpHost.open(options);
    hosts.add(host);
    return host;
  }

  private TcpNode listen(TcpOptions options, Scripted machine) {
    return host(options).start(Optional.of(LOOPBACK), address -> machine, effect -> {});
  }

  private static Socket raw(Address to) throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.connect(new InetSocketAddress(to.host(), to.port()));
    return socket;
  }

  /// Rings again and again.
  private static List<Effect> ringing(Event event) {
    return event instanceof Event.Start || event instanceof Event.TimerFired
        ? List.of(
            new Effect.SetTimer(new Timer(Scripted.Alarm.RINGS, 1), System.nanoTime() + 2_000_000))
        : List.of();
  }

  @Test
  void a_heartbeat_gets_past_long_frames_that_a_slow_reader_has_not_taken() throws Exception {
    Scripted machine = new Scripted();
    TcpNode node = listen(TcpOptions.DEFAULT, machine);
    try (Socket slow = raw(node.address())) {
      LinkId link = machine.awaitLink();
      int frames = 3;
      for (int i = 1; i <= frames; i++) {
        Effect forward = new Effect.Forward(new LinkId[] {link}, Scripted.multicast(i, 4_000_000));
        node.submit(new Do(forward));
      }
      node.submit(new Do(new Effect.Send(link, HEARTBEAT)));
      assertThat(node.statistics().get().links().getFirst().queuedBytes()).isGreaterThan(2_000_000);

      List<Object> order = new ArrayList<>();
      FrameReader reader =
          new FrameReader(
              new Codec(),
              new FrameReader.Sink() {
                @Override
                public boolean frame(Message message, ByteBuf buffer, int start, int end) {
                  order.add(message instanceof Multicast ? Scripted.number(message) : "heartbeat");
                  return true;
                }

                @Override
                public void endOfBuffer() {}
              });
      reader.takeLongFrames();
      InputStream in = slow.getInputStream();
      byte[] buffer = new byte[100_000];
      while (order.size() <= frames) {
        int bytes = in.read(buffer);
        assertThat(bytes).isPositive();
        reader.read(Unpooled.copiedBuffer(buffer, 0, bytes));
      }
      assertThat(order).contains(1L, 2L, 3L).endsWith(3L);
    }
  }

  @Test
  void parts_of_a_frame_are_told_once_before_a_timer_rings() throws Exception {
    Scripted machine = new Scripted(SlowLinkTest::ringing);
    TcpNode node = listen(TcpOptions.DEFAULT, machine);
    try (Socket peer = raw(node.address())) {
      LinkId link = machine.awaitLink();
      byte[] frame = new Codec().encode(Scripted.multicast(1, 100));
      peer.getOutputStream().write(frame, 0, 40);
      assertThat(machine.await(Event.BytesReceived.class).link()).isEqualTo(link);
      assertThat(machine.events.take()).isInstanceOf(Event.TimerFired.class);
      assertThat(machine.events.take()).isInstanceOf(Event.TimerFired.class);
      peer.getOutputStream().write(frame, 40, 40);
      assertThat(machine.await(Event.BytesReceived.class).link()).isEqualTo(link);
      peer.getOutputStream().write(frame, 80, frame.length - 80);
      assertThat(machine.awaitMessage()).isInstanceOf(Multicast.class);
    }
  }

  @Test
  void what_a_congested_link_takes_is_told_and_measured() throws Exception {
    Scripted machine = new Scripted(SlowLinkTest::ringing);
    TcpOptions options =
        TcpOptions.DEFAULT
            .withQueue(new TcpOptions.Queue(16 << 10, 64 << 10, 128 << 10, 16 << 20))
            .withPushback(TcpOptions.Pushback.NONE);
    TcpNode node = listen(options, machine);
    try (Socket slow = raw(node.address())) {
      LinkId link = machine.awaitLink();
      for (int i = 0; i < 3; i++) {
        node.submit(new Do(new Effect.Send(link, Scripted.multicast(i, 4_000_000))));
      }
      machine.await(Event.LinkCongested.class);
      InputStream in = slow.getInputStream();
      for (int i = 0; i < 3; i++) {
        machine.events.clear();
        assertThat(in.readNBytes(1 << 20)).hasSize(1 << 20);
        assertThat(machine.await(Event.BytesSent.class).link()).isEqualTo(link);
      }
    }
  }

  /// A node of the tree, and whether it was ever cut off.
  private static final class Member implements Machine {
    private static final TreeConfig CONFIG =
        TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.dividedBy(10));

    final BlockingQueue<Boolean> connected = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> delivered = new LinkedBlockingQueue<>();
    final NodeId id;
    final TcpNode node;
    private final TreeNode tree;

    /// @param reachedAt what others are told of it
    Member(long id, TcpHost host, NodeKind kind, Address reachedAt, List<Address> roots) {
      this.id = new NodeId(id);
      tree =
          new TreeNode(
              Identity.of(this.id, kind, reachedAt, 1),
              CONFIG,
              roots,
              new SplittableRandom(id),
              _ -> System.currentTimeMillis());
      node =
          host.start(
              kind == NodeKind.CLIENT ? Optional.empty() : Optional.of(LOOPBACK),
              address -> this,
              effect -> {});
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      tree.handle(event, nowNanos, effects);
      for (Effect effect : effects) {
        if (effect instanceof Effect.Connected(boolean is)) {
          connected.add(is);
        } else if (effect instanceof Effect.Deliver(Multicast multicast)) {
          multicast.records().forEach(record -> delivered.add(record.sequence()));
        }
      }
    }

    void awaitConnected() throws InterruptedException {
      assertThat(connected.poll(30, TimeUnit.SECONDS)).as("%s is connected", id).isTrue();
    }

    void publish(long number, int bytes) {
      node.submit(
          new Event.Publish(
              List.of(
                  new Record(
                      new long[] {TAG},
                      id,
                      new Session(1, id.value()),
                      number,
                      new long[] {0},
                      Bytes.wrap(new byte[bytes])))));
    }
  }

  @Test
  void a_value_larger_than_rate_times_heartbeat_timeout_arrives_and_nobody_is_cut_off()
      throws Exception {
    try (SlowLine line = new SlowLine(400_000)) {
      TcpHost host = host(TcpOptions.DEFAULT);
      Member root = new Member(1, host, NodeKind.ROOT, line.address(), List.of());
      line.leadsTo(root.node.address());
      List<Address> roots = List.of(line.address());
      Member writer = new Member(2, host, NodeKind.CLIENT, Address.NONE, roots);
      Member reader = new Member(3, host, NodeKind.CLIENT, Address.NONE, roots);
      Member bystander = new Member(4, host, NodeKind.CLIENT, Address.NONE, roots);
      reader.node.submit(new Event.ChangeInterest(new long[] {TAG}, new long[0]));
      for (Member member : List.of(writer, reader, bystander)) {
        member.awaitConnected();
      }
      long number = 0;
      do { // until its interest has got through to the writer
        writer.publish(++number, 10);
      } while (reader.delivered.poll(100, TimeUnit.MILLISECONDS) == null);

      writer.publish(1_000, 600_000); // 1.5 s up and 1.5 s down; the timeout is 0.3 s
      Long heard;
      do {
        heard = reader.delivered.poll(30, TimeUnit.SECONDS);
        assertThat(heard).as("the large value").isNotNull();
      } while (heard != 1_000);
      for (Member member : List.of(writer, reader, bystander)) {
        assertThat(member.connected).as("%s stays connected", member.id).isEmpty();
      }
    }
  }
}
