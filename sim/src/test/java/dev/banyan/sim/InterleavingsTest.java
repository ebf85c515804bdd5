package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Traffic;
import dev.banyan.sim.scenario.churn.Chaos;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Orders of events that break simpler protocols. Each is looked for by moving one event past the others in small
/// steps, with every check of every run on.
@DisplayName("interleavings that break naive versions")
class InterleavingsTest {

  private static Run run(String name, long seed) {
    return new Run(SimSeeds.options(InterleavingsTest.class, name, seed));
  }

  private static TreeConfig places(int routers, int clients) {
    return TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(routers, clients));
  }

  /// Counts assignments on their way for an attempt that is over; routers that know do not pass them on.
  private static final class LateAssignments implements Observer {
    private final Map<NodeId, Long> attempts = new HashMap<>();
    int late;

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send(LinkId _, Message.JoinRequest request)
            && request.joiner().equals(node.id())) {
          attempts.put(node.id(), request.attempt());
        }
      }
      if (event instanceof Event.Received(LinkId _, Message.AssignParent assign)
          && assign.attempt() < attempts.getOrDefault(assign.joiner(), 0L)) {
        late++;
      }
    }
  }

  /// Seeds that showed it: an old write was not announced at all; its announcement was spared for a digest that readers
  /// of the key do not hear; its writer moved while the reader's question went round, and was met nowhere.
  @ParameterizedTest
  @ValueSource(longs = {806, 2128, 2744})
  @DisplayName(
      "a reader that settled while a writer was cut off gets what that writer wrote long before")
  void anOldWriteOfALiveWriterReachesALateReader(long seed) {
    Chaos.WORKERS.run(seed);
  }

  @Test
  @DisplayName("a late AssignParent of an older attempt, while ancestors move")
  void lateAssignment() {
    int late = 0;
    for (int step = 0; step < 16; step++) {
      Run run = run("late-assignment", step);
      TreeConfig binary = places(2, 8);
      run.startTree(NodeKind.ROOT, binary);
      for (int i = 0; i < 10; i++) {
        run.startTree(NodeKind.ROUTER, binary);
        run.pass(Duration.ofSeconds(2));
      }
      for (int i = 0; i < 6; i++) {
        run.startTree(NodeKind.CLIENT, binary);
      }
      run.settle();
      LateAssignments assignments = new LateAssignments();
      run.cluster().observe(assignments);
      List<SimNode> routers = run.live(NodeKind.ROUTER);
      SimNode joiner = routers.get(2); // at depth 2, with routers below it
      // whoever takes the joiner answers so late that the joiner has asked again meanwhile
      for (SimNode router : routers) {
        if (router != joiner) {
          long latency = 450_000_000L + 60_000_000L * (step % 8);
          run.faults().slow(router, new LinkProfile(latency, 0, 0));
        }
      }
      run.pass(Duration.ofSeconds(4));
      run.faults().cutFromParent(joiner);
      run.pass(Duration.ofMillis(500 + 100L * step));
      routers.stream().skip(3).forEach(run.faults()::cutFromParent);
      run.pass(Duration.ofMillis(700));
      run.faults().cutFromParent(routers.get(1));
      run.pass(Duration.ofSeconds(4));
      run.settle();
      late += assignments.late;
    }
    assertThat(late).as("late assignments that were seen").isPositive();
  }

  @Test
  @DisplayName("an anycast that could overtake a coalesced change of interest")
  void anycastOvertakesInterest() {
    for (int step = -40; step <= 40; step += 2) {
      Run run = run("anycast-overtakes-interest", step);
      TreeConfig config = places(2, 4);
      run.startTree(NodeKind.ROOT, config);
      for (int i = 0; i < 6; i++) {
        run.startTree(NodeKind.ROUTER, config);
      }
      run.settle();
      for (int i = 0; i < 8; i++) {
        run.start(NodeSpec.worker(config));
        run.pass(Duration.ofSeconds(1));
      }
      run.settle();
      List<SimNode> workers = run.live(NodeKind.CLIENT);
      SimNode writer = workers.getFirst();
      SimNode reader = workers.getLast();
      put(run, writer, 1, "key", "first");
      run.settle();
      long gapsBefore = counter(reader, "digest");
      Duration early = Duration.ofNanos(50_000L * (40 + Math.min(step, 0)));
      Duration between = Duration.ofNanos(50_000L * Math.abs(step));
      run.pass(early);
      // the reader's interest is on its way up, gathered at every router, while the writer writes
      // again
      if (step < 0) {
        put(run, writer, 2, "key", "second");
        run.pass(between);
        run.cluster().submit(reader, new StoreCommand.Get(3, "key"));
      } else {
        run.cluster().submit(reader, new StoreCommand.Get(3, "key"));
        run.pass(between);
        put(run, writer, 2, "key", "second");
      }
      run.pass(Duration.ofMillis(200)); // less than repair would take
      assertThat(newest(reader)).as("offset %d x 50 us", step).isEqualTo("second");
      assertThat(counter(reader, "digest")).isEqualTo(gapsBefore);
      run.settle();
    }
  }

  @Test
  @DisplayName("concurrent first puts of one key from two subtrees")
  void concurrentFirstPuts() {
    for (int step = -30; step <= 30; step += 2) {
      Run run = run("concurrent-first-puts", step);
      TreeConfig config = places(2, 4);
      run.startTree(NodeKind.ROOT, config);
      for (int i = 0; i < 6; i++) {
        run.startTree(NodeKind.ROUTER, config);
      }
      run.settle();
      for (int i = 0; i < 8; i++) {
        run.start(NodeSpec.worker(config));
        run.pass(Duration.ofSeconds(1));
      }
      run.settle();
      List<SimNode> workers = run.live(NodeKind.CLIENT);
      SimNode one = workers.getFirst();
      SimNode other = workers.getLast();
      put(run, step < 0 ? one : other, 1, "key", "a");
      run.pass(Duration.ofNanos(100_000L * Math.abs(step)));
      put(run, step < 0 ? other : one, 1, "key", "b");
      run.pass(Duration.ofSeconds(2));
      assertThat(newest(one)).as("offset %d x 100 us", step).isEqualTo(newest(other));
      run.settle();
      assertThat(run.replicas().checked()).isGreaterThanOrEqualTo(2);
    }
  }

  private static void put(Run run, SimNode worker, long request, String key, String value) {
    run.cluster().submit(worker, new StoreCommand.Put(request, key, Bytes.utf8(value)));
  }

  private static String newest(SimNode node) {
    Worker worker = (Worker) node.machine().orElseThrow();
    return worker
        .newest("key")
        .flatMap(revision -> revision.value())
        .map(Bytes::asUtf8)
        .orElse("nothing");
  }

  private static long counter(SimNode node, String namePart) {
    return ((Worker) node.machine().orElseThrow())
        .counters().stream()
            .filter(counter -> counter.name().contains(namePart))
            .mapToLong(Message.Counter::value)
            .sum();
  }

  /// A root that gives every joiner the one that asked before it, as two roots in disagreement might.
  private static final class LyingRoot implements Machine {
    private final NodeId id;
    private final Map<LinkId, Message.JoinRequest> asked = new HashMap<>();
    int lies;

    LyingRoot(NodeId id) {
      this.id = id;
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      if (!(event instanceof Event.Received(LinkId link, Message message))) {
        return;
      }
      switch (message) {
        case Message.Hello hello ->
            effects.add(
                new Effect.Send(
                    link,
                    new Message.Hello(
                        Message.Hello.VERSION, hello.tree(), id, NodeKind.ROOT, 1, Bytes.EMPTY)));
        case Message.JoinRequest request -> {
          asked.values().removeIf(other -> other.joiner().equals(request.joiner()));
          asked.put(link, request);
          if (asked.size() == 2) {
            List<Map.Entry<LinkId, Message.JoinRequest>> both = new ArrayList<>(asked.entrySet());
            assign(both.get(0).getKey(), both.get(0).getValue(), both.get(1).getValue(), effects);
            assign(both.get(1).getKey(), both.get(1).getValue(), both.get(0).getValue(), effects);
            asked.clear();
          }
        }
        default -> {}
      }
    }

    private void assign(
        LinkId link, Message.JoinRequest to, Message.JoinRequest parent, Effects effects) {
      lies++;
      effects.add(
          new Effect.Send(
              link,
              new Message.AssignParent(
                  to.joiner(), to.attempt(), parent.joiner(), parent.address(), List.of())));
    }
  }

  @Test
  @DisplayName("two newcomers that ask each other")
  void twoNewcomersAskEachOther() {
    for (long seed = 1; seed <= 20; seed++) {
      Run run = run("two-newcomers", seed);
      LyingRoot liar = new LyingRoot(new NodeId(99));
      SimNode fake = run.start(NodeSpec.scripted(NodeKind.ROOT, () -> liar));
      SimNode one = run.startTree(NodeKind.ROUTER, TreeConfig.DEFAULT);
      SimNode other = run.startTree(NodeKind.ROUTER, TreeConfig.DEFAULT);
      run.pass(Duration.ofSeconds(20)); // the checkers would see a cycle in the instant it closes
      assertThat(liar.lies).isGreaterThan(2);
      for (SimNode node : List.of(one, other)) {
        assertThat(node.view().orElseThrow().parent()).isEmpty();
        assertThat(node.view().orElseThrow().childRouters()).isEmpty();
      }
      run.faults().crash(fake);
    }
  }

  @Test
  @DisplayName(
      "two orphans with subtrees that are sent into each other's, while their own links break")
  void orphansSentIntoEachOther() {
    for (int step = 0; step < 40; step++) {
      Run run = run("orphans-into-each-other", step);
      TreeConfig config = places(2, 8);
      run.startTree(NodeKind.ROOT, config);
      for (int i = 0; i < 8; i++) {
        run.startTree(NodeKind.ROUTER, config);
        run.pass(Duration.ofMillis(500));
      }
      for (int i = 0; i < 10; i++) {
        run.startTree(NodeKind.CLIENT, config);
      }
      run.settle();
      List<SimNode> top =
          run.live(NodeKind.ROUTER).stream().filter(node -> run.depthOf(node) == 1).toList();
      run.faults().cutFromParent(top.get(0));
      run.pass(Duration.ofNanos(80_000L * step));
      run.faults().cutFromParent(top.get(1));
      run.pass(Duration.ofNanos(45_000L * step));
      run.faults().cutFromParent(top.get(0));
      run.settle();
      assertThat(run.metrics().needlessRejoins()).isEmpty();
    }
  }

  @Test
  @DisplayName("a cut at every moment of a make-before-break move")
  void cutDuringMove() {
    int moves = 0;
    for (int step = 0; step < 30; step++) {
      Run run = run("cut-during-move", step);
      TreeConfig config = places(2, 40);
      run.startTree(NodeKind.ROOT, config);
      Traffic traffic = new Traffic(run, 8, Duration.ofNanos(300_000), Duration.ofHours(1));
      for (int i = 0; i < 12; i++) {
        traffic.join(run.start(traffic.client(config)));
      }
      run.settle();
      run.startTree(NodeKind.ROUTER, config);
      while (run.metrics().count(Effect.Report.Kind.MOVE_STARTED) == 0) {
        run.pass(Duration.ofMillis(1));
      }
      traffic.start();
      run.pass(Duration.ofNanos(80_000L * step));
      SimNode victim = run.live(NodeKind.CLIENT).get(step % 12);
      if (step % 2 == 0) {
        run.faults().cutFromParent(victim);
      } else {
        run.faults().cutSome(victim, run.random());
      }
      run.pass(Duration.ofMillis(50));
      traffic.stop();
      run.settle();
      moves += (int) run.metrics().count(Effect.Report.Kind.MOVE_COMPLETED);
    }
    assertThat(moves).isPositive();
  }

  @Test
  @DisplayName("moves between healthy parents, with a multicast on the way at every moment")
  void healthyMovesLoseNothing() {
    for (long seed = 1; seed <= 12; seed++) {
      Run run = run("healthy-moves", seed);
      TreeConfig config = places(3, 40);
      run.startTree(NodeKind.ROOT, config);
      Traffic traffic = new Traffic(run, 6, Duration.ofNanos(37_000), Duration.ofHours(1));
      for (int i = 0; i < 16; i++) {
        traffic.join(run.start(traffic.client(config)));
      }
      run.settle();
      run.startTree(NodeKind.ROUTER, config);
      run.startTree(NodeKind.ROUTER, config);
      while (run.metrics().count(Effect.Report.Kind.MOVE_STARTED) == 0) {
        run.pass(Duration.ofMillis(1));
      }
      traffic.start();
      run.pass(Duration.ofMillis(150));
      traffic.stop();
      run.settle();
      assertThat(run.metrics().count(Effect.Report.Kind.MOVE_COMPLETED)).isGreaterThan(4);
      assertThat(run.metrics().count(Effect.Report.Kind.MOVE_UNFENCED)).isZero();
      assertThat(run.metrics().count(Effect.Report.Kind.ORPHANED)).isZero();
      assertThat(run.deliveries().checked()).isGreaterThan(10_000);
    }
  }

  /// A real root, but for two joiners to which it names parents as it is told.
  private static final class MeddlingRoot implements Machine {
    private final TreeNode node;
    final Map<NodeId, SimNode> sendTo = new HashMap<>();
    int meddled;

    MeddlingRoot(TreeNode node) {
      this.node = node;
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      if (event instanceof Event.Received(LinkId link, Message.JoinRequest request)
          && sendTo.remove(request.joiner()) instanceof SimNode parent) {
        meddled++;
        effects.add(
            new Effect.Send(
                link,
                new Message.AssignParent(
                    request.joiner(),
                    request.attempt(),
                    parent.id(),
                    parent.address(),
                    List.of())));
      } else {
        node.handle(event, nowNanos, effects);
      }
    }
  }

  @Test
  @DisplayName("two orphans that are both given parents in the other's subtree")
  void orphansGivenEachOthersSubtrees() {
    for (int step = 0; step < 30; step++) {
      Run run = run("each-others-subtrees", step);
      TreeConfig config = places(2, 8);
      MeddlingRoot meddler = startMeddlingRoot(run, config);
      for (int i = 0; i < 8; i++) {
        run.startTree(NodeKind.ROUTER, config);
        run.pass(Duration.ofMillis(500));
      }
      run.settle();
      List<SimNode> top =
          run.live(NodeKind.ROUTER).stream().filter(node -> run.depthOf(node) == 1).toList();
      SimNode one = top.get(0);
      SimNode other = top.get(1);
      meddler.sendTo.put(one.id(), someChildOf(run, other));
      meddler.sendTo.put(other.id(), someChildOf(run, one));
      run.faults().cutFromParent(one);
      run.pass(Duration.ofNanos(20_000L * step));
      run.faults().cutFromParent(other);
      run.settle();
      assertThat(meddler.meddled).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("an orphan given a parent that has just come below it and does not know it yet")
  void orphanGivenItsNewDescendant() {
    for (int step = 0; step < 10; step++) {
      Run run = run("own-descendant", step);
      TreeConfig binary = places(2, 8);
      MeddlingRoot meddler = startMeddlingRoot(run, binary);
      for (int i = 0; i < 7; i++) {
        run.startTree(NodeKind.ROUTER, binary);
        run.pass(Duration.ofSeconds(2));
      }
      run.settle();
      SimNode below = atDepth(run, 3);
      SimNode middle = parentOf(run, below);
      SimNode top = parentOf(run, middle);
      SimNode orphan =
          run.live(NodeKind.ROUTER).stream()
              .filter(node -> node != top && run.depthOf(node) == 1)
              .findFirst()
              .orElseThrow();
      run.faults().crash(someChildOf(run, orphan)); // makes room
      run.settle();
      meddler.sendTo.put(top.id(), orphan);
      meddler.sendTo.put(orphan.id(), below);
      run.faults().hang(middle); // what is below it does not learn where it goes
      run.faults().cutFromParent(top);
      run.pass(Duration.ofMillis(200));
      assertThat(parentOf(run, top)).isEqualTo(orphan);
      run.pass(Duration.ofMillis(10L * step));
      run.faults().cutFromParent(orphan);
      run.pass(Duration.ofMillis(900));
      assertThat(meddler.meddled).isEqualTo(2);
      run.settle();
    }
  }

  private static SimNode atDepth(Run run, int depth) {
    return run.live(NodeKind.ROUTER).stream()
        .filter(node -> run.depthOf(node) == depth)
        .findFirst()
        .orElseThrow();
  }

  private static SimNode parentOf(Run run, SimNode node) {
    return run.cluster().find(node.view().orElseThrow().parent().orElseThrow()).orElseThrow();
  }

  private static MeddlingRoot startMeddlingRoot(Run run, TreeConfig config) {
    List<MeddlingRoot> started = new ArrayList<>();
    run.start(
        new NodeSpec(
            NodeKind.ROOT,
            config,
            (identity, tree, roots, random, wall) -> {
              TreeNode node = new TreeNode(identity, tree, roots, random, wall);
              started.add(new MeddlingRoot(node));
              return new NodeSpec.Built(started.getFirst(), node::view);
            }));
    return started.getFirst();
  }

  private static SimNode someChildOf(Run run, SimNode router) {
    NodeId child = router.view().orElseThrow().childRouters().getFirst().node();
    return run.cluster().find(child).orElseThrow();
  }

  @Test
  @DisplayName("an unreachable root, then a root at its address: everybody waits, nobody storms")
  void rootComesLate() {
    Run run = run("root-comes-late", 1);
    SimNode root = run.cluster().add(NodeSpec.tree(NodeKind.ROOT, TreeConfig.DEFAULT));
    for (int i = 0; i < 50; i++) {
      run.startTree(i % 10 == 0 ? NodeKind.ROUTER : NodeKind.CLIENT, TreeConfig.DEFAULT);
    }
    run.pass(Duration.ofSeconds(120));
    run.cluster().start(root);
    Map<Long, Integer> perMillisecond = new HashMap<>();
    run.cluster()
        .observe(
            new Observer() {
              @Override
              public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
                if (node == root
                    && event instanceof Event.Received(LinkId _, Message.JoinRequest _)) {
                  perMillisecond.merge(nowNanos / 1_000_000, 1, Integer::sum);
                }
              }
            });
    run.settle();
    assertThat(run.metrics().sample().attached()).isEqualTo(51);
    assertThat(perMillisecond.values())
        .as("join requests within one millisecond")
        .allMatch(n -> n <= 5);
  }
}
