package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the simulated network")
class NetworkTest {

  private enum Kind implements Timer.Kind {
    TICK
  }

  /// Does what its test tells it, and writes down what happens to it.
  private static final class Scripted implements Machine {
    final List<Event> seen = new ArrayList<>();
    final List<Long> times = new ArrayList<>();
    private final List<Effect> next = new ArrayList<>();

    record Do(List<Effect> effects) implements Event.Command {}

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      if (event instanceof Do act) {
        effects.addAll(act.effects());
      } else {
        seen.add(event);
        times.add(nowNanos);
      }
      effects.addAll(next);
      next.clear();
    }

    List<Long> numbers() {
      return seen.stream()
          .filter(Event.Received.class::isInstance)
          .map(event -> ((Message.Survey) ((Event.Received) event).message()).id())
          .toList();
    }
  }

  private static final LinkId OUT = new LinkId(1);

  private final Scripted server = new Scripted();
  private final Scripted client = new Scripted();
  private final Cluster cluster;
  private final SimNode serverNode;
  private final SimNode clientNode;

  NetworkTest() {
    this.cluster =
        new Cluster(
            ClusterOptions.of(7, "network")
                .withProfile(new LinkProfile(1_000_000, 500_000, 0))
                .withMarks(new WaterMarks(5_000, 10_000, 100_000)));
    serverNode = cluster.add(NodeSpec.scripted(NodeKind.ROOT, () -> server));
    clientNode = cluster.add(NodeSpec.scripted(NodeKind.CLIENT, () -> client));
  }

  private void act(SimNode node, Effect... effects) {
    cluster.submit(node, new Scripted.Do(List.of(effects)));
  }

  private void connect() {
    cluster.start(serverNode);
    cluster.start(clientNode);
    act(clientNode, new Effect.OpenLink(OUT, serverNode.address()));
    cluster.run(Duration.ofMillis(10));
    server.seen.clear();
    client.seen.clear();
    client.times.clear();
    server.times.clear();
  }

  private static Effect survey(long id) {
    return new Effect.Send(OUT, new Message.Survey(id));
  }

  @Test
  void a_dial_takes_a_round_trip_and_opens_both_ends() {
    cluster.start(serverNode);
    cluster.start(clientNode);
    act(clientNode, new Effect.OpenLink(OUT, serverNode.address()));
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen)
        .containsExactly(new Event.Start(), new Event.LinkOpened(new LinkId(-1)));
    assertThat(client.seen).containsExactly(new Event.Start(), new Event.LinkOpened(OUT));
    assertThat(server.times.get(1)).isBetween(1_000_000L, 1_500_000L);
    assertThat(client.times.get(1)).isBetween(2_000_000L, 3_000_000L);
  }

  @Test
  void the_way_between_two_hosts_is_theirs_from_the_dial_on() {
    Cluster far =
        new Cluster(
            ClusterOptions.of(7, "network")
                .withTerrain((one, other) -> new LinkProfile(1_000_000L * (one + other), 0, 0)));
    SimNode nobody = far.add(NodeSpec.scripted(NodeKind.ROUTER, Scripted::new));
    SimNode listening = far.add(NodeSpec.scripted(NodeKind.ROUTER, () -> server));
    SimNode dialing = far.add(NodeSpec.scripted(NodeKind.CLIENT, () -> client));
    far.start(listening);
    far.start(dialing);
    far.submit(
        dialing,
        new Scripted.Do(
            List.of(
                new Effect.OpenLink(OUT, listening.address()),
                new Effect.OpenLink(new LinkId(2), nobody.address()))));
    far.run(Duration.ofMillis(20));
    assertThat(server.times).containsExactly(0L, 3_000_000L);
    assertThat(client.seen)
        .containsExactly(
            new Event.Start(),
            new Event.LinkClosed(new LinkId(2), "connection refused"),
            new Event.LinkOpened(OUT));
    assertThat(client.times).containsExactly(0L, 4_000_000L, 6_000_000L);
  }

  @Test
  void a_dial_to_nobody_is_refused_after_a_round_trip() {
    cluster.start(clientNode);
    act(clientNode, new Effect.OpenLink(OUT, serverNode.address()));
    act(clientNode, new Effect.OpenLink(new LinkId(2), new Address("nowhere", 1)));
    cluster.run(Duration.ofMillis(10));
    assertThat(client.seen)
        .containsExactlyInAnyOrder(
            new Event.Start(),
            new Event.LinkClosed(OUT, "connection refused"),
            new Event.LinkClosed(new LinkId(2), "connection refused"));
  }

  @Test
  void a_dial_across_a_partition_times_out_and_leaves_nothing_behind() {
    cluster.start(serverNode);
    cluster.start(clientNode);
    cluster.faults().partition(List.of(clientNode));
    act(clientNode, new Effect.OpenLink(OUT, serverNode.address()));
    cluster.run(Duration.ofSeconds(10));
    assertThat(client.seen)
        .containsExactly(new Event.Start(), new Event.LinkClosed(OUT, "dial timed out"));
    assertThat(clientNode.links.size()).isZero();
    assertThat(serverNode.links.size()).isZero();
  }

  @Test
  void frames_of_a_link_never_overtake_each_other() {
    connect();
    for (long i = 1; i <= 500; i++) {
      act(clientNode, survey(i));
      cluster.run(Duration.ofNanos(1_000));
    }
    cluster.run(Duration.ofMillis(10));
    assertThat(server.numbers()).hasSize(500).isSorted();
  }

  @Test
  void bandwidth_spaces_frames_out_and_a_full_queue_is_reported_until_it_has_drained() {
    connect();
    cluster.faults().slow(serverNode, new LinkProfile(0, 0, 1_000_000));
    Multicast big = Multicast.of(List.of(record(4_000)));
    for (int i = 0; i < 5; i++) {
      act(clientNode, new Effect.Send(OUT, big));
    }
    cluster.run(Duration.ofMillis(1));
    assertThat(client.seen).containsExactly(new Event.LinkCongested(OUT));
    cluster.run(Duration.ofSeconds(1));
    assertThat(client.seen)
        .containsExactly(new Event.LinkCongested(OUT), new Event.LinkDrained(OUT));
    assertThat(client.times.get(1)).isGreaterThan(client.times.get(0) + 10_000_000);
    assertThat(server.times).hasSize(5);
    assertThat(server.times.get(4) - server.times.get(0)).isBetween(15_000_000L, 18_000_000L);
  }

  private static Effect heartbeat() {
    return new Effect.Send(
        OUT,
        new Message.Heartbeat(
            true, 1, 0, 0, 0, new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
  }

  private List<String> received() {
    return server.seen.stream()
        .filter(Event.Received.class::isInstance)
        .map(event -> ((Event.Received) event).message())
        .map(message ->
            message instanceof Multicast ? "multicast" : message.getClass().getSimpleName())
        .toList();
  }

  @Test
  void a_heartbeat_leaves_between_the_pieces_of_a_long_frame_and_nothing_else_does() {
    connect();
    cluster.faults().slow(serverNode, new LinkProfile(0, 0, 1_000_000));
    Effect big = new Effect.Send(OUT, Multicast.of(List.of(record(90_000))));
    act(clientNode, big, heartbeat());
    cluster.run(Duration.ofMillis(50));
    assertThat(received()).containsExactly("Heartbeat");
    act(clientNode, survey(1), heartbeat());
    cluster.run(Duration.ofMillis(30));
    assertThat(received()).containsExactly("Heartbeat");
    cluster.run(Duration.ofMillis(30));
    assertThat(received()).containsExactly("Heartbeat", "multicast", "Survey", "Heartbeat");
  }

  @Test
  void parts_of_a_frame_are_told_once_before_a_timer_and_so_is_what_a_congested_link_sends() {
    connect();
    cluster.faults().slow(serverNode, new LinkProfile(0, 0, 1_000_000));
    act(clientNode, new Effect.Send(OUT, Multicast.of(List.of(record(90_000)))));
    for (int i = 1; i <= 3; i++) {
      Effect alarm =
          new Effect.SetTimer(new Timer(Kind.TICK, i), cluster.nowNanos() + i * 35_000_000L);
      act(clientNode, alarm);
      act(serverNode, alarm);
    }
    cluster.run(Duration.ofSeconds(1));
    LinkId in = new LinkId(-1);
    assertThat(server.seen.subList(0, 4))
        .containsExactly(
            new Event.BytesReceived(in),
            new Event.TimerFired(new Timer(Kind.TICK, 1)),
            new Event.BytesReceived(in),
            new Event.TimerFired(new Timer(Kind.TICK, 2)));
    assertThat(server.seen.get(4)).isInstanceOf(Event.Received.class);
    assertThat(server.seen.get(5)).isEqualTo(new Event.TimerFired(new Timer(Kind.TICK, 3)));
    assertThat(client.seen)
        .containsExactly(
            new Event.LinkCongested(OUT),
            new Event.BytesSent(OUT, 0),
            new Event.TimerFired(new Timer(Kind.TICK, 1)),
            new Event.BytesSent(OUT, 0),
            new Event.TimerFired(new Timer(Kind.TICK, 2)),
            new Event.LinkDrained(OUT),
            new Event.TimerFired(new Timer(Kind.TICK, 3)));
  }

  @Test
  void a_cut_link_loses_what_is_under_way_and_tells_both_sides() {
    connect();
    act(clientNode, survey(1), survey(2));
    cluster.run(Duration.ofNanos(10));
    assertThat(cluster.faults().cut(serverNode, new LinkId(-1))).isTrue();
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen)
        .containsExactly(new Event.LinkClosed(new LinkId(-1), "connection reset"));
    assertThat(client.seen).containsExactly(new Event.LinkClosed(OUT, "connection reset"));
    act(clientNode, survey(3));
    cluster.run(Duration.ofMillis(10));
    assertThat(server.numbers()).isEmpty();
  }

  @Test
  void a_link_closed_by_its_owner_delivers_what_was_sent_before_and_tells_only_the_other() {
    connect();
    act(clientNode, survey(1), new Effect.CloseLink(OUT, "done"), survey(2));
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen)
        .containsExactly(
            new Event.Received(new LinkId(-1), new Message.Survey(1)),
            new Event.LinkClosed(new LinkId(-1), "done"));
    assertThat(client.seen).isEmpty();
    assertThat(serverNode.links.size() + clientNode.links.size()).isZero();
  }

  @Test
  void a_hung_host_takes_nothing_until_it_resumes_and_then_everything_in_order() {
    connect();
    cluster.faults().hang(serverNode);
    act(clientNode, survey(1));
    act(clientNode, survey(2));
    cluster.run(Duration.ofSeconds(60));
    assertThat(server.seen).isEmpty();
    assertThat(client.seen).isEmpty();
    cluster.faults().resume(serverNode);
    assertThat(server.numbers()).containsExactly(1L, 2L);
    act(clientNode, survey(3));
    cluster.run(Duration.ofMillis(10));
    assertThat(server.numbers()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void what_piles_up_before_a_hung_host_congests_the_sender() {
    connect();
    cluster.faults().hang(serverNode);
    Multicast big = Multicast.of(List.of(record(4_000)));
    for (int i = 0; i < 5; i++) {
      act(clientNode, new Effect.Send(OUT, big));
    }
    cluster.run(Duration.ofMillis(10));
    assertThat(client.seen).containsExactly(new Event.LinkCongested(OUT));
    cluster.faults().resume(serverNode);
    cluster.run(Duration.ofMillis(10));
    assertThat(client.seen)
        .containsExactly(new Event.LinkCongested(OUT), new Event.LinkDrained(OUT));
    assertThat(server.seen).hasSize(5);
  }

  @Test
  void a_queue_over_its_maximum_breaks_the_link_and_what_was_queued_is_lost() {
    connect();
    cluster.faults().slow(serverNode, new LinkProfile(0, 0, 1_000_000));
    for (int i = 0; i < 30; i++) {
      act(clientNode, new Effect.Send(OUT, Multicast.of(List.of(record(4_000)))));
    }
    cluster.run(Duration.ofMillis(3));
    assertThat(client.seen)
        .containsExactly(
            new Event.LinkCongested(OUT),
            new Event.LinkClosed(OUT, "its queue is over 100000 bytes"));
    cluster.run(Duration.ofSeconds(1));
    assertThat(server.seen)
        .containsExactly(new Event.LinkClosed(new LinkId(-1), "connection reset by peer"));
    assertThat(serverNode.links.size() + clientNode.links.size()).isZero();
    assertThat(cluster.linksOverflown()).isEqualTo(1);
  }

  @Test
  void behind_a_partition_only_the_sender_learns_of_an_overflow_until_it_heals() {
    connect();
    cluster.faults().partition(List.of(serverNode));
    for (int i = 0; i < 30; i++) {
      act(clientNode, new Effect.Send(OUT, Multicast.of(List.of(record(4_000)))));
    }
    cluster.run(Duration.ofSeconds(5));
    assertThat(client.seen.getLast())
        .isEqualTo(new Event.LinkClosed(OUT, "its queue is over 100000 bytes"));
    assertThat(server.seen).isEmpty();
    cluster.faults().heal();
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen)
        .containsExactly(new Event.LinkClosed(new LinkId(-1), "connection reset by peer"));
  }

  @Test
  void a_hung_receiver_costs_its_sender_the_link_once_the_queue_is_over_its_maximum() {
    connect();
    cluster.faults().hang(serverNode);
    for (int i = 0; i < 30; i++) {
      act(clientNode, new Effect.Send(OUT, Multicast.of(List.of(record(4_000)))));
    }
    cluster.run(Duration.ofSeconds(1));
    assertThat(client.seen.getLast())
        .isEqualTo(new Event.LinkClosed(OUT, "its queue is over 100000 bytes"));
    cluster.faults().resume(serverNode);
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen.getLast())
        .isEqualTo(new Event.LinkClosed(new LinkId(-1), "connection reset by peer"));
  }

  @Test
  void a_partition_holds_frames_until_it_heals() {
    connect();
    cluster.faults().partition(List.of(serverNode));
    for (long i = 1; i <= 20; i++) {
      act(clientNode, survey(i));
      cluster.run(Duration.ofNanos(100_000));
    }
    cluster.run(Duration.ofSeconds(5));
    assertThat(server.seen).isEmpty();
    act(clientNode, survey(21));
    cluster.run(Duration.ofNanos(700_000));
    cluster.faults().heal();
    assertThat(server.numbers()).hasSize(20).isSorted();
    cluster.run(Duration.ofMillis(10));
    assertThat(server.numbers()).hasSize(21).isSorted();
  }

  @Test
  void peers_of_a_crashed_host_learn_it_and_its_timers_die_with_it() {
    connect();
    act(serverNode, new Effect.SetTimer(new Timer(Kind.TICK, 1), cluster.nowNanos() + 5_000_000));
    cluster.run(Duration.ofMillis(1));
    cluster.faults().crash(serverNode);
    cluster.run(Duration.ofMillis(2));
    assertThat(client.seen).containsExactly(new Event.LinkClosed(OUT, "connection reset by peer"));
    cluster.start(serverNode);
    cluster.run(Duration.ofSeconds(1));
    assertThat(server.seen).containsExactly(new Event.Start());
  }

  @Test
  void a_timer_fires_at_its_time_and_no_earlier_than_now() {
    cluster.start(serverNode);
    act(
        serverNode,
        new Effect.SetTimer(new Timer(Kind.TICK, 1), 3_000_000),
        new Effect.SetTimer(new Timer(Kind.TICK, 2), -5));
    cluster.run(Duration.ofMillis(10));
    assertThat(server.seen)
        .containsExactly(
            new Event.Start(),
            new Event.TimerFired(new Timer(Kind.TICK, 2)),
            new Event.TimerFired(new Timer(Kind.TICK, 1)));
    assertThat(server.times).containsExactly(0L, 0L, 3_000_000L);
  }

  @Test
  void a_machine_that_throws_fails_the_run_with_seed_trace_and_the_command_to_repeat_it() {
    Cluster broken = new Cluster(ClusterOptions.of(42, "broken"));
    SimNode node =
        broken.add(
            NodeSpec.scripted(
                NodeKind.ROOT,
                () ->
                    (event, now, effects) -> {
                      throw new IllegalStateException("boom");
                    }));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> broken.start(node)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("boom")
        .hasMessageContaining("seed 42")
        .hasMessageContaining("banyan sim run broken --seed 42")
        .hasMessageContaining("Start[]");
  }

  private static Record record(int bytes) {
    return new Record(
        new long[0], new NodeId(1), new Session(1, 2), 1, new long[0], Bytes.wrap(new byte[bytes]));
  }
}
