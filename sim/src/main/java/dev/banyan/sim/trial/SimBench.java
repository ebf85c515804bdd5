package dev.banyan.sim.trial;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeId;
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
import java.util.function.Consumer;

/// How fast the simulator is, measured on one thread.
public final class SimBench {

  private SimBench() {}

  /// A steady tree with heartbeats and multicasts.
  ///
  /// @param encoded whether messages went through the codec
  public record Steady(
      int nodes, boolean encoded, long events, double seconds, double eventsPerSecond) {}

  /// Nodes that all start at once, and one multicast to everybody.
  ///
  /// @param joined nodes in the tree when the multicast was sent
  /// @param heard clients that it came to
  public record Scale(
      int nodes,
      int joined,
      int heard,
      long events,
      double joinSeconds,
      double multicastSeconds,
      double eventsPerSecond,
      double virtualSeconds,
      long heapBytesPerNode) {}

  /// Heartbeats of all nodes and multicasts to everybody, for that many events after a warm-up.
  ///
  /// @param said takes a line now and then that tells how far it is
  public static Steady steady(
      int nodes, boolean encoded, long events, long seed, Consumer<String> said) {
    Pulse pulse = new Pulse(said);
    ClusterOptions options = ClusterOptions.of(seed, "bench-steady").withTraceLines(0);
    Cluster cluster = new Cluster(encoded ? options : options.forScale());
    List<SimNode> clients = grow(cluster, nodes, 16, TreeConfig.DEFAULT.timing());
    cluster.run(Duration.ofSeconds(20));
    long from = 0;
    long started = 0;
    long sequence = 0;
    for (int round = 0; round < 2; round++) { // the first warms up
      from = cluster.events();
      long start = from;
      started = System.nanoTime();
      while (cluster.events() - from < events) {
        SimNode writer = clients.get((int) (sequence % clients.size()));
        cluster.submit(writer, new Event.Publish(List.of(record(writer, ++sequence))));
        cluster.run(Duration.ofMillis(10));
        String what = round == 0 ? "warming up: " : "measuring: ";
        pulse.beat(() -> what + (cluster.events() - start) + " of " + events + " events");
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    long done = cluster.events() - from;
    return new Steady(nodes, encoded, done, seconds, done / seconds);
  }

  /// @param branching places for routers at each router, and for clients
  /// @param said takes a line now and then that tells how far it is
  public static Scale scale(int nodes, int branching, long seed, Consumer<String> said) {
    Pulse pulse = new Pulse(said);
    TreeConfig.Timing timing =
        TreeConfig.Timing.DEFAULT.withHeartbeat(Duration.ofSeconds(30).toNanos());
    Cluster cluster = new Cluster(ClusterOptions.of(seed, "bench-scale").forScale());
    Heard heard = new Heard();
    cluster.observe(heard);
    long before = Pulse.usedHeapBytes();
    long started = System.nanoTime();
    List<SimNode> clients = grow(cluster, nodes, branching, timing);
    while (heard.attached() < nodes && cluster.nowNanos() < 300_000_000_000L) {
      cluster.run(Duration.ofMillis(20));
      pulse.beat(() -> "joining: " + heard.attached() + " of " + nodes + " nodes");
    }
    cluster.run(Duration.ofSeconds(5));
    double joinSeconds = (System.nanoTime() - started) / 1e9;
    int joined = heard.attached();
    started = System.nanoTime();
    SimNode writer = clients.getFirst();
    cluster.submit(writer, new Event.Publish(List.of(record(writer, 1))));
    cluster.run(Duration.ofSeconds(1));
    double multicastSeconds = (System.nanoTime() - started) / 1e9;
    return new Scale(
        nodes,
        joined,
        heard.heard(),
        cluster.events(),
        joinSeconds,
        multicastSeconds,
        cluster.events() / (joinSeconds + multicastSeconds),
        cluster.nowNanos() / 1e9,
        (Pulse.usedHeapBytes() - before) / nodes);
  }

  /// A root and the others, so many of them routers as are needed, all started in the same instant.
  private static List<SimNode> grow(
      Cluster cluster, int nodes, int branching, TreeConfig.Timing timing) {
    int routers = Math.max(1, nodes * 12 / 10 / branching);
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(branching, branching))
            .withTiming(timing);
    cluster.start(cluster.add(NodeSpec.tree(NodeKind.ROOT, config)));
    for (int i = 0; i < nodes; i++) {
      boolean router = (long) i * routers / nodes != (long) (i + 1) * routers / nodes;
      NodeKind kind = router ? NodeKind.ROUTER : NodeKind.CLIENT;
      cluster.start(cluster.add(NodeSpec.tree(kind, config)));
    }
    return cluster.nodes().stream().filter(node -> node.kind() == NodeKind.CLIENT).toList();
  }

  private static Record record(SimNode writer, long sequence) {
    return new Record(
        new long[0],
        new NodeId(writer.id().value()),
        new Session(1, 1),
        sequence,
        new long[0],
        Bytes.wrap(new byte[128]));
  }
}
