package dev.banyan.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.client.Banyan;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Joins over real sockets where something is wrong with others.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HardJoinsTest {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private final TcpHost host = TcpHosts.open(1);
  private TreeConfig config = TreeConfig.DEFAULT;
  private int seed = 1;

  /// A node and what it has reported.
  private record Started(RunningNode node, BlockingQueue<Effect.Report> reports) {

    /// The first report of one of these kinds; others before it are passed over.
    Effect.Report await(Kind... kinds) throws InterruptedException {
      while (true) {
        Effect.Report report = reports.poll(60, TimeUnit.SECONDS);
        assertThat(report).as("one of %s", (Object) kinds).isNotNull();
        if (List.of(kinds).contains(report.kind())) {
          return report;
        }
      }
    }
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void a_router_that_nobody_can_dial_learns_it_and_workers_join_elsewhere() throws Exception {
    Started root = start(NodeKind.ROOT, Optional.empty(), List.of(), key(1), Optional.empty());
    List<Address> roots = List.of(root.node().address());
    Address nowhere = freeAddress();
    Started router = start(NodeKind.ROUTER, Optional.of(nowhere), roots, key(1), Optional.empty());
    assertThat(router.await(Kind.UNDIALABLE).detail()).isEqualTo(nowhere.toString());
    Started worker = start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.empty());
    assertThat(worker.await(Kind.ATTACHED, Kind.JOIN_FAILED).other()).isEqualTo(root.node().id());
    assertThat(root.node().sample().join().node().children())
        .filteredOn(child -> child.kind() == NodeKind.ROUTER)
        .singleElement()
        .satisfies(child -> assertThat(child.condition().dialable()).isEqualTo(Dialable.NO));
  }

  @Test
  void a_root_that_takes_connections_and_says_nothing_costs_no_attempt() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Started root = start(NodeKind.ROOT, Optional.empty(), List.of(), key(1), Optional.empty());
      List<Address> roots =
          List.of(new Address("127.0.0.1", mute.getLocalPort()), root.node().address());
      config = patient();
      Started worker = start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.empty());
      assertThat(worker.await(Kind.ATTACHED, Kind.JOIN_FAILED).kind()).isEqualTo(Kind.ATTACHED);
    }
  }

  @Test
  void a_worker_with_another_tag_key_is_refused_with_both_check_values() throws Exception {
    Started root = start(NodeKind.ROOT, Optional.empty(), List.of(), key(1), Optional.empty());
    List<Address> roots = List.of(root.node().address());
    start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.empty()).await(Kind.ATTACHED);
    Started other = start(NodeKind.CLIENT, Optional.empty(), roots, key(2), Optional.empty());
    assertThat(other.await(Kind.ATTACHED, Kind.JOIN_REFUSED).detail())
        .containsPattern("a tag key with the check value [0-9a-f]{8}, here it is [0-9a-f]{8}: ")
        .contains("--tag-key");
  }

  @Test
  void a_worker_that_is_refused_says_why_when_it_is_asked_how_it_is() throws Exception {
    Started root = start(NodeKind.ROOT, Optional.empty(), List.of(), key(1), Optional.empty());
    List<Address> roots = List.of(root.node().address());
    start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.empty()).await(Kind.ATTACHED);
    Started other = start(NodeKind.CLIENT, Optional.empty(), roots, key(2), Optional.empty());
    other.await(Kind.JOIN_REFUSED);
    try (DoorServer door = other.node().openDoor(ANY, List.of());
        Banyan client = Banyan.connect(door.address().toString())) {
      assertThat(Json.parse(client.status().json()).path("trouble").asText())
          .startsWith("refused: ")
          .contains("start every worker of a tree with the same --tag-key");
    }
  }

  @Test
  void of_two_workers_with_one_id_below_different_routers_the_younger_leaves_and_both_say_so()
      throws Exception {
    Started root = start(NodeKind.ROOT, Optional.empty(), List.of(), key(1), Optional.empty());
    List<Address> roots = List.of(root.node().address());
    Started elder =
        start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.of(new NodeId(77)));
    assertThat(elder.await(Kind.ATTACHED).other()).isEqualTo(root.node().id());
    Started router = start(NodeKind.ROUTER, Optional.empty(), roots, key(1), Optional.empty());
    router.await(Kind.ATTACHED);
    Started younger =
        start(NodeKind.CLIENT, Optional.empty(), roots, key(1), Optional.of(new NodeId(77)));
    // It may come to the same parent at first, which refuses it.
    Effect.Report told = younger.await(Kind.NAMESAKE_WAS_FIRST, Kind.JOIN_REFUSED);
    assertThat(told.detail()).contains("give each node an id of its own");
    if (told.kind() == Kind.NAMESAKE_WAS_FIRST) {
      assertThat(elder.await(Kind.NAMESAKE_REFUSED).detail()).contains("was told to leave");
    }
  }

  private static Optional<NodeSettings.TagKey> key(long low) {
    return Optional.of(new NodeSettings.TagKey(1, low));
  }

  /// An attempt has so much time that a busy machine does not end it; the second root is called after 3 s.
  private static TreeConfig patient() {
    TreeConfig.Timing usual = TreeConfig.Timing.DEFAULT;
    return TreeConfig.DEFAULT.withTiming(
        new TreeConfig.Timing(
            usual.heartbeatNanos(),
            usual.heartbeatTimeoutNanos(),
            usual.rebalanceNanos(),
            TimeUnit.SECONDS.toNanos(12),
            usual.backoffMinNanos(),
            usual.backoffMaxNanos(),
            usual.joinJitterNanos(),
            usual.coalesceNanos(),
            usual.graceNanos(),
            usual.slowLinkNanos(),
            usual.youthNanos()));
  }

  /// Where nobody listens.
  private static Address freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Address("127.0.0.1", socket.getLocalPort());
    }
  }

  private Started start(
      NodeKind kind,
      Optional<Address> advertise,
      List<Address> roots,
      Optional<NodeSettings.TagKey> key,
      Optional<NodeId> id) {
    NodeSettings settings =
        new NodeSettings(
            kind,
            kind.routes() ? Optional.of(ANY) : Optional.empty(),
            advertise,
            roots,
            "main",
            id,
            config,
            Optional.empty(),
            List.of(),
            key,
            StoreConfig.DEFAULT,
            Optional.empty(),
            1,
            "auto",
            false);
    BlockingQueue<Effect.Report> reports = new LinkedBlockingQueue<>();
    return new Started(
        RunningNode.start(host, settings, RandomSource.of(seed++), reports::add, MachineTap.NONE),
        reports);
  }
}
