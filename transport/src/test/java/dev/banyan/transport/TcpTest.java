package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Timer;
import dev.banyan.transport.Scripted.Do;
import dev.banyan.wire.Codec;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class TcpTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final LinkId OUT = new LinkId(1);
  private static final Consumer<Effect> NOBODY = effect -> {};
  private static final TcpOptions.Queue SMALL_QUEUE =
      new TcpOptions.Queue(16 << 10, 64 << 10, 128 << 10, 8 << 20);

  private final List<TcpHost> hosts = new ArrayList<>();

  @AfterEach
  void close() {
    hosts.forEach(TcpHost::close);
  }

  static List<IoEngine> engines() {
    List<IoEngine> engines = new ArrayList<>();
    for (IoEngine engine : IoEngine.values()) {
      try {
        engine.resolved();
        engines.add(engine);
      } catch (TransportException e) {
        assertThat(e).hasMessageEndingWith("does not work on this machine");
      }
    }
    return engines;
  }

  private TcpHost host(TcpOptions options) {
    TcpHost host = TcpHost.open(options);
    hosts.add(host);
    return host;
  }

  private TcpHost host() {
    return host(TcpOptions.DEFAULT);
  }

  private static TcpNode listen(TcpHost host, Scripted machine) {
    return host.start(Optional.of(LOOPBACK), address -> machine, NOBODY);
  }

  private static TcpNode dial(TcpHost host, Scripted machine, Address to) {
    TcpNode node = host.start(Optional.empty(), address -> machine, NOBODY);
    node.submit(new Do(new Effect.OpenLink(OUT, to)));
    return node;
  }

  private static Socket raw(Address to) throws Exception {
    return new Socket(to.host(), to.port());
  }

  /// Answers every cull with one that asks for one client more.
  private static List<Effect> counting(Event event) {
    return event instanceof Event.Received(LinkId link, Message.Cull(int clients))
        ? List.of(new Effect.Send(link, new Message.Cull(clients + 1)))
        : List.of();
  }

  /// Forwards multicasts to every other link that ever opened.
  private static final class Repeating {
    final List<LinkId> links = new ArrayList<>();

    List<Effect> react(Event event) {
      switch (event) {
        case Event.LinkOpened(LinkId link, PeerIdentity _) -> links.add(link);
        case Event.Received(LinkId from, Multicast multicast) -> {
          return List.of(
              new Effect.Forward(
                  links.stream().filter(link -> !link.equals(from)).toArray(LinkId[]::new),
                  multicast));
        }
        default -> {}
      }
      return List.of();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void two_machines_talk(IoEngine engine) throws Exception {
    TcpHost host = host(TcpOptions.DEFAULT.withEngine(engine));
    Scripted one = new Scripted(TcpTest::counting);
    Scripted other = new Scripted();
    TcpNode listening = listen(host, one);
    assertThat(listening.address().port()).isPositive();
    TcpNode dialing = dial(host, other, listening.address());

    assertThat(one.await(Event.Start.class)).isNotNull();
    assertThat(other.awaitLink()).isEqualTo(OUT);
    assertThat(one.awaitLink()).isEqualTo(new LinkId(-1));
    dialing.submit(new Do(new Effect.Send(OUT, new Message.Cull(5))));
    assertThat(one.awaitMessage()).isEqualTo(new Message.Cull(5));
    assertThat(other.awaitMessage()).isEqualTo(new Message.Cull(6));

    NodeStatistics statistics = listening.statistics().get();
    assertThat(statistics.linksOpened()).isEqualTo(1);
    assertThat(statistics.framesIn()).isEqualTo(1);
    assertThat(statistics.framesOut()).isEqualTo(1);
    assertThat(statistics.bytesIn()).isEqualTo(statistics.bytesOut()).isPositive();
    assertThat(statistics.links().getFirst().peer()).startsWith("127.0.0.1:");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void multicasts_are_forwarded_as_the_bytes_they_came_in_as_with_one_hop_more(IoEngine engine)
      throws Exception {
    TcpHost host = host(TcpOptions.DEFAULT.withEngine(engine));
    Scripted router = new Scripted(new Repeating()::react);
    TcpNode listening = listen(host, router);
    try (Socket sender = raw(listening.address());
        Socket first = raw(listening.address());
        Socket second = raw(listening.address())) {
      for (int i = 0; i < 3; i++) {
        router.awaitLink();
      }
      byte[] one = new Codec().encode(Scripted.multicast(1, 100), 41);
      byte[] frame = Arrays.copyOf(one, one.length + 3);
      frame[3] = (byte) (frame[3] + 3);
      frame[one.length] = (byte) 0xa0; // field 100, unknown here
      frame[one.length + 1] = 0x06;
      frame[one.length + 2] = 0x01;
      int frames = 5_000;
      byte[] all = new byte[frame.length * frames];
      for (int i = 0; i < frames; i++) {
        System.arraycopy(frame, 0, all, i * frame.length, frame.length);
      }
      sender.getOutputStream().write(all);

      frame[Codec.HOPS_OFFSET] = 42;
      for (Socket receiver : List.of(first, second)) {
        InputStream in = receiver.getInputStream();
        for (int i = 0; i < frames; i++) {
          assertThat(in.readNBytes(frame.length)).isEqualTo(frame);
        }
      }
    }
  }

  @Test
  void what_a_machine_publishes_goes_to_each_link_in_its_order() throws Exception {
    TcpHost host = host();
    Scripted source = new Scripted();
    TcpNode listening = listen(host, source);
    Scripted one = new Scripted();
    Scripted other = new Scripted();
    dial(host, one, listening.address());
    LinkId first = source.awaitLink();
    dial(host, other, listening.address());
    LinkId[] links = {first, source.awaitLink()};
    for (int i = 1; i <= 3_000; i++) {
      Effect forward = new Effect.Forward(links, Scripted.multicast(i, i % 100 == 0 ? 90_000 : 10));
      listening.submit(new Do(forward, new Effect.Send(links[0], new Message.Cull(i))));
    }
    for (int i = 1; i <= 3_000; i++) {
      Multicast multicast = (Multicast) one.awaitMessage();
      assertThat(multicast.hops()).isEqualTo(1);
      assertThat(Scripted.number(multicast)).isEqualTo(i);
      assertThat(one.awaitMessage()).isEqualTo(new Message.Cull(i));
      assertThat(Scripted.number(other.awaitMessage())).isEqualTo(i);
    }
  }

  @Test
  void garbage_closes_its_link_and_no_other() throws Exception {
    Scripted machine = new Scripted(TcpTest::counting);
    TcpNode node = listen(host(), machine);
    Scripted good = new Scripted();
    TcpNode dialing = dial(host(), good, node.address());
    good.awaitLink();
    machine.awaitLink();
    try (Socket garbage = raw(node.address())) {
      LinkId link = machine.awaitLink();
      garbage.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      Event.LinkClosed closed = machine.await(Event.LinkClosed.class);
      assertThat(closed.link()).isEqualTo(link);
      assertThat(closed.cause())
          .isEqualTo("malformed frame: a frame has 2 to 4194304 bytes, not 1195725856");
    }
    dialing.submit(new Do(new Effect.Send(OUT, new Message.Cull(1))));
    assertThat(good.awaitMessage()).isEqualTo(new Message.Cull(2));
    assertThat(node.statistics().get().malformedFrames()).isEqualTo(1);
  }

  @Test
  void a_link_that_says_nothing_is_closed() throws Exception {
    Scripted machine = new Scripted();
    TcpNode node =
        listen(host(TcpOptions.DEFAULT.withFirstFrameTimeout(Duration.ofMillis(30))), machine);
    try (Socket silent = raw(node.address())) {
      assertThat(machine.await(Event.LinkClosed.class).cause())
          .isEqualTo("said nothing after it opened");
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(node.statistics().get().silentLinks()).isEqualTo(1);
  }

  @Test
  void a_failed_dial_is_told_with_its_cause() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    TcpHost host = host();
    Scripted machine = new Scripted();
    dial(host, machine, new Address("127.0.0.1", nobody));
    assertThat(machine.await(Event.LinkClosed.class).cause())
        .isEqualTo("cannot connect to 127.0.0.1:" + nobody + ": connection refused");
    dial(host, machine, new Address("no-such-host.invalid", 1));
    assertThat(machine.await(Event.LinkClosed.class).cause())
        .isEqualTo("cannot connect to no-such-host.invalid:1: unknown host");
    dial(host, machine, Address.NONE);
    assertThat(machine.await(Event.LinkClosed.class).cause()).endsWith("no address to dial");
  }

  @Test
  void a_host_name_is_looked_up() throws Exception {
    TcpHost host = host();
    Scripted machine = new Scripted();
    TcpNode node = host.start(Optional.of(new Address("localhost", 0)), address -> machine, NOBODY);
    assertThat(node.address().host()).isEqualTo("localhost");
    Scripted dialing = new Scripted();
    dial(host, dialing, node.address());
    assertThat(dialing.awaitLink()).isEqualTo(OUT);
  }

  @Test
  void ipv6_addresses_work() throws Exception {
    boolean hasIpv6 =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1"));
    assumeTrue(hasIpv6, "no IPv6 loopback here");
    TcpHost host = host();
    Scripted machine = new Scripted();
    TcpNode node = host.start(Optional.of(Address.parse("[::1]:0")), address -> machine, NOBODY);
    Scripted dialing = new Scripted();
    dial(host, dialing, node.address());
    assertThat(dialing.awaitLink()).isEqualTo(OUT);
    assertThat(node.address().toString()).startsWith("[::1]:");
  }

  @Test
  void a_port_in_use_is_told_in_one_line() throws Exception {
    TcpHost host = host();
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      Address address = new Address("127.0.0.1", taken.getLocalPort());
      assertThatThrownBy(() -> host.start(Optional.of(address), ignored -> new Scripted(), NOBODY))
          .isInstanceOf(TransportException.class)
          .hasMessage("cannot listen on " + address + ": address already in use");
    }
    assertThatThrownBy(() ->
            host.start(
                Optional.of(new Address("no-such-host.invalid", 1)),
                ignored -> new Scripted(),
                NOBODY))
        .isInstanceOf(TransportException.class)
        .hasMessage("cannot listen on no-such-host.invalid:1: unknown host");
  }

  @Test
  void a_machine_that_cannot_be_built_leaves_its_port_free() throws Exception {
    TcpHost host = host();
    Address[] told = new Address[1];
    assertThatThrownBy(() ->
            host.start(
                Optional.of(LOOPBACK),
                address -> {
                  told[0] = address;
                  throw new IllegalArgumentException("no");
                },
                NOBODY))
        .hasMessage("no");
    assertThat(host.start(Optional.of(told[0]), address -> new Scripted(), NOBODY).address())
        .isEqualTo(told[0]);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void stop_sends_everything_that_was_queued(IoEngine engine) throws Exception {
    int frames = 200;
    TcpHost host = host(TcpOptions.DEFAULT.withEngine(engine));
    Scripted receiver = new Scripted();
    TcpNode listening = listen(host, receiver);
    Scripted sender =
        new Scripted(event ->
            event instanceof Event.Stop
                ? List.of(
                    new Effect.Send(OUT, new Message.Disconnect("bye")),
                    new Effect.CloseLink(OUT, "stopped"))
                : List.of());
    TcpNode dialing = dial(host, sender, listening.address());
    sender.awaitLink();
    Effect[] sends = new Effect[frames];
    for (int i = 0; i < frames; i++) {
      sends[i] = new Effect.Send(OUT, Scripted.multicast(i, 60_000));
    }
    listening.hang().get();
    dialing.submit(new Do(sends));
    var stopped = dialing.stop();
    assertThat(dialing.stop()).as("a second stop does not cut the first short").isNotCompleted();
    listening.resume().get();
    for (int i = 0; i < frames; i++) {
      assertThat(Scripted.number(receiver.awaitMessage())).isEqualTo(i);
    }
    assertThat(receiver.awaitMessage()).isEqualTo(new Message.Disconnect("bye"));
    assertThat(receiver.await(Event.LinkClosed.class).cause()).isEqualTo("closed by the other end");
    stopped.get(20, TimeUnit.SECONDS);
    assertThat(dialing.closed()).isCompleted();
  }

  @Test
  void a_last_word_arrives_although_the_other_end_has_sent_what_nobody_reads() throws Exception {
    TcpHost host = host();
    Scripted strict =
        new Scripted(event ->
            event instanceof Event.Received(LinkId link, Message ignored)
                ? List.of(
                    new Effect.Send(link, new Message.Disconnect("no")),
                    new Effect.CloseLink(link, "refused"))
                : List.of());
    TcpNode node = listen(host, strict);
    Scripted talker = new Scripted();
    TcpNode dialing = dial(host, talker, node.address());
    talker.awaitLink();
    Effect[] sends = new Effect[100];
    Arrays.setAll(sends, i -> new Effect.Send(OUT, Scripted.multicast(i, 20_000)));
    dialing.submit(new Do(sends));
    assertThat(talker.awaitMessage()).isEqualTo(new Message.Disconnect("no"));
    talker.await(Event.LinkClosed.class);
    assertThat(strict.await(Event.Received.class)).isNotNull();
    assertThat(strict.events).isEmpty();
  }

  @Test
  void kill_cuts_every_link_and_says_nothing() throws Exception {
    TcpHost host = host();
    Scripted victim = new Scripted();
    TcpNode node = listen(host, victim);
    Scripted other = new Scripted();
    dial(host, other, node.address());
    victim.awaitLink();
    other.awaitLink();
    node.kill().get();
    assertThat(other.await(Event.LinkClosed.class).cause()).isEqualTo("connection reset");
    assertThat(victim.events).isEmpty();
    dial(host, other, node.address());
    assertThat(other.await(Event.LinkClosed.class).cause()).endsWith("connection refused");
  }

  @Test
  void a_node_that_hangs_does_nothing_until_it_resumes() throws Exception {
    TcpHost host = host();
    Scripted machine = new Scripted(TcpTest::counting);
    TcpNode node = listen(host, machine);
    Scripted other = new Scripted();
    TcpNode dialing = dial(host, other, node.address());
    machine.awaitLink();
    other.awaitLink();
    Timer timer = new Timer(Scripted.Alarm.RINGS, 1);
    node.submit(new Do(new Effect.SetTimer(timer, System.nanoTime() + 1_000_000)));
    node.hang().get();
    machine.events.clear();
    dialing.submit(new Do(new Effect.Send(OUT, new Message.Cull(1))));

    // A node on the same loop, started after the timer was due, shows that the loop has gone past
    // it.
    Scripted witness = new Scripted();
    TcpNode watching = host.start(Optional.empty(), address -> witness, NOBODY);
    watching.submit(
        new Do(
            new Effect.SetTimer(
                new Timer(Scripted.Alarm.RINGS, 2), System.nanoTime() + 50_000_000)));
    witness.await(Event.TimerFired.class);
    assertThat(machine.events).isEmpty();
    assertThat(other.events).isEmpty();

    node.resume().get();
    assertThat(other.awaitMessage()).isEqualTo(new Message.Cull(2));
    assertThat(machine.events).hasSize(2);
    assertThat(machine.await(Event.TimerFired.class).timer()).isEqualTo(timer);
  }

  @Test
  void a_full_link_is_told_and_told_again_when_it_has_drained() throws Exception {
    TcpOptions options =
        TcpOptions.DEFAULT.withQueue(SMALL_QUEUE).withPushback(TcpOptions.Pushback.NONE);
    TcpHost host = host(options);
    Scripted sender = new Scripted();
    TcpNode listening = listen(host, sender);
    Scripted slow = new Scripted();
    TcpNode hanging = dial(host, slow, listening.address());
    LinkId link = sender.awaitLink();
    slow.awaitLink();
    hanging.hang().get();
    int sent = 0;
    while (sender.events.isEmpty()) {
      listening.submit(
          new Do(new Effect.Forward(new LinkId[] {link}, Scripted.multicast(++sent, 10_000))));
      LinkStatistics statistics = listening.statistics().get().links().getFirst();
      assertThat(statistics.queuedBytes()).isLessThan(SMALL_QUEUE.congestedBytes() + 20_000);
    }
    assertThat(sender.await(Event.LinkCongested.class).link()).isEqualTo(link);
    assertThat(listening.statistics().get().links().getFirst().congested()).isTrue();
    hanging.resume().get();
    assertThat(sender.await(Event.LinkDrained.class).link()).isEqualTo(link);
    for (int i = 1; i <= sent; i++) {
      assertThat(Scripted.number(slow.awaitMessage())).isEqualTo(i);
    }
  }

  @Test
  void a_link_that_takes_not_even_what_must_be_sent_is_closed() throws Exception {
    TcpHost host =
        host(TcpOptions.DEFAULT.withQueue(SMALL_QUEUE).withPushback(TcpOptions.Pushback.NONE));
    Scripted sender = new Scripted();
    TcpNode listening = listen(host, sender);
    Scripted slow = new Scripted();
    TcpNode hanging = dial(host, slow, listening.address());
    LinkId link = sender.awaitLink();
    slow.awaitLink();
    hanging.hang().get();
    Effect[] sends = new Effect[100];
    Arrays.setAll(sends, i -> new Effect.Send(link, Scripted.multicast(i, 400_000)));
    listening.submit(new Do(sends));
    assertThat(sender.await(Event.LinkClosed.class).cause())
        .isEqualTo("its queue is over 8388608 bytes");
    assertThat(listening.statistics().get().overflownLinks()).isEqualTo(1);
  }

  @Test
  void a_hanging_receiver_is_told_as_congested_and_its_sibling_gets_everything() throws Exception {
    TcpHost host =
        host(
            TcpOptions.DEFAULT
                .withQueue(SMALL_QUEUE)
                .withPushback(
                    new TcpOptions.Pushback(Duration.ofMillis(200), Duration.ofMillis(20))));
    List<LinkId> congested = new ArrayList<>();
    Repeating repeating = new Repeating();
    // As a router would: a congested link gets no multicasts any more.
    Scripted router =
        new Scripted(event -> {
          if (event instanceof Event.LinkCongested(LinkId link)) {
            congested.add(link);
            repeating.links.remove(link);
          }
          return repeating.react(event);
        });
    TcpNode routing = listen(host, router);
    Scripted source = new Scripted();
    TcpOptions.Queue patient = new TcpOptions.Queue(16 << 10, 64 << 10, 99 << 20, 100 << 20);
    TcpNode sending = dial(host(TcpOptions.DEFAULT.withQueue(patient)), source, routing.address());
    router.awaitLink();
    source.awaitLink();
    Scripted slow = new Scripted();
    TcpNode hanging = dial(host, slow, routing.address());
    LinkId slowLink = router.awaitLink();
    Scripted quick = new Scripted();
    dial(host, quick, routing.address());
    router.awaitLink();
    slow.awaitLink();
    hanging.hang().get();

    int frames = 3_000;
    for (int i = 1; i <= frames; i++) {
      sending.submit(new Do(new Effect.Send(OUT, Scripted.multicast(i, 10_000))));
    }
    for (int i = 1; i <= frames; i++) {
      assertThat(Scripted.number(quick.awaitMessage())).isEqualTo(i);
    }
    assertThat(routing.call(() -> List.copyOf(congested)).get()).containsExactly(slowLink);
    assertThat(routing.statistics().get().pauses()).isPositive();
  }

  @Test
  void a_stall_of_every_receiver_holds_the_sender_up_and_loses_nothing() throws Exception {
    TcpOptions patient =
        TcpOptions.DEFAULT
            .withQueue(new TcpOptions.Queue(16 << 10, 64 << 10, 2 << 20, 8 << 20))
            .withPushback(new TcpOptions.Pushback(Duration.ofSeconds(50), Duration.ofMillis(50)));
    Scripted router = new Scripted(new Repeating()::react);
    TcpNode routing = listen(host(patient), router);
    Scripted source = new Scripted();
    TcpOptions.Queue wide = new TcpOptions.Queue(16 << 10, 64 << 10, 99 << 20, 100 << 20);
    TcpNode sending = dial(host(TcpOptions.DEFAULT.withQueue(wide)), source, routing.address());
    router.awaitLink();
    source.awaitLink();
    Scripted receiver = new Scripted();
    TcpNode stalling = dial(host(), receiver, routing.address());
    router.awaitLink();
    receiver.awaitLink();
    stalling.hang().get();

    int frames = 3_000;
    for (int i = 1; i <= frames; i++) {
      sending.submit(new Do(new Effect.Send(OUT, Scripted.multicast(i, 10_000))));
    }
    NodeStatistics statistics;
    do {
      statistics = routing.statistics().get();
      assertThat(statistics.links()).as("%s%nfrom %s", statistics, source.events).hasSize(2);
    } while (statistics.pauses() == 0);
    stalling.resume().get();
    for (int i = 1; i <= frames; i++) {
      assertThat(Scripted.number(receiver.awaitMessage())).isEqualTo(i);
    }
    assertThat(router.events).noneMatch(Event.LinkCongested.class::isInstance);
  }

  @Test
  void two_nodes_that_flood_each_other_do_not_wait_for_each_other_for_ever() throws Exception {
    TcpOptions options =
        TcpOptions.DEFAULT.withQueue(
            new TcpOptions.Queue(16 << 10, 64 << 10, 199 << 20, 200 << 20));
    Scripted one = new Scripted();
    TcpNode first = listen(host(options), one);
    Scripted other = new Scripted();
    TcpNode second = dial(host(options), other, first.address());
    LinkId link = one.awaitLink();
    other.awaitLink();
    int frames = 2_000;
    for (int i = 1; i <= frames; i++) {
      first.submit(new Do(new Effect.Forward(new LinkId[] {link}, Scripted.multicast(i, 10_000))));
      second.submit(new Do(new Effect.Forward(new LinkId[] {OUT}, Scripted.multicast(i, 10_000))));
    }
    for (int i = 1; i <= frames; i++) {
      assertThat(Scripted.number(one.awaitMessage())).isEqualTo(i);
      assertThat(Scripted.number(other.awaitMessage())).isEqualTo(i);
    }
  }

  @Test
  void a_machine_that_fails_on_a_message_loses_that_link_only() throws Exception {
    Scripted touchy =
        new Scripted(event -> {
          if (event instanceof Event.Received(LinkId ignored, Message.Survey survey)) {
            throw new IllegalStateException("ouch " + survey.id());
          }
          return counting(event);
        });
    TcpHost host = host();
    TcpNode node = listen(host, touchy);
    Scripted bad = new Scripted();
    TcpNode attacking = dial(host, bad, node.address());
    Scripted good = new Scripted();
    TcpNode talking = dial(host, good, node.address());
    touchy.awaitLink();
    touchy.awaitLink();
    bad.awaitLink();
    good.awaitLink();
    attacking.submit(new Do(new Effect.Send(OUT, new Message.Survey(3))));
    assertThat(touchy.await(Event.LinkClosed.class).cause())
        .isEqualTo("failed on what it sent: java.lang.IllegalStateException: ouch 3");
    bad.await(Event.LinkClosed.class);
    talking.submit(new Do(new Effect.Send(OUT, new Message.Cull(1))));
    assertThat(good.awaitMessage()).isEqualTo(new Message.Cull(2));
    assertThat(node.statistics().get().machineFailures()).isEqualTo(1);
  }

  @Test
  void what_a_machine_said_before_it_failed_is_carried_out() throws Exception {
    Timer timer = new Timer(Scripted.Alarm.RINGS, 1);
    LinkId first = new LinkId(-1);
    Scripted touchy =
        new Scripted(event -> {
          if (event instanceof Event.Received(LinkId ignored, Message.Survey ignoredToo)) {
            throw new Scripted.Failure(
                "ouch",
                new Effect.Send(first, new Message.Cull(7)),
                new Effect.SetTimer(timer, System.nanoTime()));
          }
          return List.of();
        });
    TcpHost host = host();
    TcpNode node = listen(host, touchy);
    Scripted good = new Scripted();
    dial(host, good, node.address());
    assertThat(touchy.awaitLink()).isEqualTo(first);
    Scripted bad = new Scripted();
    TcpNode attacking = dial(host, bad, node.address());
    touchy.awaitLink();
    bad.awaitLink();
    attacking.submit(new Do(new Effect.Send(OUT, new Message.Survey(3))));
    assertThat(good.awaitMessage()).isEqualTo(new Message.Cull(7));
    assertThat(touchy.await(Event.TimerFired.class).timer()).isEqualTo(timer);
    bad.await(Event.LinkClosed.class);
  }

  @Test
  void an_effect_that_cannot_be_carried_out_costs_its_link_and_no_other_is_repeated_or_lost()
      throws Exception {
    List<Multicast> kept = new ArrayList<>();
    Scripted machine =
        new Scripted(event -> {
          if (event instanceof Event.Received(LinkId ignored, Multicast multicast)) {
            multicast.records();
            kept.add(multicast); // good only until it was handled
          }
          return List.of();
        });
    TcpHost host = host();
    TcpNode node = listen(host, machine);
    Scripted one = new Scripted();
    TcpNode dialing = dial(host, one, node.address());
    LinkId first = machine.awaitLink();
    Scripted other = new Scripted();
    dial(host, other, node.address());
    LinkId second = machine.awaitLink();
    one.awaitLink(); // What is sent before it is up goes nowhere.
    other.awaitLink();
    dialing.submit(new Do(new Effect.Send(OUT, Scripted.multicast(1, 10))));
    machine.awaitMessage();

    node.submit(
        new Do(
            new Effect.Send(second, new Message.Cull(1)),
            new Effect.Send(first, kept.getFirst()),
            new Effect.Send(second, new Message.Cull(2))));
    assertThat(machine.await(Event.LinkClosed.class).link()).isEqualTo(first);
    node.submit(new Do(new Effect.Send(second, new Message.Cull(3))));
    for (int i = 1; i <= 3; i++) {
      assertThat(other.awaitMessage()).isEqualTo(new Message.Cull(i));
    }
    assertThat(node.statistics().get().machineFailures()).isEqualTo(1);
  }

  @Test
  void a_machine_that_fails_by_itself_ends_its_node() throws Exception {
    Timer timer = new Timer(Scripted.Alarm.RINGS, 1);
    Scripted doomed =
        new Scripted(event -> {
          if (event instanceof Event.TimerFired) {
            throw new IllegalStateException("ouch");
          }
          return List.of();
        });
    TcpHost host = host();
    TcpNode node = listen(host, doomed);
    Scripted other = new Scripted();
    dial(host, other, node.address());
    other.awaitLink();
    node.submit(new Do(new Effect.SetTimer(timer, System.nanoTime())));
    assertThatThrownBy(() -> node.closed().get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("ouch");
    other.await(Event.LinkClosed.class);
  }

  @Test
  void a_link_the_machine_has_closed_is_never_heard_of_again() throws Exception {
    Scripted machine =
        new Scripted(event ->
            event instanceof Event.LinkOpened(LinkId link, PeerIdentity _)
                ? List.of(new Effect.CloseLink(link, "not today"))
                : List.of());
    TcpHost host = host();
    TcpNode node = listen(host, machine);
    Scripted other = new Scripted();
    TcpNode dialing = dial(host, other, node.address());
    other.awaitLink();
    dialing.submit(new Do(new Effect.Send(OUT, new Message.Cull(1))));
    other.await(Event.LinkClosed.class);
    machine.awaitLink();
    node.stop().get(20, TimeUnit.SECONDS);
    assertThat(machine.await(Event.Stop.class)).isNotNull();
    assertThat(machine.events).isEmpty();
  }

  @Test
  void what_comes_after_the_end_is_dropped_quietly() throws Exception {
    TcpHost host = host();
    TcpNode node = listen(host, new Scripted());
    node.stop().get(20, TimeUnit.SECONDS);
    node.submit(new Do());
    node.kill().get(20, TimeUnit.SECONDS);
    host.close();
    node.submit(new Do());
    assertThat(node.stop()).isCompleted();
  }

  @Test
  void what_was_handed_in_before_a_stop_comes_before_it_however_much_it_is() throws Exception {
    int many = 5_000;
    Scripted machine = new Scripted();
    TcpNode node = listen(host(), machine);
    node.hang().get();
    for (int i = 0; i < many; i++) {
      node.submit(new Event.ChangeLoad(i));
    }
    node.stop().get(20, TimeUnit.SECONDS);
    for (int i = 0; i < many; i++) {
      assertThat(machine.await(Event.ChangeLoad.class)).isEqualTo(new Event.ChangeLoad(i));
    }
    assertThat(machine.await(Event.Stop.class)).isNotNull();
  }

  @Test
  void what_a_stop_cannot_send_within_the_drain_timeout_is_counted() throws Exception {
    TcpHost host = host();
    TcpNode listening = listen(host(), new Scripted());
    Scripted sender = new Scripted();
    TcpNode dialing = dial(host, sender, listening.address());
    sender.awaitLink();
    listening.hang().get();
    Effect[] sends = new Effect[200];
    for (int i = 0; i < sends.length; i++) {
      sends[i] = new Effect.Send(OUT, Scripted.multicast(i, 60_000));
    }
    dialing.submit(new Do(sends));
    dialing.stop().get(20, TimeUnit.SECONDS);
    assertThat(dialing.statistics().get().unsentBytes()).isPositive();
  }
}
