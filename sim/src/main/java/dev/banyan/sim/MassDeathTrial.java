package dev.banyan.sim;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Most nodes of a tree die in one instant, while those that are left multicast to everybody: how many of the multicasts
/// arrive, and how long it takes until there is one tree again. After the evaluation of HyParView (Leitão, Pereira,
/// Rodrigues, DSN 2007); redundancy and last hop as in that of Plumtree (the same, SRDS 2007). What a lost multicast's
/// receivers do about it, a store's resync, is no part of it.
///
/// @param nodes besides the root, one in ten of them a router
/// @param percent of them that die
/// @param powerless they lose power, and their peers find out by silence; else their connections are reset
public record MassDeathTrial(int nodes, int percent, boolean powerless) {

  private static final TreeConfig CONFIG = TreeConfig.DEFAULT;
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int AT_ONCE = 50;
  private static final int AFTERWARDS = 20;

  /// After that a tree that is still in parts counts as never repaired.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  public MassDeathTrial {
    if (nodes < 100 || percent < 1 || percent > 99) {
      throw new IllegalArgumentException("at least 100 nodes, and 1 to 99 percent of them");
    }
  }

  /// @param repairSeconds until every survivor's way up ended at the root, to 20 ms
  /// @param ratioAtOnce of the deliveries due of multicasts sent to everybody in the first second after the death,
  ///     those that came
  /// @param ratioAfterwards the same of multicasts sent once there was one tree
  /// @param redundancy frames received of those, for each node that received one, less one: 0 is a tree, 1 twice as many
  ///     as needed
  /// @param lastHop the links that the last of their deliveries had crossed, mean over the multicasts
  public record Measured(
      double repairSeconds,
      double ratioAtOnce,
      double ratioAfterwards,
      double redundancy,
      double lastHop) {}

  /// The same seed gives the same numbers.
  public Measured measure(long seed) {
    return new Play(seed).play();
  }

  private final class Play {
    private final Cluster cluster;
    private final TreeChecker tree;
    private final Counts counts = new Counts();
    private final SplittableRandom random;
    private long sequence;

    Play(long seed) {
      cluster = new Cluster(ClusterOptions.of(seed, "mass-death-trial").forScale());
      tree = new TreeChecker(cluster);
      random = Seeds.fork(seed, "scenario");
      cluster.observe(tree);
      cluster.observe(counts);
    }

    Measured play() {
      grow();
      die();
      long died = cluster.nowNanos();
      long repaired = LIMIT.toNanos();
      for (int i = 0; i < AT_ONCE || !isOneTree() && sinceNanos(died) < repaired; i++) {
        if (i < AT_ONCE) {
          multicast();
        }
        cluster.run(LOOK);
        if (isOneTree()) {
          repaired = Math.min(repaired, sinceNanos(died));
        }
      }
      cluster.run(Duration.ofSeconds(1));
      long due = cluster.nodes().stream().filter(SimNode::up).count() - 1;
      double atOnce = (double) counts.deliveries / (AT_ONCE * due);
      counts.clear();
      for (int i = 0; i < AFTERWARDS; i++) {
        multicast();
        cluster.run(LOOK);
      }
      cluster.run(Duration.ofSeconds(1));
      return new Measured(
          repaired / 1e9,
          atOnce,
          (double) counts.deliveries / (AFTERWARDS * due),
          (double) counts.frames / counts.receivers - 1,
          counts.lastHops.values().stream().mapToInt(hops -> hops).average().orElse(0));
    }

    private long sinceNanos(long atNanos) {
      return cluster.nowNanos() - atNanos;
    }

    private boolean isOneTree() {
      return cluster.nodes().stream()
          .allMatch(node -> !node.up() || tree.depthOf(node) != TreeChecker.NONE);
    }

    private void grow() {
      cluster.start(cluster.add(NodeSpec.tree(NodeKind.ROOT, CONFIG)));
      for (int i = 0; i < nodes; i++) {
        NodeKind kind = i < nodes / 10 ? NodeKind.ROUTER : NodeKind.CLIENT;
        cluster.start(cluster.add(NodeSpec.tree(kind, CONFIG)));
        cluster.run(Duration.ofMillis(1));
      }
      cluster.run(Duration.ofSeconds(10));
    }

    private void die() {
      List<SimNode> mortal = new ArrayList<>(cluster.nodes().subList(1, nodes + 1));
      for (int i = 0; i < nodes * percent / 100; i++) {
        SimNode node = mortal.remove(random.nextInt(mortal.size()));
        if (powerless) {
          cluster.faults().vanish(node);
        } else {
          cluster.faults().crash(node);
        }
      }
    }

    private List<SimNode> clients() {
      return cluster.nodes().stream()
          .filter(node -> node.kind() == NodeKind.CLIENT && node.up())
          .toList();
    }

    private void multicast() {
      List<SimNode> clients = clients();
      SimNode writer = clients.get(random.nextInt(clients.size()));
      Record record =
          new Record(
              new long[0],
              writer.id(),
              new Session(1, 1),
              ++sequence,
              new long[0],
              Bytes.wrap(new byte[64]));
      cluster.submit(writer, new Event.Publish(List.of(record)));
    }
  }

  /// What became of the multicasts.
  private static final class Counts implements Observer {
    long deliveries;
    long frames;
    long receivers;
    final Map<Long, Integer> lastHops = new HashMap<>();
    private final Map<Long, BitSet> received = new HashMap<>();

    void clear() {
      deliveries = 0;
      frames = 0;
      receivers = 0;
      lastHops.clear();
      received.clear();
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      if (event instanceof Event.Received(LinkId _, Multicast multicast)) {
        multicast(node, multicast, effects);
      }
    }

    private void multicast(SimNode node, Multicast multicast, List<Effect> effects) {
      if (multicast.tagCount(0) != 0) {
        return; // a fence
      }
      frames++;
      long sequence = multicast.records().getFirst().sequence();
      BitSet who = received.computeIfAbsent(sequence, s -> new BitSet());
      if (who.get(node.index())) {
        return;
      }
      who.set(node.index());
      receivers++;
      for (int i = 0; i < effects.size(); i++) {
        if (effects.get(i) instanceof Effect.Deliver) {
          deliveries++;
          lastHops.merge(sequence, multicast.hops(), Math::max);
        }
      }
    }
  }
}
