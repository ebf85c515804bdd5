package dev.banyan.bench;

import static dev.banyan.bench.Requirements.require;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the simulator does in a second of one core: events of a tree that beats and multicasts; and a large tree that
/// joins and hears one multicast. No checkers run.
public final class SimulatorBenchmark {

  private static final long TAG = 77;
  private static final Duration JOIN_STEP = Duration.ofMillis(500);
  private static final Duration JOIN_LIMIT = Duration.ofMinutes(30);

  /// @param nodes of the tree that beats and multicasts
  /// @param routerShare of its nodes
  /// @param seconds of virtual time to measure
  /// @param multicastsPerSecond in virtual time, by clients in turn, to all clients
  /// @param encoded whether messages travel as the bytes of the real codec
  /// @param largeNodes of the tree that hears one multicast; 0 for none
  /// @param branching routers, and clients, that one of its routers takes
  public record Options(
      int nodes,
      double routerShare,
      Duration seconds,
      int multicastsPerSecond,
      boolean encoded,
      int runs,
      int largeNodes,
      int branching,
      Duration largeHeartbeat,
      long seed) {

    public Options {
      require(nodes >= 2, "nodes: at least 2, not " + nodes);
      require(
          routerShare >= 0 && routerShare <= 1, "the router share: 0 to 1, not " + routerShare);
      require(seconds.isPositive(), "the virtual time must be positive");
      require(multicastsPerSecond >= 0, "multicasts must not be negative");
      require(runs >= 1, "runs must be positive");
      require(largeNodes == 0 || largeNodes >= 2, "large nodes: 0 or at least 2");
      require(branching >= 1, "branching must be positive");
      require(largeHeartbeat.isPositive(), "the heartbeat must be positive");
    }
  }

  /// @param cpuSeconds of the simulating thread
  record Run(long events, double seconds, double cpuSeconds) {

    double eventsPerSecond() {
      return events / seconds;
    }

    double eventsPerCpuSecond() {
      return events / cpuSeconds;
    }

    Map<String, Object> fields() {
      return new Fields()
          .put("events", events)
          .put("eventsPerSecond", eventsPerSecond())
          .put("eventsPerCpuSecond", eventsPerCpuSecond())
          .toMap();
    }
  }

  /// @param seconds of wall time, from an empty cluster until all had the multicast
  /// @param delivered to how many clients
  record Large(
      int nodes, double seconds, double virtualSeconds, long events, int delivered, int depth) {

    Map<String, Object> fields() {
      return new Fields()
          .put("nodes", nodes)
          .put("seconds", seconds)
          .put("virtualSeconds", virtualSeconds)
          .put("events", events)
          .put("eventsPerSecond", events / seconds)
          .put("delivered", delivered)
          .put("depth", depth)
          .toMap();
    }
  }

  /// Medians over the runs.
  public record Result(Options options, List<Run> runs, List<Large> large) implements Report {
    @Override
    public Map<String, Object> fields() {
      return new Fields()
          .put("eventsPerSecond", Figures.median(runs, Run::eventsPerSecond))
          .put("eventsPerCpuSecond", Figures.median(runs, Run::eventsPerCpuSecond))
          .put("largeSeconds", Figures.median(large, Large::seconds))
          .put("nodes", options.nodes)
          .put("multicastsPerSecond", options.multicastsPerSecond)
          .put("virtualSeconds", options.seconds.toMillis() / 1e3)
          .put("encoded", options.encoded)
          .put("largeNodes", options.largeNodes)
          .put("branching", options.branching)
          .put("runs", runs.stream().map(Run::fields).toList())
          .put("large", large.stream().map(Large::fields).toList())
          .toMap();
    }
  }

  private final Options options;
  private final Progress progress;

  private SimulatorBenchmark(Options options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /// @throws BenchmarkException when a simulated tree does not form
  public static Result run(Options options, Progress progress) {
    return new SimulatorBenchmark(options, progress).run();
  }

  private Result run() {
    Cluster cluster = cluster("events", options.encoded);
    int routers = (int) Math.round((options.nodes - 1) * options.routerShare);
    List<SimNode> clients = grow(cluster, TreeConfig.DEFAULT, routers, options.nodes - 1 - routers);
    joined(cluster);
    for (SimNode client : clients) {
      cluster.submit(client, new Event.ChangeInterest(new long[] {TAG}, new long[0]));
    }
    if (options.multicastsPerSecond > 0) {
      multicastEvery(cluster, clients, 1, Duration.ofSeconds(1).dividedBy(options.multicastsPerSecond));
    }
    progress.say("warming up");
    cluster.run(options.seconds);
    List<Run> runs = new ArrayList<>();
    for (int i = 1; i <= options.runs; i++) {
      Run run = measure(cluster);
      runs.add(run);
      progress.say("run " + i + " of " + options.runs + ": " + run.fields());
    }
    List<Large> large = new ArrayList<>();
    for (int i = 1; i <= options.runs && options.largeNodes > 0; i++) {
      Large one = large();
      large.add(one);
      progress.say("large run " + i + " of " + options.runs + ": " + one.fields());
    }
    return new Result(options, runs, large);
  }

  private Run measure(Cluster cluster) {
    long events = cluster.events();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    cluster.run(options.seconds);
    return new Run(
        cluster.events() - events, (System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
  }

  private Large large() {
    long start = System.nanoTime();
    Cluster cluster = cluster("large", false);
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(options.branching, options.branching))
            .withTiming(
                TreeConfig.Timing.DEFAULT.withHeartbeat(options.largeHeartbeat.toNanos()));
    int routers = Math.ceilDiv(options.largeNodes - 1, options.branching);
    List<SimNode> clients = grow(cluster, config, routers, options.largeNodes - 1 - routers);
    joined(cluster);
    int[] delivered = new int[1];
    cluster.observe(
        new Observer() {
          @Override
          public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
            for (Effect effect : effects) {
              if (effect instanceof Effect.Deliver) {
                delivered[0]++;
              }
            }
          }
        });
    cluster.submit(clients.getFirst(), publish(clients.getFirst(), 1, new long[0]));
    cluster.run(Duration.ofSeconds(5));
    int depth =
        clients.stream().mapToInt(node -> node.view().orElseThrow().level()).max().orElse(0);
    return new Large(
        options.largeNodes,
        (System.nanoTime() - start) / 1e9,
        cluster.nowNanos() / 1e9,
        cluster.events(),
        delivered[0],
        depth);
  }

  private Cluster cluster(String name, boolean encoded) {
    ClusterOptions all = ClusterOptions.of(options.seed, name);
    return new Cluster(encoded ? all.withTraceLines(0) : all.forScale());
  }

  /// Starts the root, and routers and clients in waves: each wave has as many as there are already.
  private List<SimNode> grow(Cluster cluster, TreeConfig config, int routers, int clients) {
    cluster.start(cluster.add(NodeSpec.tree(NodeKind.ROOT, config)));
    wave(cluster, NodeSpec.tree(NodeKind.ROUTER, config), routers);
    return wave(cluster, NodeSpec.tree(NodeKind.CLIENT, config), clients);
  }

  private static List<SimNode> wave(Cluster cluster, NodeSpec spec, int count) {
    List<SimNode> started = new ArrayList<>(count);
    while (started.size() < count) {
      int size = Math.min(count - started.size(), Math.max(64, cluster.nodes().size() / 4));
      for (int i = 0; i < size; i++) {
        SimNode node = cluster.add(spec);
        cluster.start(node);
        started.add(node);
      }
      cluster.run(JOIN_STEP);
    }
    return started;
  }

  private static void joined(Cluster cluster) {
    while (!cluster.nodes().stream().allMatch(SimulatorBenchmark::rooted)) {
      cluster.run(JOIN_STEP);
      if (cluster.nowNanos() > JOIN_LIMIT.toNanos()) {
        throw new BenchmarkException("a simulated tree did not form");
      }
    }
  }

  private static boolean rooted(SimNode node) {
    return node.view().orElseThrow().rooted();
  }

  private static void multicastEvery(
      Cluster cluster, List<SimNode> clients, long number, Duration interval) {
    cluster.after(
        interval,
        () -> {
          SimNode writer = clients.get((int) (number % clients.size()));
          cluster.submit(writer, publish(writer, number, new long[] {TAG}));
          multicastEvery(cluster, clients, number + 1, interval);
        });
  }

  private static Event publish(SimNode writer, long number, long[] tags) {
    return new Event.Publish(
        List.of(
            new Record(
                tags,
                writer.id(),
                new Session(1, 1),
                number,
                new long[tags.length],
                Bytes.wrap(new byte[64]))));
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
