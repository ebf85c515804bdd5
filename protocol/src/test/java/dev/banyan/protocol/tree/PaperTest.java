package dev.banyan.protocol.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// One test per clause of the paper, on perfect links.
class PaperTest {

  private static final long TAG = 42;

  private final TestTree tree = new TestTree(TreeConfig.DEFAULT);

  private List<NodeId> addAll(NodeKind kind, int from, int count) {
    List<NodeId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(tree.add(from + i, kind));
      tree.advanceMillis(1_100);
    }
    return ids;
  }

  private static Event publish(NodeId writer, long sequence, long tag) {
    Record update =
        new Record(
            new long[] {tag},
            writer,
            new Session(1, 1),
            sequence,
            new long[] {sequence - 1},
            Bytes.utf8("update " + sequence));
    return new Event.Publish(List.of(update));
  }

  private void want(NodeId node, long tag) {
    tree.give(node, new Event.ChangeInterest(new long[] {tag}, new long[0]));
  }

  private long delivered(NodeId node) {
    return tree.upcalls.get(node).stream().filter(Effect.Deliver.class::isInstance).count();
  }

  @Test
  @DisplayName("section 2.1: clients can join before any router and attach to the root")
  void clientsJoinBeforeRouters() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 1, 5);
    assertThat(clients).allSatisfy(id -> assertThat(tree.view(id).parent()).contains(root));
    assertThat(tree.view(root).clients()).isEqualTo(5);
  }

  @Test
  @DisplayName("section 2.1: during rebalancing the root's clients are shuttled below routers")
  void clientsAreMovedBelowRouters() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.CLIENT, 1, 10);
    addAll(NodeKind.ROUTER, 11, 2);
    tree.advanceMillis(30_000);
    assertThat(tree.view(root).childClients()).isEmpty();
    assertThat(tree.view(root).clients()).isEqualTo(10);
    assertThat(tree.view(root).imbalance()).isLessThanOrEqualTo(3);
  }

  @Test
  @DisplayName("section 2.2: a client joins under the child router with the fewest clients")
  void clientJoinsUnderTheLighterRouter() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 2);
    addAll(NodeKind.CLIENT, 10, 9);
    tree.advanceMillis(2_000);
    assertThat(tree.view(root).childClients()).isEmpty();
    assertThat(tree.view(root).imbalance()).isLessThanOrEqualTo(1);
  }

  @Test
  @DisplayName("section 2.2: routers fill the top levels first")
  void routersFillTheTopFirst() {
    tree.add(0, NodeKind.ROOT);
    List<NodeId> routers = addAll(NodeKind.ROUTER, 1, 14);
    List<Integer> levels = routers.stream().map(id -> tree.view(id).level()).toList();
    assertThat(levels).isSorted();
    assertThat(levels).containsExactly(1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
  }

  @Test
  @DisplayName(
      "section 2.2: nobody who joins waits for a heartbeat to tell of places deeper in the tree")
  void placesAreToldBeforeTheNextHeartbeat() {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(2, 2))
            .withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(3_600_000_000_000L));
    TestTree slow = new TestTree(config);
    slow.add(0, NodeKind.ROOT);
    List<NodeId> joiners = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      joiners.add(slow.add(i, NodeKind.ROUTER));
      slow.advanceMillis(20);
    }
    for (int i = 31; i <= 60; i++) {
      joiners.add(slow.add(i, NodeKind.CLIENT));
      slow.advanceMillis(20);
    }
    assertThat(slow.reports).noneMatch(report -> report.kind() == Effect.Report.Kind.JOIN_REFUSED);
    assertThat(joiners).allSatisfy(id -> assertThat(slow.view(id).parent()).isPresent());
  }

  @Test
  @DisplayName("section 2.2: a client that leaves a full tree makes room for another at once")
  void aLeaverMakesRoomAtOnce() {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(1, 2))
            .withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(3_600_000_000_000L));
    TestTree full = new TestTree(config);
    full.add(0, NodeKind.ROOT);
    full.add(1, NodeKind.ROUTER);
    full.advanceMillis(20);
    full.add(2, NodeKind.ROUTER);
    full.advanceMillis(20);
    for (int i = 10; i < 16; i++) {
      full.add(i, NodeKind.CLIENT);
      full.advanceMillis(20);
    }
    NodeId leaver =
        full.view(new NodeId(2)).childClients().getFirst().node(); // two levels below the root
    full.kill(leaver);
    NodeId late = full.add(20, NodeKind.CLIENT);
    full.advanceMillis(20);
    assertThat(full.view(late).parent()).contains(new NodeId(2));
  }

  @Test
  @DisplayName("section 2.2: a joiner whose answer is lost asks again")
  void aLostAnswerIsAskedForAgain() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    tree.lose(Message.AssignParent.class::isInstance);
    NodeId client = tree.add(1, NodeKind.CLIENT);
    tree.advanceMillis(500);
    assertThat(tree.view(client).parent()).isEmpty();
    tree.lose(message -> false);
    tree.advanceMillis(2_000);
    assertThat(tree.view(client).parent()).contains(root);
    assertThat(tree.view(root).reservations()).isZero();
  }

  @Test
  @DisplayName("section 2.2: an unused place is free again before the joiner's next attempt")
  void anUnusedReservationEnds() {
    TestTree small = new TestTree(TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(1, 1)));
    NodeId root = small.add(0, NodeKind.ROOT);
    small.lose(Message.Attach.class::isInstance);
    NodeId client = small.add(1, NodeKind.CLIENT);
    small.advanceMillis(50);
    assertThat(small.view(root).reservations()).isEqualTo(1);
    small.lose(message -> false);
    small.advanceMillis(5_000);
    assertThat(small.view(client).parent()).contains(root);
    assertThat(small.view(root).reservations()).isZero();
  }

  @Test
  @DisplayName(
      "section 2.2: a full tree refuses with a reason, and takes the joiner once it has room")
  void aFullTreeRefuses() {
    TestTree small = new TestTree(TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(1, 2)));
    small.add(0, NodeKind.ROOT);
    for (int i = 1; i <= 2; i++) {
      small.add(i, NodeKind.CLIENT);
      small.advanceMillis(100);
    }
    NodeId late = small.add(3, NodeKind.CLIENT);
    small.advanceMillis(1_000);
    assertThat(small.view(late).parent()).isEmpty();
    assertThat(small.reports)
        .anyMatch(report ->
            report.kind() == Effect.Report.Kind.JOIN_REFUSED
                && report.detail().startsWith("TREE_FULL"));
    small.add(4, NodeKind.ROUTER);
    small.advanceMillis(20_000);
    assertThat(small.view(late).parent()).isPresent();
  }

  @Test
  @DisplayName("section 2.3: a multicast reaches every interested client but its sender, once")
  void multicastReachesEverybodyInterested() {
    tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 6);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 12);
    clients.subList(0, 8).forEach(id -> want(id, TAG));
    tree.advanceMillis(100);
    tree.give(clients.getFirst(), publish(clients.getFirst(), 1, TAG));
    tree.settle();
    assertThat(clients.subList(1, 8)).allSatisfy(id -> assertThat(delivered(id)).isEqualTo(1));
    assertThat(clients.subList(8, 12)).allSatisfy(id -> assertThat(delivered(id)).isZero());
    assertThat(delivered(clients.getFirst())).isZero();
  }

  @Test
  @DisplayName(
      "section 2.4: a silent neighbour is dropped after the heartbeat timeout, and its children come back")
  void silenceIsFailure() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    List<NodeId> routers = addAll(NodeKind.ROUTER, 1, 2);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 6);
    NodeId hung = routers.getFirst();
    tree.hang(hung);
    tree.advanceMillis(10_000);
    assertThat(clients)
        .allSatisfy(id -> assertThat(tree.view(id).parent()).contains(routers.getLast()));
    assertThat(tree.view(root).childRouters()).hasSize(1);
  }

  @Test
  @DisplayName("section 2.4: after a router dies its children join again with one request each")
  void orphansComeBackWithOneRequest() {
    tree.add(0, NodeKind.ROOT);
    List<NodeId> routers = addAll(NodeKind.ROUTER, 1, 6);
    addAll(NodeKind.CLIENT, 10, 20);
    tree.reports.clear();
    tree.kill(routers.getFirst());
    tree.advanceMillis(3_000);
    List<Effect.Report> attached =
        tree.reports.stream()
            .filter(report -> report.kind() == Effect.Report.Kind.ATTACHED)
            .toList();
    assertThat(attached).isNotEmpty().allSatisfy(r -> assertThat(r.number()).isEqualTo(1));
    assertThat(tree.nodes.values()).allSatisfy(node -> assertThat(node.view().rooted()).isTrue());
  }

  @Test
  @DisplayName("section 2.5: culling evens out child routers, without losing an update on the way")
  void cullingRestoresBalanceWithoutLoss() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 1);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 16);
    clients.forEach(id -> want(id, TAG));
    tree.advanceMillis(100);
    tree.add(2, NodeKind.ROUTER);
    NodeId writer = clients.getFirst();
    for (int i = 1; i <= 600; i++) {
      tree.give(writer, publish(writer, i, TAG));
      tree.advanceMillis(50);
    }
    assertThat(tree.view(root).imbalance()).isLessThanOrEqualTo(3);
    assertThat(tree.reports).anyMatch(r -> r.kind() == Effect.Report.Kind.MOVE_COMPLETED);
    assertThat(clients.subList(1, 16)).allSatisfy(id -> assertThat(sequencesAt(id)).hasSize(600));
  }

  private List<Long> sequencesAt(NodeId id) {
    return tree.upcalls.get(id).stream()
        .filter(Effect.Deliver.class::isInstance)
        .map(effect -> ((Effect.Deliver) effect).multicast().records().getFirst().sequence())
        .distinct()
        .toList();
  }

  @Test
  @DisplayName("section 2.5, the paper's rule: culled clients are disconnected and join again")
  void thePaperDisconnects() {
    TestTree paper = new TestTree(TreeConfig.DEFAULT.withRules(TreeConfig.Rules.PAPER));
    NodeId root = paper.add(0, NodeKind.ROOT);
    for (int i = 1; i <= 6; i++) {
      paper.add(i, NodeKind.CLIENT);
      paper.advanceMillis(100);
    }
    paper.add(10, NodeKind.ROUTER);
    paper.advanceMillis(20_000);
    assertThat(paper.view(root).childClients()).isEmpty();
    assertThat(paper.view(root).clients()).isEqualTo(6);
    assertThat(paper.transcript).anyMatch(line -> line.endsWith("Disconnect"));
    assertThat(paper.reports).noneMatch(r -> r.kind() == Effect.Report.Kind.MOVE_STARTED);
  }

  @Test
  @DisplayName("section 2.6: an update that matters only inside a subtree does not leave it")
  void updatesStayInTheirSubtree() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 2);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 8);
    NodeId parent = tree.view(clients.getFirst()).parent().orElseThrow();
    List<NodeId> siblings =
        clients.stream().filter(id -> tree.view(id).parent().orElseThrow().equals(parent)).toList();
    siblings.forEach(id -> want(id, TAG));
    tree.advanceMillis(100);
    long before = counter(root, "multicastsIn");
    tree.give(siblings.getFirst(), publish(siblings.getFirst(), 1, TAG));
    tree.settle();
    assertThat(delivered(siblings.getLast())).isEqualTo(1);
    assertThat(counter(root, "multicastsIn")).isEqualTo(before);
    assertThat(counter(parent, "withheldUp")).isEqualTo(1);
  }

  @Test
  @DisplayName("section 2.6, the paper's rule: multicasts always proceed up")
  void thePaperAlwaysGoesUp() {
    TestTree paper = new TestTree(TreeConfig.DEFAULT.withRules(TreeConfig.Rules.PAPER));
    NodeId root = paper.add(0, NodeKind.ROOT);
    paper.add(1, NodeKind.ROUTER);
    paper.advanceMillis(2_000);
    NodeId client = paper.add(2, NodeKind.CLIENT);
    paper.advanceMillis(2_000);
    paper.give(client, new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    paper.advanceMillis(3_100); // those who have attached have said so in their inboxes by then
    long before = multicastsIn(paper.node(root));
    paper.give(client, publish(client, 1, TAG));
    paper.settle();
    assertThat(multicastsIn(paper.node(root)) - before).isEqualTo(1);
  }

  private static long multicastsIn(TreeNode node) {
    return node.counters().stream()
        .filter(c -> c.name().equals("multicastsIn"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  @DisplayName("section 2.6: interest that ends is withdrawn all the way up")
  void interestEnds() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 2);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 4);
    NodeId reader = clients.getFirst();
    want(reader, TAG);
    tree.advanceMillis(100);
    tree.give(reader, new Event.ChangeInterest(new long[0], new long[] {TAG}));
    tree.advanceMillis(100);
    long before = counter(root, "multicastsOut");
    for (NodeId writer : clients) {
      tree.give(writer, publish(writer, 1, TAG));
    }
    tree.settle();
    assertThat(delivered(reader)).isZero();
    assertThat(counter(root, "multicastsOut")).isEqualTo(before);
  }

  @Test
  @DisplayName("section 5.1: the subtrees of a root that restarts come back whole")
  void rootRestartKeepsSubtrees() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    addAll(NodeKind.ROUTER, 1, 6);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 10, 12);
    tree.advanceMillis(15_000);
    List<NodeId> parents =
        clients.stream().map(id -> tree.view(id).parent().orElseThrow()).toList();
    tree.kill(root);
    tree.advanceMillis(8_000);
    tree.add(0, NodeKind.ROOT);
    tree.advanceMillis(9_000);
    assertThat(tree.nodes.values()).allSatisfy(node -> assertThat(node.view().rooted()).isTrue());
    assertThat(clients.stream().map(id -> tree.view(id).parent().orElseThrow()).toList())
        .isEqualTo(parents);
  }

  @Test
  @DisplayName(
      "section 2.5: a move whose new parent dies leaves nothing of the old parent's answers behind")
  void aFailedMoveAsksTheOldParentAnew() {
    NodeId root = tree.add(0, NodeKind.ROOT);
    List<NodeId> clients = addAll(NodeKind.CLIENT, 1, 2);
    NodeId mover = clients.getFirst();
    NodeId reader = clients.getLast();
    want(mover, TAG);
    want(reader, TAG);
    tree.advanceMillis(100);
    tree.lose(Multicast.class::isInstance);
    NodeId router = tree.add(9, NodeKind.ROUTER);
    for (int i = 0; i < 200 && !tree.view(mover).parent().equals(Optional.of(router)); i++) {
      tree.advanceMillis(50);
    }
    assertThat(tree.view(mover).parent()).contains(router);
    tree.kill(router);
    tree.lose(message -> false);
    assertThat(tree.view(mover).parent()).contains(root);
    want(mover, TAG + 1);
    tree.advanceMillis(200);
    tree.give(mover, publish(mover, 1, TAG));
    tree.settle();
    assertThat(delivered(reader)).isEqualTo(1);
  }

  private long counter(NodeId node, String name) {
    return tree.node(node).counters().stream()
        .filter(counter -> counter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
