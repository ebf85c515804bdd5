package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.NodeView;
import dev.banyan.protocol.TreeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("claims of the paper")
class ClaimsTest {

  private static TreeConfig places(int routers, int clients) {
    return TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(routers, clients));
  }

  private static Run run(String name, long seed) {
    return new Run(SimSeeds.options(ClaimsTest.class, name, seed));
  }

  private static void start(Run run, NodeKind kind, TreeConfig config, int count) {
    for (int i = 0; i < count; i++) {
      run.startTree(kind, config);
      run.pass(Duration.ofSeconds(2));
    }
  }

  /// Multicasts that crossed each node's links, in or out.
  private static final class Crossings implements Observer {
    final Map<SimNode, Integer> messages = new HashMap<>();

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      if (event instanceof Event.Received(LinkId _, Multicast _)) {
        messages.merge(node, 1, Integer::sum);
      }
      for (Effect effect : effects) {
        if (effect instanceof Effect.Forward forward) {
          messages.merge(node, forward.links().length, Integer::sum);
        }
      }
    }
  }

  @Test
  @DisplayName("claim 1 (section 1.1): at most 3 messages per node and multicast in a binary tree")
  void aConstantNumberOfMessages() {
    Run run = run("claim-1", 1);
    TreeConfig binary = places(2, 2);
    run.startTree(NodeKind.ROOT, binary);
    start(run, NodeKind.ROUTER, binary, 14);
    start(run, NodeKind.CLIENT, binary, 16);
    run.settle();
    Crossings crossings = new Crossings();
    run.cluster().observe(crossings);
    for (SimNode writer : run.live(NodeKind.CLIENT)) {
      crossings.messages.clear();
      run.deliveries().publish(writer);
      run.pass(Duration.ofMillis(500));
      assertThat(crossings.messages).hasSize(31);
      crossings.messages.forEach(
          (node, messages) -> assertThat(messages).as(node.toString()).isBetween(1, 3));
      assertThat(crossings.messages.get(run.root())).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  @DisplayName("claim 2 (section 2.2): clients go down to the fewest, routers fill the top first")
  void joinsGoWhereTheyShould(long seed) {
    Run run = run("claim-2", seed);
    TreeConfig config = places(2, 100);
    run.startTree(NodeKind.ROOT, config);
    for (int i = 0; i < 40; i++) {
      boolean router = run.random().nextInt(3) == 0;
      run.settle();
      Set<SimNode> expected =
          router ? highestWithRoom(run, 2) : fewestClientsAllTheWayDown(run, run.root());
      SimNode joiner = run.startTree(router ? NodeKind.ROUTER : NodeKind.CLIENT, config);
      run.pass(Duration.ofMillis(200));
      SimNode parent =
          run.cluster().find(joiner.view().orElseThrow().parent().orElseThrow()).orElseThrow();
      assertThat(expected).as("where %s may go", joiner).contains(parent);
    }
  }

  private static Set<SimNode> fewestClientsAllTheWayDown(Run run, SimNode from) {
    List<NodeView.Child> routers = from.view().orElseThrow().childRouters();
    Set<SimNode> places = new HashSet<>();
    int fewest = routers.stream().mapToInt(NodeView.Child::clients).min().orElse(-1);
    if (fewest < 0) {
      places.add(from);
    }
    for (NodeView.Child child : routers) {
      if (child.clients() == fewest) {
        SimNode router = run.cluster().find(child.node()).orElseThrow();
        places.addAll(fewestClientsAllTheWayDown(run, router));
      }
    }
    return places;
  }

  private static Set<SimNode> highestWithRoom(Run run, int places) {
    Map<Integer, Set<SimNode>> byDepth = new java.util.TreeMap<>();
    for (SimNode node : run.cluster().nodes()) {
      if (node.kind().routes() && node.view().orElseThrow().childRouters().size() < places) {
        byDepth.computeIfAbsent(run.depthOf(node), _ -> new HashSet<>()).add(node);
      }
    }
    return byDepth.values().iterator().next();
  }

  /// Counts answers per joiner, to show that they were duplicate.
  private static final class Assignments implements Observer {
    final Map<SimNode, Set<Long>> attempts = new HashMap<>();
    final Map<SimNode, Set<String>> parents = new HashMap<>();

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      if (event instanceof Event.Received(LinkId _, Message.AssignParent assign)
          && assign.joiner().equals(node.id())) {
        attempts.computeIfAbsent(node, _ -> new HashSet<>()).add(assign.attempt());
        parents.computeIfAbsent(node, _ -> new HashSet<>()).add(assign.parent().toString());
      }
    }
  }

  @Test
  @DisplayName(
      "claim 3 (sections 2.2, 2.4): duplicate assignments and false parents leave a coherent tree")
  void duplicateAssignments() {
    int duplicated = 0;
    int falseParents = 0;
    for (long seed = 1; seed <= 10; seed++) {
      Run run = run("claim-3", seed);
      TreeConfig config = places(2, 8);
      run.startTree(NodeKind.ROOT, config);
      start(run, NodeKind.ROUTER, config, 6);
      run.settle();
      Assignments assignments = new Assignments();
      run.cluster().observe(assignments);
      List<SimNode> joiners = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        SimNode joiner = run.startTree(i % 4 == 0 ? NodeKind.ROUTER : NodeKind.CLIENT, config);
        // so far away that an answer takes longer than the joiner waits before it asks again
        run.faults().slow(joiner, new LinkProfile(350_000_000L + 20_000_000L * i, 100_000_000, 0));
        joiners.add(joiner);
      }
      run.pass(Duration.ofSeconds(6));
      run.settle(); // heals the lines, and checks the tree: one parent each, nothing reserved
      for (SimNode joiner : joiners) {
        assertThat(run.depthOf(joiner)).as(joiner.toString()).isPositive();
        duplicated += assignments.attempts.getOrDefault(joiner, Set.of()).size() > 1 ? 1 : 0;
        falseParents += assignments.parents.getOrDefault(joiner, Set.of()).size() > 1 ? 1 : 0;
      }
    }
    assertThat(duplicated).as("joiners with several answers").isPositive();
    assertThat(falseParents).as("joiners given to several parents").isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  @DisplayName("claim 5 (section 2.5): culling restores balance within a few rebalancing passes")
  void cullingRestoresBalance(long seed) {
    Run run = run("claim-5", seed);
    TreeConfig config = places(2, 60);
    run.startTree(NodeKind.ROOT, config);
    start(run, NodeKind.ROUTER, config, 2);
    start(run, NodeKind.CLIENT, config, 30);
    run.settle();
    SimNode half = run.live(NodeKind.ROUTER).getFirst();
    run.faults().crash(half);
    run.settle();
    run.cluster().start(half);
    int before = 0;
    for (int i = 0; i < 100 && before == 0; i++) {
      run.pass(Duration.ofMillis(1)); // the next pass may be due at any time
      before = run.metrics().sample().maxImbalance();
    }
    assertThat(before).isEqualTo(30);
    int passes = 0;
    while (run.metrics().sample().maxImbalance() > config.rules().rebalanceThreshold()) {
      run.pass(Duration.ofNanos(config.timing().rebalanceNanos()));
      assertThat(++passes).isLessThanOrEqualTo(4);
    }
    assertThat(run.metrics().count(Kind.CULL_ORDERED)).isPositive();
    run.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName(
      "claims 7, 8, 9 (sections 6.1, 7, figure 2): joins and removals of 35 nodes; one join request"
          + " finds another parent; imbalance 0 at both ends, spikes between")
  void joinsAndRemovals(long seed) {
    ScenarioResult result =
        JoinsAndRemovals.PAPER.run(
            SimSeeds.options(ClaimsTest.class, JoinsAndRemovals.PAPER.name(), seed));
    assertThat(result.nodes()).isEqualTo(36);
    assertThat(result.orphaned()).isPositive();
    assertThat(result.orphansReattached()).isEqualTo(result.orphaned());
    assertThat(result.orphansReattachedWithOneJoinRequest()).isEqualTo(result.orphaned());
    assertThat(result.needlessRejoins()).isEmpty();
    List<TreeMetrics.Sample> samples = result.samples();
    assertThat(samples.getFirst().maxImbalance()).isZero();
    assertThat(samples.getLast().maxImbalance()).isZero();
    assertThat(samples.getLast().nodes()).isEqualTo(1);
    assertThat(samples).anyMatch(sample -> sample.nodes() == 36 && sample.attached() == 36);
  }

  @Test
  @DisplayName("claim 9 (figure 2): the imbalance spikes while nodes come and go")
  void imbalanceSpikes() {
    long withSpikes =
        java.util.stream.LongStream.rangeClosed(1, 8)
            .mapToObj(JoinsAndRemovals.PAPER::run)
            .filter(result -> result.samples().stream().anyMatch(s -> s.maxImbalance() > 3))
            .count();
    assertThat(withSpikes).isGreaterThan(2);
  }

  @Test
  @DisplayName(
      "claim 10 (figure 3): clients move away from the root as routers join, all at three hops,"
          + " then back to the root")
  void clientsMoveAwayAndBack() {
    Run run = run("claim-10", 1);
    TreeConfig config = places(2, 64);
    run.startTree(NodeKind.ROOT, config);
    start(run, NodeKind.CLIENT, config, 29);
    run.settle();
    List<Double> depths = new ArrayList<>(List.of(run.metrics().sample().meanClientDepth()));
    for (int i = 0; i < 6; i++) {
      run.startTree(NodeKind.ROUTER, config);
      run.settle();
      depths.add(run.metrics().sample().meanClientDepth());
    }
    assertThat(depths).isSorted();
    assertThat(depths.getFirst()).isEqualTo(1.0);
    assertThat(depths.getLast()).isEqualTo(3.0);
    for (SimNode router : run.live(NodeKind.ROUTER)) {
      run.faults().crash(router);
      run.pass(Duration.ofSeconds(10));
    }
    run.settle();
    TreeMetrics.Sample last = run.metrics().sample();
    assertThat(last.meanClientDepth()).isEqualTo(1.0);
    assertThat(last.clients()).isEqualTo(29);
    assertThat(run.metrics().needlessRejoins()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @DisplayName(
      "claim 20 (section 7): delivery is identical to plain unicast to everyone interested")
  void deliveryAsByUnicast(long seed) {
    Run run = run("claim-20", seed);
    Growth growth = new Growth(9, 40, 2, 50);
    Traffic traffic = new Traffic(run, 12, Duration.ofMillis(20), Duration.ofHours(10));
    growth.grow(run, traffic);
    run.pass(Duration.ofSeconds(30));
    traffic.stop();
    run.settle();
    DeliveryChecker deliveries = run.deliveries();
    assertThat(deliveries.published()).isGreaterThan(1_000);
    assertThat(deliveries.checked()).isGreaterThan(5_000);
    assertThat(deliveries.deliveries())
        .as("nobody got what unicast would not have brought")
        .isEqualTo(deliveries.checked());
    assertThat(deliveries.duplicates()).isZero();
  }
}
