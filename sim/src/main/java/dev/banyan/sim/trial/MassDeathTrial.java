package dev.banyan.sim.trial;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.check.TreeChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /// By then everybody has a place.
  private static final Duration JOINED = Duration.ofSeconds(10);

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
  /// @param redundancy of those, as [MulticastCounts#redundancy]
  /// @param lastHop of those, as [MulticastCounts#lastHop]
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
    private final Crowd crowd;
    private final Cluster cluster;
    private final TreeChecker tree;
    private final MulticastCounts counts = new MulticastCounts();
    private final SplittableRandom random;

    Play(long seed) {
      crowd =
          Crowd.ofNodes(
              ClusterOptions.of(seed, "mass-death-trial").forScale(), TreeConfig.DEFAULT, nodes);
      cluster = crowd.cluster();
      tree = new TreeChecker(cluster);
      random = Seeds.fork(seed, "scenario");
      cluster.observe(tree);
      cluster.observe(counts);
    }

    Measured play() {
      crowd.join();
      cluster.run(JOINED);
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
      double atOnce = (double) counts.deliveries() / (AT_ONCE * due);
      counts.clear(crowd.newest());
      for (int i = 0; i < AFTERWARDS; i++) {
        multicast();
        cluster.run(LOOK);
      }
      cluster.run(Duration.ofSeconds(1));
      return new Measured(
          repaired / 1e9,
          atOnce,
          (double) counts.deliveries() / (AFTERWARDS * due),
          counts.redundancy(),
          counts.lastHop());
    }

    private long sinceNanos(long atNanos) {
      return cluster.nowNanos() - atNanos;
    }

    private boolean isOneTree() {
      return cluster.nodes().stream()
          .allMatch(node -> !node.up() || tree.depthOf(node) != TreeChecker.NONE);
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

    private void multicast() {
      List<SimNode> clients = crowd.clients();
      crowd.multicast(clients.get(random.nextInt(clients.size())));
    }
  }
}
