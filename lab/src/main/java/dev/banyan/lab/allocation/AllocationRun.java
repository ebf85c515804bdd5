package dev.banyan.lab.allocation;

import dev.banyan.lab.tasks.FrameKind;
import dev.banyan.lab.tasks.PacketCounter;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Workers with overlapping working sets on a tree of real nodes, in virtual time: where they happened to join, then where
/// they have moved to. Everything follows from the seed.
public final class AllocationRun {

  /// How many workers, where, and for how long they work.
  ///
  /// @param workersOfRouter at each router at the bottom
  /// @param settle how long they may take to come together, before it is measured
  /// @param tries of the search for the best placement
  public record Setup(
      int workers, int branching, int workersOfRouter, Duration settle, long tries) {}

  /// @param joined data packets for each update where workers joined, computed
  /// @param measured the same at the end, counted
  /// @param computed the same at the end, computed
  /// @param best the same of the best placement that was found
  /// @param routersJoined, routersAtEnd and routersBest those between routers alone, computed
  /// @param moves orders of the root
  /// @param mostMoves of one worker
  public record Outcome(
      double joined,
      double measured,
      double computed,
      double best,
      double routersJoined,
      double routersAtEnd,
      double routersBest,
      long moves,
      long mostMoves) {}

  private static final Duration BETWEEN_JOINS = Duration.ofMillis(20);
  private static final Duration ROUTERS_SETTLE = Duration.ofSeconds(8);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final long MEAN_GAP_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Bytes VALUE = Bytes.utf8("value");

  private final Setup setup;
  private final long seed;
  private final WorkingSets sets;
  private final Cluster cluster;
  private final List<SimNode> workers = new ArrayList<>();
  private final List<SimNode> routers = new ArrayList<>();
  private final PacketCounter packets;
  private final SplittableRandom random;
  private final Map<NodeId, Integer> moved = new HashMap<>();
  private long request;
  private long updates;

  private AllocationRun(Setup setup, TreeConfig.Rules rules, long seed) {
    this.setup = setup;
    this.seed = seed;
    sets = new WorkingSets(setup.workers(), seed);
    random = Seeds.fork(seed, "writes");
    cluster = new Cluster(ClusterOptions.of(seed, "allocation").forScale());
    TreeConfig tree =
        TreeConfig.DEFAULT
            .withRules(rules)
            .withCapacity(new TreeConfig.Capacity(setup.branching(), setup.workersOfRouter()));
    routers.add(cluster.add(NodeSpec.tree(NodeKind.ROOT, tree)));
    for (int i = 1; i < routerCount(); i++) {
      routers.add(cluster.add(NodeSpec.tree(NodeKind.ROUTER, tree)));
    }
    for (int i = 0; i < setup.workers(); i++) {
      workers.add(cluster.add(NodeSpec.worker(tree, StoreConfig.DEFAULT)));
    }
    packets = new PacketCounter(cluster.nodes(), cluster.nodes().size());
    cluster.tap(packets);
    cluster.observe(new Moves());
  }

  /// A full tree with room for all at the bottom, the root included.
  private int routerCount() {
    int level = 1;
    int all = 1;
    while (level * setup.workersOfRouter() < setup.workers()) {
      level *= setup.branching();
      all += level;
    }
    return all;
  }

  public static Outcome measure(Setup setup, TreeConfig.Rules rules, long seed) {
    return new AllocationRun(setup, rules, seed).run();
  }

  private Outcome run() {
    join();
    WorkerPlacement joined = placement();
    workers.forEach(this::work);
    cluster.run(setup.settle());
    packets.startOver();
    updates = 0;
    cluster.run(MEASURED);
    double measured = (double) packets.hops(FrameKind.DATA) / updates;
    cluster.run(DRAIN);
    WorkerPlacement end = placement();
    WorkerPlacement best = setup.workers() <= 8 ? joined.best() : searched(joined, end);
    return new Outcome(
        joined.packetsPerUpdate(),
        measured,
        end.packetsPerUpdate(),
        best.packetsPerUpdate(),
        joined.routerPacketsPerUpdate(),
        end.routerPacketsPerUpdate(),
        best.routerPacketsPerUpdate(),
        moved.values().stream().mapToInt(each -> each).sum(),
        moved.values().stream().mapToInt(each -> each).max().orElse(0));
  }

  /// From where they joined, and from where they are: whichever is better.
  private WorkerPlacement searched(WorkerPlacement joined, WorkerPlacement end) {
    SplittableRandom own = Seeds.fork(seed, "search");
    WorkerPlacement one = joined.improved(setup.tries(), own);
    WorkerPlacement other = end.improved(setup.tries(), own);
    return one.packetsPerUpdate() < other.packetsPerUpdate() ? one : other;
  }

  private void join() {
    for (SimNode router : routers) {
      cluster.start(router);
      cluster.run(BETWEEN_JOINS);
    }
    cluster.run(ROUTERS_SETTLE);
    for (SimNode worker : workers) {
      cluster.start(worker);
      cluster.run(BETWEEN_JOINS);
    }
    cluster.runUntilQuiet(Duration.ofSeconds(25), Duration.ofMinutes(15));
  }

  private void work(SimNode worker) {
    double exponential = -StrictMath.log(1 - random.nextDouble());
    cluster.after(
        Duration.ofNanos((long) (exponential * MEAN_GAP_NANOS)),
        () -> {
          int index = worker.index() - routers.size();
          String key = "k" + sets.next(index, random);
          cluster.submit(worker, new StoreCommand.Put(++request, key, VALUE));
          updates++;
          work(worker);
        });
  }

  private WorkerPlacement placement() {
    Map<NodeId, Integer> index = new HashMap<>();
    List<Integer> parents = new ArrayList<>();
    List<SimNode> open = new ArrayList<>(List.of(routers.getFirst()));
    index.put(open.getFirst().id(), 0);
    parents.add(-1);
    for (int i = 0; i < open.size(); i++) { // from the root down: parents come first
      NodeId above = open.get(i).id();
      for (SimNode router : routers) {
        if (router.view().orElseThrow().parent().filter(above::equals).isPresent()) {
          index.put(router.id(), open.size());
          parents.add(index.get(above));
          open.add(router);
        }
      }
    }
    int[] places =
        workers.stream()
            .mapToInt(worker -> index.get(worker.view().orElseThrow().parent().orElseThrow()))
            .toArray();
    return new WorkerPlacement(parents.stream().mapToInt(parent -> parent).toArray(), places, sets);
  }

  /// Who was told to move.
  private final class Moves implements Observer {
    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      if (node.kind() == NodeKind.ROOT) {
        for (Effect effect : effects) {
          if (effect instanceof Effect.Report report
              && report.kind() == Effect.Report.Kind.REASSIGN_ORDERED) {
            moved.merge(report.other(), 1, Integer::sum);
          }
        }
      }
    }
  }
}
