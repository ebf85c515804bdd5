package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.wire.Codec;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Peers that make a node hold memory for them: whoever holds most goes, and nobody else is harmed.
@ExtendWith(LeakCheck.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class LinkMemoryTest {

  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final LinkId OUT = new LinkId(1);
  private static final int GREEDY = 40;
  private static final int BUDGET_BYTES = 12 << 20;
  private static final TcpOptions OPTIONS =
      TcpOptions.DEFAULT
          .withMemoryBytes(BUDGET_BYTES)
          .withFirstFrameTimeout(Duration.ofSeconds(30))
          .withPushback(TcpOptions.Pushback.NONE);

  private final TcpHost host = TcpHost.open(OPTIONS);
  private final List<Socket> greedy = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : greedy) {
      socket.close();
    }
    host.close();
  }

  private TcpNode listen(Scripted machine) {
    return host.start(Optional.of(LOOPBACK), address -> machine, effect -> {});
  }

  /// Answers every cull with one that asks for one client more.
  private static List<Effect> counting(Event event) {
    return event instanceof Event.Received(LinkId link, Message.Cull(int clients))
        ? List.of(new Effect.Send(link, new Message.Cull(clients + 1)))
        : List.of();
  }

  private Scripted friend(TcpNode node) throws Exception {
    Scripted friend = new Scripted();
    TcpNode dialing = host.start(Optional.empty(), address -> friend, effect -> {});
    dialing.submit(new Scripted.Do(new Effect.OpenLink(OUT, node.address())));
    friend.awaitLink();
    ask(dialing, friend, 1);
    dialings.add(dialing);
    return friend;
  }

  private final List<TcpNode> dialings = new ArrayList<>();

  private static void ask(TcpNode dialing, Scripted friend, int number) throws Exception {
    dialing.submit(new Scripted.Do(new Effect.Send(OUT, new Message.Cull(number))));
    assertThat(friend.awaitMessage()).isEqualTo(new Message.Cull(number + 1));
  }

  /// Declares the longest frame there may be, and sends so much of it.
  private void declare(TcpNode node, int bytes) throws Exception {
    Socket socket = new Socket(node.address().host(), node.address().port());
    greedy.add(socket);
    byte[] part = new byte[bytes];
    ByteBuffer.wrap(part).putInt(new Codec().maxFrameBytes());
    try {
      socket.getOutputStream().write(part);
    } catch (IOException _) {
      // cut already
    }
  }

  @Test
  void neighbours_that_never_finish_long_frames_are_cut_and_others_go_on() throws Exception {
    Scripted machine = new Scripted(LinkMemoryTest::counting);
    TcpNode node = listen(machine);
    Scripted friend = friend(node);
    long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    for (int i = 0; i < GREEDY; i++) {
      declare(node, 3 << 20);
    }
    int cut = 0;
    while (cut < GREEDY - 4) { // no more than four of 3 MiB fit
      Event.LinkClosed closed = machine.await(Event.LinkClosed.class);
      assertThat(closed.cause()).startsWith("memory for links is short, and this one held most: ");
      cut++;
    }
    ask(dialings.getFirst(), friend, 5);
    assertThat(friend.events).noneMatch(Event.LinkClosed.class::isInstance);
    assertThat(node.statistics().get().memoryCuts()).isGreaterThanOrEqualTo(GREEDY - 4);
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
        .isLessThan(4L * BUDGET_BYTES);
  }

  @Test
  void a_neighbour_that_holds_least_keeps_its_half_frame_while_others_are_cut() throws Exception {
    Scripted machine = new Scripted(LinkMemoryTest::counting);
    TcpNode node = listen(machine);
    byte[] frame = new Codec().encode(Scripted.multicast(7, 900_000));
    try (Socket patient = new Socket(node.address().host(), node.address().port())) {
      LinkId link = machine.awaitLink();
      patient.getOutputStream().write(frame, 0, 500_000);
      for (int i = 0; i < 8; i++) {
        declare(node, 3 << 20);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(machine.await(Event.LinkClosed.class).link()).isNotEqualTo(link);
      }
      patient.getOutputStream().write(frame, 500_000, frame.length - 500_000);
      assertThat(Scripted.number(machine.awaitMessage())).isEqualTo(7);
    }
  }

  @Test
  void a_link_with_more_waiting_than_its_share_is_congested_early_when_memory_is_short()
      throws Exception {
    Scripted machine = new Scripted();
    TcpNode node = listen(machine);
    for (int i = 0; i < 4; i++) {
      greedy.add(new Socket(node.address().host(), node.address().port()));
    }
    LinkId[] links = new LinkId[4];
    for (int i = 0; i < links.length; i++) {
      links[i] = machine.awaitLink();
    }
    // 10 MB wait for all together, and no more than 4 MB on any link: far from what makes it
    // congested otherwise.
    for (int i = 0; i < 5; i++) {
      Effect send = new Effect.Send(links[i % links.length], Scripted.multicast(i, 2_000_000));
      node.submit(new Scripted.Do(send));
    }
    machine.await(Event.LinkCongested.class);
    assertThat(node.statistics().get().links())
        .anyMatch(link -> link.congested() && link.queuedBytes() < 4 << 20);
  }
}
