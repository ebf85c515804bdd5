package dev.banyan.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bounds;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(120)
class TreeOverTcpTest {

  private static final long TAG = 77;
  private static final long OTHER_TAG = 78;
  private static final String NOBODY = "nobody could take it";
  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT
          .withCapacity(new TreeConfig.Capacity(2, 4))
          .withTiming(TreeConfig.Timing.DEFAULT.dividedBy(10));

  private final TcpHost host = TcpHost.open(TcpOptions.DEFAULT);
  private final List<Member> members = new ArrayList<>();

  @AfterEach
  void close() {
    host.close();
  }

  /// A node and what it tells the layer above.
  private final class Member implements Machine {
    final BlockingQueue<Boolean> connected = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> delivered = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> tasks = new LinkedBlockingQueue<>();
    final BlockingQueue<String> results = new LinkedBlockingQueue<>();
    final TcpNode node;
    private final NodeId id;
    private TreeNode tree;

    Member(NodeKind kind, List<Address> roots) {
      this(host, kind, roots);
    }

    Member(TcpHost host, NodeKind kind, List<Address> roots) {
      id = new NodeId(members.size() + 1);
      node =
          host.start(
              kind == NodeKind.CLIENT ? Optional.empty() : Optional.of(new Address("127.0.0.1", 0)),
              address -> {
                tree =
                    new TreeNode(
                        Identity.of(id, kind, address, 1),
                        CONFIG,
                        roots,
                        new SplittableRandom(id.value()),
                        _ -> System.currentTimeMillis());
                return this;
              },
              effect -> {});
      members.add(this);
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      tree.handle(event, nowNanos, effects);
      for (Effect effect : effects) {
        switch (effect) {
          case Effect.Connected(boolean is) -> connected.add(is);
          case Effect.Deliver(var multicast) ->
              multicast.records().forEach(record -> delivered.add(record.sequence()));
          case Effect.Task(var task) when task.returned() -> results.add(NOBODY);
          case Effect.Task(var task) -> {
            tasks.add(task.id());
            node.submit(new Event.Finish(task, Bytes.utf8("done by " + id)));
          }
          case Effect.Result(var result) -> results.add(result.result().asUtf8());
          default -> {}
        }
      }
    }

    NodeView view() {
      return node.call(tree::view).join();
    }

    void awaitConnected() throws InterruptedException {
      Boolean is;
      do {
        is = connected.poll(30, TimeUnit.SECONDS);
        assertThat(is).as("%s finds a parent", id).isNotNull();
      } while (!is);
    }

    void wants(long tag) {
      node.submit(new Event.ChangeInterest(new long[] {tag}, new long[0]));
    }

    void publish(long number) {
      node.submit(
          new Event.Publish(
              List.of(
                  new Record(
                      new long[] {TAG},
                      id,
                      new Session(1, id.value()),
                      number,
                      new long[] {0},
                      Bytes.utf8("hello")))));
    }
  }

  @Test
  void a_tree_forms_delivers_and_heals() throws Exception {
    Member root = new Member(NodeKind.ROOT, List.of());
    List<Address> roots = List.of(root.node.address());
    List<Member> routers =
        List.of(new Member(NodeKind.ROUTER, roots), new Member(NodeKind.ROUTER, roots));
    for (Member router : routers) {
      router.awaitConnected();
    }
    List<Member> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Member client = new Member(NodeKind.CLIENT, roots);
      client.wants(i % 2 == 0 ? TAG : OTHER_TAG);
      clients.add(client);
    }
    for (Member client : clients) {
      client.awaitConnected();
    }
    assertThat(routers).allMatch(router -> router.view().rooted());
    List<Member> interested = List.of(clients.get(0), clients.get(2), clients.get(4));
    long published = publishUntilHeard(clients.get(1), interested, 1);
    for (Member client : List.of(clients.get(1), clients.get(3), clients.get(5))) {
      assertThat(client.delivered).isEmpty();
    }

    Member victim =
        routers.stream()
            .filter(router -> !router.view().childClients().isEmpty())
            .findFirst()
            .get();
    List<NodeId> orphans = victim.view().childClients().stream().map(NodeView.Child::node).toList();
    clients.forEach(client -> client.connected.clear());
    victim.node.kill().get();
    for (Member client : clients) {
      if (orphans.contains(client.id)) {
        client.awaitConnected();
      }
    }
    publishUntilHeard(clients.get(1), interested, published + 1);
    assertThat(clients).allMatch(client -> client.view().rooted());

    for (Member client : clients) {
      client.node.stop().get(20, TimeUnit.SECONDS);
    }
    assertThat(root.node.statistics().get().malformedFrames()).isZero();
  }

  @Test
  void nodes_whose_loop_polls_rather_than_waits_join_beat_deliver_and_stop() throws Exception {
    assumeThat(Epoll.isAvailable()).isTrue();
    TcpOptions busy = TcpOptions.DEFAULT.withBusyPoll(true).withLoops(1);
    try (TcpHost polling = TcpHost.open(busy)) {
      Member root = new Member(polling, NodeKind.ROOT, List.of());
      List<Address> roots = List.of(root.node.address());
      Member router = new Member(polling, NodeKind.ROUTER, roots);
      router.awaitConnected();
      Member reader = new Member(polling, NodeKind.CLIENT, roots);
      Member writer = new Member(NodeKind.CLIENT, roots); // whose loop waits
      reader.wants(TAG);
      reader.awaitConnected();
      writer.awaitConnected();

      long published = publishUntilHeard(writer, List.of(reader), 1);
      reader.node.stop().get(20, TimeUnit.SECONDS);
      router.node.kill().get(20, TimeUnit.SECONDS);
      Member other = new Member(polling, NodeKind.CLIENT, roots);
      other.wants(TAG);
      other.awaitConnected();
      publishUntilHeard(writer, List.of(other), published + 1);
      assertThat(root.node.statistics().get().malformedFrames()).isZero();
    }
  }

  @Test
  void loops_poll_with_epoll_only() {
    for (IoEngine engine : List.of(IoEngine.NIO, IoEngine.IO_URING)) {
      TcpOptions options = TcpOptions.DEFAULT.withEngine(engine).withBusyPoll(true);
      assertThatThrownBy(() -> TcpHost.open(options)).isInstanceOf(TransportException.class);
    }
    assertThatThrownBy(
            () -> TcpHost.open(TcpOptions.DEFAULT.withEngine(IoEngine.NIO).withBusyPoll(true)))
        .hasMessage("busy polling needs epoll, not nio");
  }

  @Test
  void a_task_goes_where_its_tag_is_at_home_and_its_result_comes_back() throws Exception {
    Member root = new Member(NodeKind.ROOT, List.of());
    List<Address> roots = List.of(root.node.address());
    Member router = new Member(NodeKind.ROUTER, roots);
    router.awaitConnected();
    List<Member> clients =
        List.of(new Member(NodeKind.CLIENT, roots), new Member(NodeKind.CLIENT, roots));
    for (Member client : clients) {
      client.awaitConnected();
    }
    List<String> results = new ArrayList<>();
    while (results.size() < 10) {
      Member from = results.size() % 2 == 0 ? root : clients.get(0);
      from.node.submit(new Event.Submit(results.size(), new long[] {TAG}, Bytes.EMPTY));
      String result = from.results.poll(30, TimeUnit.SECONDS);
      assertThat(result).as("the result of task " + results.size()).isNotNull();
      if (!result.equals(NOBODY)) { // the root has not heard yet that there are workers
        results.add(result);
      }
    }
    assertThat(results).as("all by the same worker").containsOnly(results.getFirst());
    assertThat(clients.stream().mapToInt(client -> client.tasks.size()).sum()).isEqualTo(10);
  }

  @Test
  void a_task_with_more_tags_than_a_frame_takes_is_refused_and_no_link_suffers() throws Exception {
    Member root = new Member(NodeKind.ROOT, List.of());
    Member client = new Member(NodeKind.CLIENT, List.of(root.node.address()));
    client.awaitConnected();
    assertThatThrownBy(() ->
            client.node.submit(
                new Event.Submit(1, new long[Bounds.MAX_TASK_TAGS + 1], Bytes.EMPTY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tags of a task");
    client.node.submit(new Event.Submit(2, new long[Bounds.MAX_TASK_TAGS], Bytes.EMPTY));
    assertThat(client.results.poll(30, TimeUnit.SECONDS))
        .as("what came of the longest")
        .isNotNull();
    assertThat(client.connected).as("it has never lost its parent").isEmpty();
  }

  /// Interest takes a moment to travel: what is published before it arrives is rightly not delivered.
  ///
  /// @return the number of the last multicast published
  private static long publishUntilHeard(Member publisher, List<Member> interested, long first)
      throws InterruptedException {
    List<Member> silent = new ArrayList<>(interested);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    for (long number = first; ; number++) {
      assertThat(System.nanoTime()).as("everybody hears within 30 s").isLessThan(deadline);
      publisher.publish(number);
      for (Member member : List.copyOf(silent)) {
        Long heard;
        while ((heard = member.delivered.poll(20, TimeUnit.MILLISECONDS)) != null) {
          if (heard >= first) {
            silent.remove(member);
          }
        }
      }
      if (silent.isEmpty()) {
        return number;
      }
    }
  }
}
