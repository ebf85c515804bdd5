package dev.banyan.sim.check;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a run shows: the paper's figures 2 and 3 over virtual time, how nodes came by their parents, and how long they
/// were without one.
public final class TreeMetrics implements Observer {

  /// The tree at one moment.
  ///
  /// @param attached nodes in the tree, the root included
  /// @param maxImbalance the greatest difference in clients between two child routers of one router (§7)
  /// @param meanClientDepth hops from the root, over the clients in the tree; NaN without any
  public record Sample(
      long atNanos,
      int nodes,
      int routers,
      int clients,
      int attached,
      int maxImbalance,
      double meanClientDepth) {}

  private final Cluster cluster;
  private final TreeChecker tree;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Long> repairs = new ArrayList<>();
  private final Map<Effect.Report.Kind, Long> reports = new EnumMap<>(Effect.Report.Kind.class);
  private long[] lostAt = new long[0];
  private long[] joined = new long[0];
  private final List<String> needless = new ArrayList<>();
  private long orphansRepaired;
  private long orphansRepairedAtOnce;

  public TreeMetrics(Cluster cluster, TreeChecker tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  /// Looks at the tree from now on at this interval.
  public void sampleEvery(Duration interval) {
    samples.add(sample());
    cluster.after(interval, () -> sampleEvery(interval));
  }

  public List<Sample> samples() {
    return List.copyOf(samples);
  }

  /// How often nodes have reported this.
  public long count(Effect.Report.Kind kind) {
    return reports.getOrDefault(kind, 0L);
  }

  /// Times from the loss of a parent to the next one, in nanoseconds, ascending.
  public long[] repairNanos() {
    return repairs.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /// Nodes that had lost a parent and have one again.
  public long orphansRepaired() {
    return orphansRepaired;
  }

  /// Those of them that needed one join request (§7).
  public long orphansRepairedWithOneJoinRequest() {
    return orphansRepairedAtOnce;
  }

  /// Parents given up though nothing was wrong with them, each told in a line.
  public List<String> needlessRejoins() {
    return List.copyOf(needless);
  }

  @Override
  public void started(SimNode node, long nowNanos) {
    if (node.index >= lostAt.length) {
      int old = lostAt.length;
      lostAt = Arrays.copyOf(lostAt, Math.max(64, node.index * 2));
      joined = Arrays.copyOf(joined, lostAt.length);
      Arrays.fill(lostAt, old, lostAt.length, -1);
    }
    lostAt[node.index] = -1;
  }

  @Override
  public void ended(SimNode node, long nowNanos) {
    for (SimNode other : cluster.nodes()) {
      if (other.alive() && tree.parentOf(other) == node.index && lostAt[other.index] < 0) {
        lostAt[other.index] = nowNanos;
      }
    }
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.Report report) {
        count(node, event, report, nowNanos);
      }
    }
  }

  private void count(SimNode node, Event event, Effect.Report report, long nowNanos) {
    reports.merge(report.kind(), 1L, Long::sum);
    switch (report.kind()) {
      case ORPHANED -> {
        if (lostAt[node.index] < 0) {
          lostAt[node.index] = nowNanos;
        }
        lookForNeed(node, event, report, nowNanos);
      }
      case ATTACHED -> {
        if (lostAt[node.index] >= 0) {
          repairs.add(nowNanos - lostAt[node.index]);
          lostAt[node.index] = -1;
          orphansRepaired++;
          orphansRepairedAtOnce += report.number() <= 1 ? 1 : 0;
        }
        joined[node.index]++;
      }
      default -> {}
    }
  }

  private void lookForNeed(SimNode node, Event event, Effect.Report report, long nowNanos) {
    int parent = tree.parentOf(node);
    if (parent == TreeChecker.NONE || !node.spec.config().rules().makeBeforeBreak()) {
      return;
    }
    SimNode of = cluster.nodes().get(parent);
    boolean reset =
        event instanceof Event.LinkClosed(LinkId _, String cause)
            && cause.startsWith("connection reset");
    long grace = 3 * node.spec.config().timing().heartbeatTimeoutNanos();
    if (!reset && of.up() && calm(of, nowNanos, grace) && calm(node, nowNanos, grace)) {
      needless.add(Trace.time(nowNanos) + " " + node + " left " + of + ": " + report.detail());
    }
  }

  private static boolean calm(SimNode node, long nowNanos, long forNanos) {
    return node.disturbedAtNanos == Long.MIN_VALUE
        || (nowNanos - node.disturbedAtNanos > forNanos && node.side == 0 && node.line == null);
  }

  /// The tree as it is now.
  public Sample sample() {
    int nodes = 0;
    int routers = 0;
    int clients = 0;
    int attached = 0;
    long depths = 0;
    int clientsAttached = 0;
    for (SimNode node : cluster.nodes()) {
      if (node.alive()) {
        nodes++;
        routers += node.kind() == NodeKind.ROUTER ? 1 : 0;
        clients += node.kind() == NodeKind.CLIENT ? 1 : 0;
        int depth = tree.depthOf(node);
        if (depth != TreeChecker.NONE) {
          attached++;
          if (node.kind() == NodeKind.CLIENT) {
            depths += depth;
            clientsAttached++;
          }
        }
      }
    }
    double mean = clientsAttached == 0 ? Double.NaN : (double) depths / clientsAttached;
    return new Sample(cluster.nowNanos(), nodes, routers, clients, attached, maxImbalance(), mean);
  }

  private int maxImbalance() {
    List<SimNode> nodes = cluster.nodes();
    int[] clientsBelow = new int[nodes.size()];
    for (SimNode node : nodes) {
      if (node.kind() == NodeKind.CLIENT && node.alive()) {
        int hops = 0;
        for (int at = tree.parentOf(node); at != TreeChecker.NONE && hops < nodes.size(); hops++) {
          clientsBelow[at]++;
          at = tree.parentOf(nodes.get(at));
        }
      }
    }
    int[] least = new int[nodes.size()];
    int[] most = new int[nodes.size()];
    Arrays.fill(least, Integer.MAX_VALUE);
    int max = 0;
    for (SimNode node : nodes) {
      int parent = tree.parentOf(node);
      if (node.kind() == NodeKind.ROUTER && node.alive() && parent != TreeChecker.NONE) {
        least[parent] = Math.min(least[parent], clientsBelow[node.index]);
        most[parent] = Math.max(most[parent], clientsBelow[node.index]);
        max = Math.max(max, most[parent] - least[parent]);
      }
    }
    return max;
  }
}
