package dev.banyan.lab.underlay;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Tap;
import dev.banyan.sim.trial.Crowd;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/// Workers on the hosts of an internet multicast to all others, one after the other: over the tree that real nodes have
/// built, or, for comparison, by sending a copy to each, or as a network would that multicasts by itself. With the same
/// seed and as many workers these are the same hosts on the same internet, and the same workers write.
public final class StretchTrial {

  private static final int MULTICASTS = 20;

  /// One in so many nodes is a router.
  private static final int NODES_PER_ROUTER = 10;

  private static final Duration QUIET = Duration.ofSeconds(25);
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(15);

  /// Longer than the longest way over the tree.
  private static final Duration DELIVERY = Duration.ofSeconds(4);

  private final int routers;
  private final int workers;
  private final long seed;
  private final Underlay underlay;
  private final int[] writers;

  private StretchTrial(int workers, long seed) {
    if (workers < 2) {
      throw new IllegalArgumentException("at least 2 workers, not " + workers);
    }
    this.workers = workers;
    this.routers = Math.ceilDiv(workers, NODES_PER_ROUTER - 1);
    this.seed = seed;
    underlay = new Underlay(TransitStub.DEFAULT, 1 + routers + workers, seed);
    SplittableRandom random = Seeds.fork(seed, "writers");
    writers = random.ints(MULTICASTS, firstWorker(), firstWorker() + workers).toArray();
  }

  /// Over the tree, in virtual time.
  ///
  /// @param config of the nodes
  /// @throws IllegalStateException when a multicast does not reach everybody in time
  public static MulticastCost tree(int workers, TreeConfig config, long seed) {
    return new StretchTrial(workers, seed).overTree(config);
  }

  /// The writer sends a copy to each (computed).
  public static MulticastCost unicast(int workers, long seed) {
    return new StretchTrial(workers, seed).direct(false);
  }

  /// The network's routers copy, along the shortest ways from the writer (computed): the least that is possible.
  public static MulticastCost ipMulticast(int workers, long seed) {
    return new StretchTrial(workers, seed).direct(true);
  }

  /// The root has number 0, then come the routers.
  private int firstWorker() {
    return 1 + routers;
  }

  private MulticastCost.Tally tally() {
    return new MulticastCost.Tally(underlay, MULTICASTS * (workers - 1));
  }

  /// What a shortest-path tree of the physical routers sends.
  private LineCopies needed(int writer) {
    LineCopies copies = new LineCopies(underlay);
    for (int worker = firstWorker(); worker < firstWorker() + workers; worker++) {
      copies.reach(writer, worker);
    }
    return copies;
  }

  private MulticastCost direct(boolean once) {
    MulticastCost.Tally tally = tally();
    for (int writer : writers) {
      LineCopies copies = new LineCopies(underlay);
      for (int worker = firstWorker(); worker < firstWorker() + workers; worker++) {
        if (worker != writer) {
          copies.send(writer, worker);
          tally.delivered(writer, worker, underlay.latencyMicros(writer, worker));
        }
      }
      LineCopies needed = needed(writer);
      tally.sent(once ? needed : copies, needed);
    }
    return tally.cost();
  }

  private MulticastCost overTree(TreeConfig config) {
    ClusterOptions options = ClusterOptions.of(seed, "stretch").forScale().withTerrain(underlay);
    Crowd crowd = new Crowd(options, config, routers, workers);
    crowd.join();
    Cluster cluster = crowd.cluster();
    cluster.runUntilQuiet(QUIET, QUIET_LIMIT);
    MulticastCost.Tally tally = tally();
    Watcher watcher = new Watcher(cluster, tally);
    cluster.observe(watcher);
    cluster.tap(watcher);
    for (int writer : writers) {
      watcher.expect(writer);
      crowd.multicast(cluster.nodes().get(writer));
      cluster.run(DELIVERY);
      watcher.requireAll();
      tally.sent(watcher.copies, needed(writer));
    }
    return tally.cost();
  }

  /// Sees one multicast at a time.
  private final class Watcher implements Observer, Tap {
    private final Cluster cluster;
    private final MulticastCost.Tally tally;
    private final BitSet delivered = new BitSet();
    private LineCopies copies = new LineCopies(underlay);
    private int writer;
    private long publishedAtNanos;

    Watcher(Cluster cluster, MulticastCost.Tally tally) {
      this.cluster = cluster;
      this.tally = tally;
    }

    void expect(int nextWriter) {
      writer = nextWriter;
      publishedAtNanos = cluster.nowNanos();
      copies = new LineCopies(underlay);
      delivered.clear();
    }

    void requireAll() {
      if (delivered.cardinality() != workers - 1) {
        throw new IllegalStateException(
            "seed %d: a multicast reached %d of %d workers"
                .formatted(seed, delivered.cardinality(), workers - 1));
      }
    }

    @Override
    public void sent(SimNode from, SimNode to, Message message, int sizeBytes) {
      if (message instanceof Multicast multicast && multicast.tagCount(0) == 0) {
        copies.send(from.index(), to.index());
      }
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      int host = node.index();
      if (host < firstWorker() || delivered.get(host)) {
        return;
      }
      for (int i = 0; i < effects.size(); i++) {
        if (effects.get(i) instanceof Effect.Deliver) {
          delivered.set(host);
          tally.delivered(writer, host, (nowNanos - publishedAtNanos) / 1e3);
        }
      }
    }
  }
}
