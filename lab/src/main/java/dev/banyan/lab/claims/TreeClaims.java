package dev.banyan.lab.claims;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.check.TreeMetrics;
import dev.banyan.sim.run.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Claims 1, 2, 3, 5, 10 and 20: the tree and what is delivered over it, with every checker of the simulator watching.
final class TreeClaims {

  static final String MESSAGES_MOST = "messages_per_node_most";
  static final String MESSAGES_MEAN = "messages_per_node_mean";
  static final String MESSAGES_ROOT = "messages_at_the_root_most";

  static final String JOINS = "joins";
  static final String MISPLACED = "joins_elsewhere";

  static final String JOINERS = "joiners";
  static final String ANSWERED_TWICE = "joiners_with_several_answers";
  static final String FALSE_PARENTS = "joiners_given_to_several_parents";
  static final String NOT_IN_TREE = "joiners_not_in_the_tree";

  static final String IMBALANCE_BEFORE = "imbalance_before";
  static final String PASSES = "passes_until_balanced";

  static final String DEPTH_WITHOUT = "depth_without_routers";
  static final String DEPTH_WITH = "depth_with_six_routers";
  static final String DEPTH_FALLS = "times_clients_came_nearer_as_routers_joined";
  static final String DEPTH_AFTER = "depth_after_removals";

  static final String PUBLISHED = "published";
  static final String EXPECTED = "deliveries_of_unicast";
  static final String DELIVERED = "deliveries";
  static final String REPEATS = "repeated_deliveries";

  private static final Duration BETWEEN_JOINS = Duration.ofSeconds(2);

  /// After so many it is not "a few".
  static final int MOST_PASSES = 20;

  private TreeClaims() {}

  private static Run run(int claim, long seed) {
    return new Run(ClusterOptions.of(seed, "claim-" + claim).withTraceLines(0));
  }

  private static TreeConfig places(TreeConfig.Rules rules, int routers, int clients) {
    return TreeConfig.DEFAULT
        .withRules(rules)
        .withCapacity(new TreeConfig.Capacity(routers, clients));
  }

  private static void start(Run run, NodeKind kind, TreeConfig config, int count) {
    for (int i = 0; i < count; i++) {
      run.startTree(kind, config);
      run.pass(BETWEEN_JOINS);
    }
  }

  /// A full binary tree of 31 nodes; each client sends one multicast to everybody.
  static void messages(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(1, seed);
    TreeConfig binary = places(rules, 2, 2);
    run.startTree(NodeKind.ROOT, binary);
    start(run, NodeKind.ROUTER, binary, 14);
    start(run, NodeKind.CLIENT, binary, 16);
    run.settle();
    Crossings crossings = new Crossings();
    run.cluster().observe(crossings);
    int most = 0;
    int mostAtRoot = 0;
    int all = 0;
    List<SimNode> writers = run.live(NodeKind.CLIENT);
    for (SimNode writer : writers) {
      crossings.messages.clear();
      run.deliveries().publish(writer);
      run.pass(Duration.ofMillis(500));
      for (int messages : crossings.messages.values()) {
        most = Math.max(most, messages);
        all += messages;
      }
      mostAtRoot = Math.max(mostAtRoot, crossings.messages.getOrDefault(run.root(), 0));
    }
    to.put(MESSAGES_MOST, most);
    to.put(MESSAGES_MEAN, (double) all / writers.size() / run.cluster().nodes().size());
    to.put(MESSAGES_ROOT, mostAtRoot);
  }

  /// Forty joins in a tree at rest, one in three a router: where each may go is computed from all routers' own counts.
  static void joins(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(2, seed);
    TreeConfig config = places(rules, 2, 100);
    run.startTree(NodeKind.ROOT, config);
    int elsewhere = 0;
    int joins = 40;
    for (int i = 0; i < joins; i++) {
      boolean router = run.random().nextInt(3) == 0;
      run.settle();
      Set<SimNode> places =
          router ? highestWithRoom(run, 2) : fewestClientsAllTheWayDown(run, run.root());
      SimNode joiner = run.startTree(router ? NodeKind.ROUTER : NodeKind.CLIENT, config);
      run.pass(Duration.ofMillis(200));
      boolean asExpected =
          joiner
              .view()
              .flatMap(NodeView::parent)
              .flatMap(run.cluster()::find)
              .filter(places::contains)
              .isPresent();
      elsewhere += asExpected ? 0 : 1;
    }
    to.put(JOINS, joins);
    to.put(MISPLACED, elsewhere);
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
    Map<Integer, Set<SimNode>> byDepth = new TreeMap<>();
    for (SimNode node : run.cluster().nodes()) {
      if (node.kind().routes() && node.view().orElseThrow().childRouters().size() < places) {
        byDepth.computeIfAbsent(run.depthOf(node), _ -> new HashSet<>()).add(node);
      }
    }
    return byDepth.values().iterator().next();
  }

  /// Joiners so far away that an answer takes longer than they wait before they ask again.
  static void answers(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(3, seed);
    TreeConfig config = places(rules, 2, 8);
    run.startTree(NodeKind.ROOT, config);
    start(run, NodeKind.ROUTER, config, 6);
    run.settle();
    Assignments assignments = new Assignments();
    run.cluster().observe(assignments);
    List<SimNode> joiners = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      SimNode joiner = run.startTree(i % 4 == 0 ? NodeKind.ROUTER : NodeKind.CLIENT, config);
      run.faults().slow(joiner, new LinkProfile(350_000_000L + 20_000_000L * i, 100_000_000, 0));
      joiners.add(joiner);
    }
    run.pass(Duration.ofSeconds(6));
    run.settle(); // heals the lines, and checks the tree: one parent each, nothing reserved
    to.put(JOINERS, joiners.size());
    to.put(ANSWERED_TWICE, joiners.stream().filter(assignments::severalAnswers).count());
    to.put(FALSE_PARENTS, joiners.stream().filter(assignments::severalParents).count());
    to.put(NOT_IN_TREE, joiners.stream().filter(joiner -> run.depthOf(joiner) <= 0).count());
  }

  /// Thirty clients, all below one of two routers when the other one comes back.
  static void culling(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(5, seed);
    TreeConfig config = places(rules, 2, 60);
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
    int passes = 0;
    while (run.metrics().sample().maxImbalance() > rules.rebalanceThreshold()
        && passes < MOST_PASSES) {
      run.pass(Duration.ofNanos(config.timing().rebalanceNanos()));
      passes++;
    }
    to.put(IMBALANCE_BEFORE, before);
    to.put(PASSES, passes);
    run.settle();
  }

  /// Six routers join 29 clients one after the other, and go again.
  static void depths(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(10, seed);
    TreeConfig config = places(rules, 2, 64);
    run.startTree(NodeKind.ROOT, config);
    start(run, NodeKind.CLIENT, config, 29);
    run.settle();
    double depth = run.metrics().sample().meanClientDepth();
    to.put(DEPTH_WITHOUT, depth);
    int falls = 0;
    for (int i = 0; i < 6; i++) {
      run.startTree(NodeKind.ROUTER, config);
      run.settle();
      double next = run.metrics().sample().meanClientDepth();
      falls += next < depth ? 1 : 0;
      depth = next;
    }
    to.put(DEPTH_WITH, depth);
    to.put(DEPTH_FALLS, falls);
    for (SimNode router : run.live(NodeKind.ROUTER)) {
      run.faults().crash(router);
      run.pass(Duration.ofSeconds(10));
    }
    run.settle();
    TreeMetrics.Sample last = run.metrics().sample();
    to.put(DEPTH_AFTER, last.meanClientDepth());
  }

  /// A healthy tree of 50 nodes: of 12 tags each client wants up to four, and everybody publishes. What plain unicast to
  /// all who want a record would deliver is computed apart.
  static void unicast(TreeConfig.Rules rules, long seed, Findings to) {
    Run run = run(20, seed);
    TreeConfig config = places(rules, 2, 50);
    run.startTree(NodeKind.ROOT, config);
    start(run, NodeKind.ROUTER, config, 9);
    start(run, NodeKind.CLIENT, config, 40);
    long[] pool = new long[12];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = Tags.ofKeyHash(run.random().nextLong());
    }
    List<SimNode> clients = run.live(NodeKind.CLIENT);
    for (SimNode client : clients) {
      run.cluster().submit(client, new Event.ChangeInterest(some(run, pool, 4), new long[0]));
    }
    run.settle();
    for (int i = 0; i < 1_000; i++) {
      SimNode writer = clients.get(run.random().nextInt(clients.size()));
      boolean forAll = run.random().nextInt(10) == 0;
      run.deliveries().publish(writer, forAll ? new long[0] : some(run, pool, 2));
      run.pass(Duration.ofMillis(20));
    }
    run.settle();
    to.put(PUBLISHED, run.deliveries().published());
    to.put(EXPECTED, run.deliveries().checked());
    to.put(DELIVERED, run.deliveries().deliveries());
    to.put(REPEATS, run.deliveries().duplicates());
  }

  /// One to `most` of them.
  private static long[] some(Run run, long[] pool, int most) {
    Set<Long> tags = new TreeSet<>();
    for (int left = 1 + run.random().nextInt(most); left > 0; left--) {
      tags.add(pool[run.random().nextInt(pool.length)]);
    }
    return tags.stream().mapToLong(Long::longValue).toArray();
  }
}
