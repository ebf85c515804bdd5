package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.protocol.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// How many real nodes one machine holds over loopback, heartbeats and all, without one of them losing its parent.
///
/// Nodes live in processes of their own, in equal shares; nobody is killed, so every parent lost is lost needlessly.
public final class ScaleBenchmark {

  /// Options of the nodes' JVMs: no more than nodes of this size need.
  public static final List<String> NODE_JVM =
      List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STEP_TIMEOUT = Duration.ofMinutes(12);

  /// Open files of a process besides those of links: libraries, event loops, pipes.
  private static final int OTHER_FILES = 200;

  /// @param nodes the root among them
  /// @param routerShare of the nodes, the root not counted
  /// @param processes that share the nodes
  /// @param duration measured after all have joined and settled
  /// @param settle between the last join and the measurement
  /// @param window nodes of one process that may be on their way to a parent at one time
  public record Options(
      int nodes,
      double routerShare,
      int processes,
      Duration duration,
      Duration settle,
      int window,
      TreeSetup setup,
      List<String> nodeJvm) {

    public Options {
      require(nodes >= 2, "nodes: at least 2, not " + nodes);
      require(routerShare >= 0 && routerShare <= 1, "the router share: 0 to 1, not " + routerShare);
      require(processes >= 1 && processes <= 64, "processes: 1 to 64, not " + processes);
      require(duration.isPositive(), "the duration must be positive");
      require(window >= 1, "the window must be positive");
      long places = (long) (routers(nodes, routerShare) + 1) * setup.childClients();
      require(
          clients(nodes, routerShare) <= places,
          "there are places for " + places + " clients: raise --router-share or --client-places");
    }

    int routers() {
      return routers(nodes, routerShare);
    }

    int clients() {
      return clients(nodes, routerShare);
    }

    private static int routers(int nodes, double share) {
      return (int) Math.round((nodes - 1) * share);
    }

    private static int clients(int nodes, double share) {
      return nodes - 1 - routers(nodes, share);
    }

    /// Files a process will have open: two for a link within it, one for each end of one that leaves it, and one for
    /// each router that listens.
    int filesPerProcess() {
      return (2 * nodes + routers()) / processes + OTHER_FILES;
    }
  }

  /// @param joinSeconds from the first node's start until the last had a parent
  /// @param needlessRejoins times any node lost its parent, joining included; `whileJoining` of them before the
  ///     measurement began
  /// @param moves clients that were rebalanced
  /// @param joinRequestsPerNode 1 when everybody found a place at once and nobody moved
  /// @param bytesPerNode growth of the processes' resident memory, after a full collection, per node; the kernel's
  ///     socket buffers are not in it
  /// @param heapBytesPerNode the part of it that is live heap
  /// @param cpuSecondsPerNodeHour of all the processes, during the measurement
  public record Result(
      Options options,
      double joinSeconds,
      int needlessRejoins,
      int whileJoining,
      int attached,
      int moves,
      double joinRequestsPerNode,
      double bytesPerNode,
      double heapBytesPerNode,
      double cpuSecondsPerNodeHour,
      int openFilesPerProcess,
      int depth)
      implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("nodes", options.nodes)
          .put("processes", options.processes)
          .put("attached", attached)
          .put("needlessRejoins", needlessRejoins)
          .put("needlessRejoinsWhileJoining", whileJoining)
          .put("bytesPerNode", bytesPerNode)
          .put("heapBytesPerNode", heapBytesPerNode)
          .put("cpuSecondsPerNodeHour", cpuSecondsPerNodeHour)
          .put("joinSeconds", joinSeconds)
          .put("joinRequestsPerNode", joinRequestsPerNode)
          .put("moves", moves)
          .put("depth", depth)
          .put("openFilesPerProcess", openFilesPerProcess)
          .put("routers", options.routers())
          .put("seconds", options.duration.toMillis() / 1e3)
          .put("heartbeatMillis", options.setup.heartbeat().toMillis())
          .put("engine", options.setup.engine().resolved().name())
          .toMap();
    }
  }

  private record Slice(ChildJvm jvm, NodeSlice.Weight empty) {}

  private final Options options;
  private final Progress progress;
  private final List<Slice> slices = new ArrayList<>();

  private ScaleBenchmark(Options options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /// @throws BenchmarkException when a process could not be started or a node found no parent
  public static Result run(Options options, Progress progress) throws InterruptedException {
    ScaleBenchmark benchmark = new ScaleBenchmark(options, progress);
    try {
      return benchmark.run();
    } finally {
      benchmark.slices.forEach(slice -> slice.jvm.close());
    }
  }

  private Result run() throws InterruptedException {
    progress.say(
        options.nodes + " nodes, about " + options.filesPerProcess() + " open files a process");
    long began = System.nanoTime();
    Address root = open(Address.NONE);
    for (int i = 1; i < options.processes; i++) {
      open(root);
    }
    startAll("router", options.routers());
    startAll("client", options.clients());
    double joinSeconds = (System.nanoTime() - began) / 1e9;
    progress.say("all have a parent after " + Figures.rounded(joinSeconds) + " s");
    hold("settling", options.settle);
    List<NodeSlice.Count> before = ask("count", "count", NodeSlice.Count::parse);
    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    hold("measuring", options.duration);
    List<NodeSlice.Count> after = ask("count", "count", NodeSlice.Count::parse);
    long cpuNanos = cpuNanos() - cpuBefore;
    double hours = (System.nanoTime() - start) / 3.6e12;
    progress.say("weighing");
    List<NodeSlice.Weight> weights = ask("weigh", "weight", NodeSlice.Weight::parse);
    List<NodeSlice.Weight> empty = slices.stream().map(Slice::empty).toList();
    return new Result(
        options,
        joinSeconds,
        (int) sum(after, NodeSlice.Count::orphanings),
        (int) sum(before, NodeSlice.Count::orphanings),
        (int) sum(after, NodeSlice.Count::attached),
        (int) sum(after, NodeSlice.Count::moves),
        sum(after, NodeSlice.Count::requests) / (options.nodes - 1),
        perNode(empty, weights, NodeSlice.Weight::residentBytes),
        perNode(empty, weights, NodeSlice.Weight::heapBytes),
        cpuNanos / 1e9 / options.nodes / hours,
        weights.stream().mapToInt(NodeSlice.Weight::openFiles).max().orElse(0),
        weights.stream().mapToInt(NodeSlice.Weight::depth).max().orElse(0));
  }

  private Address open(Address root) throws InterruptedException {
    NodeSlice.Task task =
        new NodeSlice.Task(options.setup, 1 + slices.size(), options.window, root);
    ChildJvm jvm = ChildJvm.start("nodes", NodeSlice.class, options.nodeJvm, task.toArguments());
    try {
      slices.add(new Slice(jvm, NodeSlice.Weight.parse(jvm.hear("weight ", START_TIMEOUT))));
      return Address.parse(jvm.hear("listening ", START_TIMEOUT));
    } catch (InterruptedException | RuntimeException e) {
      jvm.close();
      throw e;
    }
  }

  private void startAll(String kind, int count) throws InterruptedException {
    progress.say("starting " + count + " " + kind + "s");
    for (int i = 0; i < slices.size(); i++) {
      int share = (int) ((long) count * (i + 1) / slices.size() - (long) count * i / slices.size());
      slices.get(i).jvm.say(kind + " " + share);
    }
    for (Slice slice : slices) {
      String line = slice.jvm.hear(STEP_TIMEOUT);
      while (line.startsWith("started ")) {
        progress.say("  " + kind + "s " + line);
        line = slice.jvm.hear(STEP_TIMEOUT);
      }
      if (!line.equals("done")) {
        throw new BenchmarkException(line);
      }
    }
  }

  private void hold(String what, Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      progress.say(what + ", " + TimeUnit.NANOSECONDS.toSeconds(left + 500_000_000) + " s left");
      TimeUnit.NANOSECONDS.sleep(Math.min(left, Duration.ofSeconds(10).toNanos()));
    }
  }

  /// The answers of all slices.
  private <T> List<T> ask(String command, String answer, Function<String, T> parse)
      throws InterruptedException {
    for (Slice slice : slices) {
      slice.jvm.say(command);
    }
    List<T> answers = new ArrayList<>();
    for (Slice slice : slices) {
      answers.add(parse.apply(slice.jvm.hear(answer + " ", START_TIMEOUT)));
    }
    return answers;
  }

  private long cpuNanos() {
    return slices.stream().mapToLong(slice -> ProcessStat.cpuNanos(slice.jvm.pid())).sum();
  }

  private double perNode(
      List<NodeSlice.Weight> before,
      List<NodeSlice.Weight> after,
      ToDoubleFunction<NodeSlice.Weight> bytes) {
    return (sum(after, bytes) - sum(before, bytes)) / options.nodes;
  }

  private static <T> double sum(List<T> slices, ToDoubleFunction<T> figure) {
    return slices.stream().mapToDouble(figure).sum();
  }
}
