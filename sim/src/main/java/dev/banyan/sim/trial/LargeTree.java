package dev.banyan.sim.trial;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// How large a tree fits into this process: real nodes that join one after the other, some ten thousand a (virtual)
/// second, and one multicast to all of them. Messages are handed over as objects; no checker runs.
public final class LargeTree {

  /// Of the heap, for each node with its links and its part of the queue: 5.3 kB when measured, and as much again as a
  /// fifth for what is under way and the collector.
  static final long BYTES_PER_NODE = 6_400;

  private static final int STARTS_PER_SECOND = 20_000;
  private static final Duration STEP = Duration.ofMillis(10);

  /// For what a join can need at the most: several attempts with the longest back-off between them.
  private static final Duration STRAGGLERS = Duration.ofMinutes(2);

  private static final Duration MULTICAST = Duration.ofSeconds(1);

  /// @param nodes besides the root
  /// @param branching places for routers at each router, and for clients
  /// @param heartbeatNanos between two heartbeats on a link
  public record Options(int nodes, int branching, long heartbeatNanos, long seed) {
    public Options {
      require(nodes >= 2, "nodes: at least 2, a router and a client, not " + nodes);
      require(branching >= 2 && branching <= 4_096, "branching: 2 to 4096, not " + branching);
      require(heartbeatNanos > 0, "the heartbeat interval must be positive");
    }

    /// So many routers that there are places for a fifth more clients than there are, and at least one.
    int routers() {
      return (int) Math.max(1, Math.min(nodes - 1, nodes * 12L / (10L * branching + 12)));
    }

    /// What is wrong with so many nodes on a heap of at most that many bytes, in one line.
    public Optional<String> tooManyFor(long heapBytes) {
      long fit = heapBytes / BYTES_PER_NODE;
      return nodes <= fit
          ? Optional.empty()
          : Optional.of(
              "%,d nodes take about %,d MiB of heap, of which there are at most %,d: enough for %,d nodes"
                  .formatted(nodes, (nodes * BYTES_PER_NODE) >> 20, heapBytes >> 20, fit));
    }
  }

  /// @param joined nodes that had a parent when the multicast was sent
  /// @param clients that were to hear it, the writer not among them
  /// @param heard those that did
  /// @param depth of the deepest node; a child of the root has 1
  /// @param events handled by nodes
  /// @param joinSeconds of real time, until the last one had joined; the same for the multicast
  /// @param virtualSeconds that passed in the simulation
  public record Result(
      Options options,
      int routers,
      int joined,
      int clients,
      int heard,
      int depth,
      long events,
      double joinSeconds,
      double multicastSeconds,
      double virtualSeconds,
      long heapBytesPerNode) {

    public boolean complete() {
      return joined == options.nodes && heard == clients;
    }

    public double seconds() {
      return joinSeconds + multicastSeconds;
    }

    public double eventsPerSecond() {
      return events / seconds();
    }
  }

  private final Options options;
  private final Pulse pulse;
  private final Cluster cluster;
  private final Heard heard = new Heard();

  private LargeTree(Options options, Consumer<String> said) {
    this.options = options;
    this.pulse = new Pulse(said);
    this.cluster = new Cluster(ClusterOptions.of(options.seed, "scale").forScale());
    cluster.observe(heard);
  }

  /// @param said takes a line now and then that tells how far it is
  public static Result grow(Options options, Consumer<String> said) {
    return new LargeTree(options, said).grow();
  }

  private Result grow() {
    long heapBefore = Pulse.usedHeapBytes();
    long started = System.nanoTime();
    start();
    long deadline = cluster.nowNanos() + STRAGGLERS.toNanos();
    while (heard.attached() < options.nodes && cluster.nowNanos() < deadline) {
      cluster.run(STEP);
      pulse.beat(this::joining);
    }
    double joinSeconds = (System.nanoTime() - started) / 1e9;
    int joined = heard.attached();
    started = System.nanoTime();
    SimNode writer = firstClient();
    cluster.submit(writer, new Event.Publish(List.of(record(writer))));
    cluster.run(MULTICAST);
    double multicastSeconds = (System.nanoTime() - started) / 1e9;
    return new Result(
        options,
        options.routers(),
        joined,
        options.nodes - options.routers() - 1,
        heard.heard(),
        depth(),
        cluster.events(),
        joinSeconds,
        multicastSeconds,
        cluster.nowNanos() / 1e9,
        (Pulse.usedHeapBytes() - heapBefore) / options.nodes);
  }

  /// The root, then the others at their pace, routers spread evenly among them. They do not start in one instant: a root
  /// that a million nodes dial at once turns most of them away, and what is measured then is their waiting.
  private void start() {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(options.branching, options.branching))
            .withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(options.heartbeatNanos));
    NodeSpec router = NodeSpec.tree(NodeKind.ROUTER, config);
    NodeSpec client = NodeSpec.tree(NodeKind.CLIENT, config);
    cluster.start(cluster.add(NodeSpec.tree(NodeKind.ROOT, config)));
    int each = (int) (STARTS_PER_SECOND * STEP.toNanos() / 1_000_000_000);
    for (int i = 0; i < options.nodes; i++) {
      cluster.start(cluster.add(isRouter(i) ? router : client));
      if (i % each == each - 1) {
        cluster.run(STEP);
        pulse.beat(this::joining);
      }
    }
  }

  /// The first one is.
  private boolean isRouter(int index) {
    long routers = options.routers();
    return index == 0
        || (index - 1) * (routers - 1) / (options.nodes - 1)
            != index * (routers - 1) / (options.nodes - 1);
  }

  private String joining() {
    return "joining: %,d of %,d nodes, %,d events, %.0f virtual seconds, heap in use %,d MiB"
        .formatted(
            heard.attached(),
            options.nodes,
            cluster.events(),
            cluster.nowNanos() / 1e9,
            Pulse.heapInUseBytes() >> 20);
  }

  private SimNode firstClient() {
    return cluster.nodes().stream()
        .filter(node -> node.kind() == NodeKind.CLIENT)
        .findFirst()
        .orElseThrow();
  }

  private int depth() {
    return cluster.nodes().stream()
        .filter(node -> node.kind() == NodeKind.ROUTER)
        .mapToInt(node -> node.view().map(view -> view.level()).orElse(0))
        .max()
        .orElse(0);
  }

  private static Record record(SimNode writer) {
    return new Record(
        new long[0], writer.id(), new Session(1, 1), 1, new long[0], Bytes.wrap(new byte[128]));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
