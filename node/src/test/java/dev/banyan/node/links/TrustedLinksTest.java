package dev.banyan.node.links;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.capsule.Certificate.Kind;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.transport.LinkSecurity;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TcpOptions;
import dev.banyan.trust.NodeIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Links between two nodes over real sockets: who is let in, and who is told what.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TrustedLinksTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final LinkId DIALED = new LinkId(1);

  /// Patient, as many tests may share few cores.
  private final TcpHost host =
      TcpHost.open(TcpOptions.DEFAULT.withLoops(1).withFirstFrameTimeout(Duration.ofMinutes(1)));

  private final Members members = new Members(1);
  private final Witness router = new Witness();
  private final Witness worker = new Witness();

  @AfterEach
  void close() {
    host.close();
  }

  private TcpNode listen(Witness witness, LinkSecurity security) {
    return host.start(Optional.of(LOOPBACK), _ -> witness, _ -> {}, Optional.of(security));
  }

  private TcpNode dial(Witness witness, Address to, Optional<LinkSecurity> security) {
    TcpNode node = host.start(Optional.empty(), _ -> witness, _ -> {}, security);
    node.submit(new Witness.Do(new Effect.OpenLink(DIALED, to)));
    return node;
  }

  private static NodeId id(NodeIdentity identity) {
    return new NodeId(identity.certificate().id());
  }

  @Test
  void both_ends_prove_who_they_are_and_what_is_sent_arrives() {
    NodeIdentity accepting = members.identity(Kind.ROUTER);
    NodeIdentity dialing = members.identity(Kind.CLIENT);
    TcpNode there = listen(router, members.links(accepting));
    TcpNode here = dial(worker, there.address(), Optional.of(members.links(dialing)));
    assertThat(worker.next(Event.LinkOpened.class).peer())
        .isEqualTo(new PeerIdentity.Proven(id(accepting), NodeKind.ROUTER));
    Event.LinkOpened opened = router.next(Event.LinkOpened.class);
    assertThat(opened.peer()).isEqualTo(new PeerIdentity.Proven(id(dialing), NodeKind.CLIENT));
    Message.Hello hello =
        new Message.Hello(
            Message.Hello.VERSION, "main", id(dialing), NodeKind.CLIENT, 1, Bytes.EMPTY);
    here.submit(new Witness.Do(new Effect.Send(DIALED, hello)));
    assertThat(router.next(Event.Received.class).message()).isEqualTo(hello);
    there.submit(new Witness.Do(new Effect.Send(opened.link(), hello)));
    assertThat(worker.next(Event.Received.class).message()).isEqualTo(hello);
  }

  @Test
  void a_link_that_is_closed_sends_first_what_was_sent_before() {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    TcpNode here =
        dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
    router.next(Event.LinkOpened.class);
    here.submit(new Witness.Do(new Effect.Send(DIALED, new Message.Disconnect("farewell"))));
    here.submit(new Witness.Do(new Effect.CloseLink(DIALED, "done")));
    assertThat(router.next(Event.Received.class).message())
        .isEqualTo(new Message.Disconnect("farewell"));
    router.next(Event.LinkClosed.class);
  }

  /// The other end may hear of it first.
  private static void awaitFailure(TcpNode node) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (node.statistics().join().failedHandshakes() == 0) {
      assertThat(System.nanoTime() - deadline).as("a handshake fails").isNegative();
    }
  }

  private void refusesTheDialing(LinkSecurity security) {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    dial(worker, there.address(), Optional.of(security));
    assertThat(worker.next(Event.LinkClosed.class).cause()).isNotEmpty();
    awaitFailure(there);
    assertThat(router.hasHeard(Event.LinkOpened.class)).isFalse();
  }

  private String refusesTheAccepting(LinkSecurity security) {
    TcpNode there = listen(router, security);
    dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
    String cause = worker.next(Event.LinkClosed.class).cause();
    assertThat(router.hasHeard(Event.LinkOpened.class)).isFalse();
    return cause;
  }

  @Test
  void whose_certificate_has_expired_is_refused() {
    NodeIdentity expired = members.identity(Kind.CLIENT, 0, Members.NOW - 1);
    refusesTheDialing(members.links(expired));
  }

  /// From which epoch on it counts is said of what it seals: a router does not know which epoch it is.
  @Test
  void whose_certificate_begins_with_a_later_epoch_is_let_in() {
    NodeIdentity later = members.identity(Kind.CLIENT, 1, Members.EXPIRY);
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    dial(worker, there.address(), Optional.of(members.links(later)));
    worker.next(Event.LinkOpened.class);
    router.next(Event.LinkOpened.class);
  }

  @Test
  void who_is_of_another_group_is_refused() {
    Members others = new Members(2);
    NodeIdentity other = others.identity(Kind.CLIENT);
    refusesTheDialing(others.links(other));
  }

  @Test
  void who_has_been_revoked_is_refused() {
    NodeIdentity revoked = members.identity(Kind.CLIENT);
    LinkSecurity own = members.links(revoked);
    members.revoke(revoked);
    refusesTheDialing(own);
  }

  @Test
  void whoever_was_dialed_is_refused_for_the_same_reasons() {
    assertThat(
            refusesTheAccepting(members.links(members.identity(Kind.ROUTER, 0, Members.NOW - 1))))
        .contains("expired");
  }

  @Test
  void whoever_was_dialed_and_is_of_another_group_is_refused() {
    Members others = new Members(2);
    assertThat(refusesTheAccepting(others.links(others.identity(Kind.ROUTER))))
        .contains("another group");
  }

  @Test
  void links_of_who_is_revoked_are_closed_and_others_stay() throws Exception {
    NodeIdentity staying = members.identity(Kind.CLIENT);
    NodeIdentity going = members.identity(Kind.CLIENT);
    TrustedLinks security = members.links(members.identity(Kind.ROUTER));
    TcpNode there = listen(router, security);
    Witness other = new Witness();
    dial(worker, there.address(), Optional.of(members.links(staying)));
    dial(other, there.address(), Optional.of(members.links(going)));
    worker.next(Event.LinkOpened.class);
    other.next(Event.LinkOpened.class);
    router.next(Event.LinkOpened.class);
    router.next(Event.LinkOpened.class);
    assertThat(security.learn(members.revoke(going))).isTrue();
    there.recheckLinks().join();
    other.next(Event.LinkClosed.class);
    assertThat(router.next(Event.LinkClosed.class).cause())
        .contains(id(going).toString())
        .contains("revoked");
    assertThat(there.statistics().join().links()).hasSize(1);
    assertThat(worker.hasHeard(Event.LinkClosed.class)).isFalse();
  }

  private static Message.Hello anyHello() {
    return new Message.Hello(
        Message.Hello.VERSION, "main", new NodeId(1), NodeKind.CLIENT, 1, Bytes.EMPTY);
  }

  /// Sends a list, and waits until it was looked at.
  private void pass(TcpNode sender, byte[] list) {
    sender.submit(
        new Witness.Do(new Effect.Send(DIALED, new Message.Revocations(Bytes.wrap(list)))));
    sender.submit(new Witness.Do(new Effect.Send(DIALED, anyHello())));
    assertThat(router.next(Event.Received.class).message()).isEqualTo(anyHello());
  }

  @Test
  void a_list_of_revocations_is_believed_from_neighbours_alone_and_for_the_operator_s_signature() {
    NodeIdentity going = members.identity(Kind.CLIENT);
    TrustedLinks security = members.links(members.identity(Kind.ROUTER));
    TcpNode there = listen(router, security);
    TcpNode liar =
        dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
    LinkId toLiar = router.next(Event.LinkOpened.class).link();
    Witness other = new Witness();
    TcpNode honest = dial(other, there.address(), Optional.of(members.links(going)));
    LinkId toHonest = router.next(Event.LinkOpened.class).link();
    Optional<Bytes> none = security.revocations();
    byte[] list = members.revoke(going);

    pass(honest, list);
    assertThat(security.revocations()).as("from a stranger").isEqualTo(none);
    there.submit(new Witness.Do(new Effect.Admit(toLiar)));
    there.submit(new Witness.Do(new Effect.Admit(toHonest)));
    byte[] forged = list.clone();
    forged[forged.length - 1] ^= 1;
    pass(liar, forged);
    assertThat(security.revocations()).as("forged").isEqualTo(none);
    pass(liar, list);
    assertThat(security.revocations()).as("from who has lied just before").isEqualTo(none);
    pass(honest, list);
    assertThat(security.revocations()).contains(Bytes.wrap(list));
    assertThat(router.next(Event.LinkClosed.class).cause()).contains("revoked");
    assertThat(other.next(Event.LinkClosed.class).link()).isEqualTo(DIALED);
  }

  @Test
  void a_link_is_closed_when_its_certificate_expires() {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
    router.next(Event.LinkOpened.class);
    members.clock.set(Members.EXPIRY + 1);
    there.recheckLinks().join();
    assertThat(router.next(Event.LinkClosed.class).cause()).contains("expired");
  }

  @Test
  void who_dials_in_clear_is_told_to_get_an_identity() {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    TcpNode here = dial(worker, there.address(), Optional.empty());
    worker.next(Event.LinkOpened.class);
    here.submit(new Witness.Do(new Effect.Send(DIALED, new Message.Disconnect("hello"))));
    assertThat(worker.next(Event.LinkClosed.class).cause())
        .contains("takes encrypted links alone")
        .contains("--identity");
    awaitFailure(there);
    assertThat(router.hasHeard(Event.LinkOpened.class)).isFalse();
  }

  @Test
  void who_dials_with_an_identity_where_none_is_used_is_told_so_and_so_is_the_other_end() {
    TcpNode there = host.start(Optional.of(LOOPBACK), _ -> router, _ -> {});
    dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
    assertThat(worker.next(Event.LinkClosed.class).cause()).contains("speaks in clear");
    assertThat(router.next(Event.LinkClosed.class).cause()).contains("encrypts its links");
  }

  @Test
  void garbage_in_place_of_a_handshake_ends_the_connection_and_the_node_hears_nothing()
      throws IOException {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    try (Socket socket = new Socket("127.0.0.1", there.address().port())) {
      socket.getOutputStream().write(new byte[] {22, 3, 3, 0, 5, 9, 9, 9, 9, 9});
      assertThat(endOf(socket)).isTrue();
    }
    awaitFailure(there);
    assertThat(router.hasHeard(Event.LinkOpened.class)).isFalse();
  }

  /// Whether the other end closes, whatever it says before.
  private static boolean endOf(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    InputStream in = socket.getInputStream();
    try {
      while (in.read() >= 0) {}
    } catch (java.net.SocketException _) {
      return true; // Reset.
    }
    return true;
  }

  @Test
  void half_a_handshake_ends_when_its_time_is_up() throws IOException {
    try (TcpHost impatient =
        TcpHost.open(
            TcpOptions.DEFAULT.withLoops(1).withFirstFrameTimeout(Duration.ofMillis(300)))) {
      TcpNode there =
          impatient.start(
              Optional.of(LOOPBACK),
              _ -> router,
              _ -> {},
              Optional.of(members.links(members.identity(Kind.ROUTER))));
      try (Socket socket = new Socket("127.0.0.1", there.address().port())) {
        socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});
        assertThat(endOf(socket)).isTrue();
      }
      awaitFailure(there);
    }
  }

  @Test
  void strangers_who_wait_do_not_keep_a_member_out() throws IOException {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        strangers.add(new Socket("127.0.0.1", there.address().port()));
      }
      dial(worker, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT))));
      router.next(Event.LinkOpened.class);
      assertThat(there.statistics().join().failedHandshakes())
          .as("who had to give way, as no more than 256 may wait")
          .isGreaterThanOrEqualTo(300 + 1 - 256);
    } finally {
      for (Socket each : strangers) {
        each.close();
      }
    }
  }

  @Test
  void fifty_members_come_at_once() {
    TcpNode there = listen(router, members.links(members.identity(Kind.ROUTER)));
    LinkSecurity security = members.links(members.identity(Kind.CLIENT));
    Witness all = new Witness();
    TcpNode here = host.start(Optional.empty(), _ -> all, _ -> {}, Optional.of(security));
    for (int i = 1; i <= 50; i++) {
      here.submit(new Witness.Do(new Effect.OpenLink(new LinkId(i), there.address())));
    }
    for (int i = 0; i < 50; i++) {
      router.next(Event.LinkOpened.class);
    }
    assertThat(there.statistics().join().failedHandshakes()).isZero();
  }

  /// Passes each multicast on to all links but the one that it came over.
  private static Machine relay(Set<LinkId> links, Witness witness) {
    return (event, nowNanos, effects) -> {
      switch (event) {
        case Event.LinkOpened(LinkId link, PeerIdentity _) -> {
          links.add(link);
          effects.add(new Effect.Admit(link));
        }
        case Event.Received(LinkId from, Multicast multicast) -> {
          LinkId[] to = links.stream().filter(link -> !link.equals(from)).toArray(LinkId[]::new);
          effects.add(new Effect.Forward(to, multicast));
          return;
        }
        default -> {}
      }
      witness.handle(event, nowNanos, effects);
    };
  }

  private static Multicast multicast(int number, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    new SplittableRandom(number).nextBytes(payload);
    return Multicast.of(
        List.of(
            new Record(
                new long[] {number},
                new NodeId(7),
                new Session(1, 2),
                number + 1,
                new long[] {0},
                Bytes.wrap(payload))));
  }

  /// What two links read at the same time must not get into each other, nor must what waits within the encryption.
  @Test
  void frames_large_and_small_are_forwarded_as_they_were_sent() {
    Set<LinkId> links = new LinkedHashSet<>();
    TcpNode there =
        host.start(
            Optional.of(LOOPBACK),
            _ -> relay(links, router),
            _ -> {},
            Optional.of(members.links(members.identity(Kind.ROUTER))));
    List<Witness> ends = List.of(worker, new Witness());
    List<TcpNode> nodes = new ArrayList<>();
    for (Witness end : ends) {
      nodes.add(
          dial(end, there.address(), Optional.of(members.links(members.identity(Kind.CLIENT)))));
      router.next(Event.LinkOpened.class);
      nodes.getLast().submit(new Witness.Do(new Effect.Admit(DIALED)));
    }
    int[] sizes = {1, 100, 5_000, 16_384, 40_000, 300_000, 3};
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < sizes.length; i++) {
        for (int side = 0; side < 2; side++) {
          int number = (round * sizes.length + i) * 2 + side;
          nodes
              .get(side)
              .submit(new Witness.Do(new Effect.Send(DIALED, multicast(number, sizes[i]))));
        }
      }
    }
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < 10 * sizes.length; i++) {
        Multicast got = (Multicast) ends.get(1 - side).next(Event.Received.class).message();
        int number = i * 2 + side;
        assertThat(got.records()).isEqualTo(multicast(number, sizes[i % sizes.length]).records());
      }
    }
  }
}
