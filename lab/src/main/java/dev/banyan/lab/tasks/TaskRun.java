package dev.banyan.lab.tasks;

import dev.banyan.lab.reference.Setup;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// A configuration of the paper on the real nodes, stores and codec, in virtual time: the nodes join, the tree comes to
/// rest, then tasks come. Everything follows from the seed.
public final class TaskRun {

  /// Longer than a join takes: each node finds the tree as the one before left it.
  private static final Duration BETWEEN_JOINS = Duration.ofMillis(50);

  /// A few heartbeats: routers know each other's sizes before workers come.
  private static final Duration ROUTERS_SETTLE = Duration.ofSeconds(5);

  private static final Duration QUIET = Duration.ofSeconds(25);
  private static final Duration QUIET_LIMIT = Duration.ofMinutes(15);

  /// Without a result for so long, a task is lost.
  private static final Duration LAST_RESULT = Duration.ofMinutes(10);

  /// Packets that were under way arrive.
  private static final Duration DRAIN = Duration.ofMillis(500);

  private final Setup setup;
  private final Cluster cluster;
  private final PacketCounter packets;
  private final List<SimNode> routers = new ArrayList<>();
  private final List<SimNode> workers = new ArrayList<>();
  private final SimNode root;
  private final long seed;
  private final Programs programs;
  private long updates;
  private long reads;
  private long localReads;

  private TaskRun(Setup setup, NodeRules rules, long seed) {
    this.setup = setup;
    this.seed = seed;
    programs = Programs.of(setup.work(), setup.tasks(), Seeds.fork(seed, "programs"));
    cluster = new Cluster(ClusterOptions.of(seed, "tasks").withTraceLines(0));
    TreeConfig tree = TreeConfig.DEFAULT.withRules(rules.tree()).withCapacity(capacity(setup));
    root = cluster.add(NodeSpec.tree(NodeKind.ROOT, tree));
    for (int i = 0; i < setup.routers(); i++) {
      routers.add(cluster.add(NodeSpec.tree(NodeKind.ROUTER, tree)));
    }
    for (int i = 0; i < setup.workers(); i++) {
      workers.add(cluster.add(NodeSpec.worker(tree, rules.store())));
    }
    packets = new PacketCounter(cluster.nodes(), cluster.nodes().size());
    cluster.tap(
        switch (setup.shape()) {
          case TREE -> packets;
          case MESH -> new MeshPackets(cluster, root, setup.rules().sharded(), packets);
        });
  }

  /// The whole run, joining included; with records that must be there first, without joining and without writing them.
  public static TaskCosts measure(Setup setup, NodeRules rules, long seed) {
    return new TaskRun(setup, rules, seed).run(0);
  }

  /// What the tasks from this one on cost, and the updates written from then on.
  public static TaskCosts measureFrom(int task, Setup setup, NodeRules rules, long seed) {
    return new TaskRun(setup, rules, seed).run(task);
  }

  /// Routers fill up from the top, workers go to the routers at the bottom. Where those of the published tree have no
  /// place for all, its root takes the rest; here all routers at the bottom take more.
  private static TreeConfig.Capacity capacity(Setup setup) {
    int branching = setup.branching();
    int above = Math.ceilDiv(setup.routers(), branching);
    int bottom = setup.routers() + 1 - above;
    return new TreeConfig.Capacity(
        branching, Math.max(branching, Math.ceilDiv(setup.workers(), bottom)));
  }

  private TaskCosts run(int from) {
    join();
    load();
    if (!whole(from)) {
      packets.startOver();
    }
    Coordinator coordinator = new Coordinator(cluster, root, programs, setup.tasks(), this::tagOf);
    TaskWorkers tasks =
        new TaskWorkers(
            cluster,
            setup.pace(),
            seed,
            programs.value(),
            new TaskWorkers.Listener() {
              @Override
              public void started(Job job, SimNode worker, long nowNanos) {
                coordinator.started(job, worker, nowNanos);
              }

              @Override
              public void wrote() {
                updates++;
              }

              @Override
              public void read(boolean local) {
                reads++;
                localReads += local ? 1 : 0;
              }
            });
    cluster.observe(tasks);
    cluster.observe(coordinator);
    coordinator.start(
        Duration.ofNanos(setup.pace().taskGapNanos()),
        number -> {
          if (number == from && from > 0) {
            updates = 0;
            reads = 0;
            localReads = 0;
            packets.startOver();
          }
        });
    finish(coordinator);
    return costs(coordinator, from);
  }

  /// Whether joins are measured, too.
  private boolean whole(int from) {
    return from == 0 && programs.records() == 0;
  }

  private void join() {
    cluster.start(root);
    cluster.run(BETWEEN_JOINS);
    for (SimNode router : routers) {
      cluster.start(router);
      cluster.run(BETWEEN_JOINS);
    }
    cluster.run(ROUTERS_SETTLE);
    for (SimNode worker : workers) {
      cluster.start(worker);
      cluster.run(BETWEEN_JOINS);
    }
    if (!setup.rules().sharded()) {
      workers.forEach(worker -> cluster.submit(worker, new StoreCommand.Watch(0, "", true)));
    }
    cluster.runUntilQuiet(QUIET, QUIET_LIMIT);
  }

  /// Workers in turn write the records that are to be there, each its own at once.
  private void load() {
    if (programs.records() == 0) {
      return;
    }
    List<List<StoreCommand.PutAll.Entry>> shares = new ArrayList<>();
    workers.forEach(_ -> shares.add(new ArrayList<>()));
    for (int key = 0; key < programs.records(); key++) {
      shares
          .get(key % workers.size())
          .add(new StoreCommand.PutAll.Entry(TaskWorkers.name(key), programs.value()));
    }
    for (int i = 0; i < workers.size(); i++) {
      if (!shares.get(i).isEmpty()) {
        cluster.submit(workers.get(i), new StoreCommand.PutAll(0, shares.get(i)));
      }
    }
    cluster.runUntilQuiet(QUIET, QUIET_LIMIT);
  }

  private void finish(Coordinator coordinator) {
    long limit =
        cluster.nowNanos() + setup.tasks() * setup.pace().taskGapNanos() + LAST_RESULT.toNanos();
    while (!coordinator.done()) {
      cluster.run(DRAIN);
      if (cluster.nowNanos() > limit) {
        throw new IllegalStateException("a task was lost: seed " + seed + ", " + setup);
      }
    }
    cluster.run(DRAIN);
  }

  /// All workers of a group make the same tag of a key.
  private long tagOf(int key) {
    Worker any = (Worker) workers.getFirst().machine().orElseThrow();
    return any.tagsOf(TaskWorkers.name(key))[0];
  }

  private TaskCosts costs(Coordinator coordinator, int from) {
    int tasks = setup.tasks() - from;
    long own = 2L * tasks + (whole(from) ? 1 : 0);
    return new TaskCosts(
        tasks,
        updates,
        reads,
        localReads,
        at(root, own),
        routers.stream().map(router -> at(router, 0)).toList(),
        workers.stream().map(worker -> at(worker, 0)).toList(),
        onLinks(own),
        coordinator.meanWaitMillis(from),
        coordinator.meanTurnaroundMillis(from),
        coordinator.workersPerSet(from));
  }

  private TaskCosts.Traffic at(SimNode node, long own) {
    return new TaskCosts.Traffic(
        byKind(kind -> packets.at(node, kind), own),
        byKind(kind -> packets.bytesAt(node, kind), 0));
  }

  private TaskCosts.Traffic onLinks(long own) {
    return new TaskCosts.Traffic(byKind(packets::hops, own), byKind(packets::hopBytes, 0));
  }

  private static TaskCosts.ByKind byKind(ToLongFunction<FrameKind> count, long own) {
    return new TaskCosts.ByKind(
        count.applyAsLong(FrameKind.DATA),
        count.applyAsLong(FrameKind.TASK),
        count.applyAsLong(FrameKind.RESULT),
        count.applyAsLong(FrameKind.JOIN),
        own,
        count.applyAsLong(FrameKind.INTEREST),
        count.applyAsLong(FrameKind.QUESTION),
        count.applyAsLong(FrameKind.REPAIR),
        count.applyAsLong(FrameKind.HEARTBEAT),
        count.applyAsLong(FrameKind.OTHER));
  }
}
