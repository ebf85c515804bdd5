package dev.banyan.sim.run;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.Faults;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.check.DeliveryChecker;
import dev.banyan.sim.check.InterestChecker;
import dev.banyan.sim.check.QuietChecker;
import dev.banyan.sim.check.ReplicaChecker;
import dev.banyan.sim.check.TreeChecker;
import dev.banyan.sim.check.TreeMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// One run of a scenario: a cluster with every checker on it, and the words in which scenarios are written.
public final class Run {

  /// How long nothing must happen before the tree counts as quiet: longer than any wait of a node.
  private static final Duration QUIET = Duration.ofSeconds(25);

  private static final Duration QUIET_LIMIT = Duration.ofMinutes(15);

  private final Cluster cluster;
  private final TreeChecker tree;
  private final TreeMetrics metrics;
  private final InterestChecker interest;
  private final DeliveryChecker deliveries;
  private final ReplicaChecker replicas;
  private final SplittableRandom random;

  public Run(ClusterOptions options) {
    cluster = new Cluster(options);
    tree = new TreeChecker(cluster);
    metrics = new TreeMetrics(cluster, tree);
    interest = new InterestChecker(cluster);
    deliveries = new DeliveryChecker(cluster, tree);
    replicas = new ReplicaChecker(cluster);
    random = Seeds.fork(options.seed(), "scenario");
    cluster.observe(metrics); // before the tree's checker: it asks who the parent was
    cluster.observe(tree);
    cluster.observe(interest);
    cluster.observe(deliveries);
    cluster.observe(new QuietChecker(cluster, tree));
    cluster.observe(replicas);
    cluster.sweepEvery(Duration.ofSeconds(1));
  }

  public Cluster cluster() {
    return cluster;
  }

  public Faults faults() {
    return cluster.faults();
  }

  public TreeMetrics metrics() {
    return metrics;
  }

  public DeliveryChecker deliveries() {
    return deliveries;
  }

  public ReplicaChecker replicas() {
    return replicas;
  }

  /// The scenario's own generator.
  public SplittableRandom random() {
    return random;
  }

  // --- nodes

  /// Adds and starts one node.
  public SimNode start(NodeSpec spec) {
    SimNode node = cluster.add(spec);
    cluster.start(node);
    return node;
  }

  public SimNode startTree(NodeKind kind, TreeConfig config) {
    return start(NodeSpec.tree(kind, config));
  }

  public SimNode root() {
    return cluster.nodes().getFirst();
  }

  public List<SimNode> live(NodeKind kind) {
    return cluster.nodes().stream().filter(node -> node.kind() == kind && node.alive()).toList();
  }

  /// Those that are up, of that kind.
  public List<SimNode> up(NodeKind kind) {
    return cluster.nodes().stream().filter(node -> node.kind() == kind && node.up()).toList();
  }

  public int depthOf(SimNode node) {
    return tree.depthOf(node);
  }

  /// Some of them, any.
  public <T> List<T> some(List<T> of, int count) {
    List<T> rest = new ArrayList<>(of);
    List<T> picked = new ArrayList<>();
    while (picked.size() < count && !rest.isEmpty()) {
      picked.add(rest.remove(random.nextInt(rest.size())));
    }
    return picked;
  }

  // --- time

  public void pass(Duration duration) {
    cluster.run(duration);
  }

  /// Ends every fault, waits until it is quiet and checks all that must hold then.
  public void settle() {
    faults().healAll();
    cluster.runUntilQuiet(QUIET, QUIET_LIMIT);
  }

  /// Fails the run unless this holds.
  public void require(boolean holds, String otherwise) {
    if (!holds) {
      throw cluster.violation(otherwise);
    }
  }

  ScenarioResult result() {
    long[] repairs = metrics.repairNanos();
    return new ScenarioResult(
        cluster.options().name(),
        cluster.options().seed(),
        cluster.traceHash(),
        cluster.events(),
        cluster.nowNanos(),
        cluster.nodes().size(),
        new ScenarioResult.Parents(
            metrics.count(Kind.ATTACHED),
            metrics.count(Kind.ORPHANED),
            metrics.orphansRepaired(),
            metrics.orphansRepairedWithOneJoinRequest(),
            metrics.needlessRejoins(),
            repairs.length == 0 ? 0 : repairs[repairs.length / 2],
            repairs.length == 0 ? 0 : repairs[(int) ((repairs.length - 1) * 0.99)]),
        new ScenarioResult.Moves(
            metrics.count(Kind.MOVE_COMPLETED), metrics.count(Kind.MOVE_UNFENCED)),
        new ScenarioResult.Multicasts(
            interest.checked(),
            deliveries.deliveries(),
            deliveries.duplicates(),
            deliveries.checked()),
        new ScenarioResult.Replicas(replicas.checked(), replicas.behindTheDead()),
        cluster.linksOverflown(),
        metrics.samples());
  }
}
