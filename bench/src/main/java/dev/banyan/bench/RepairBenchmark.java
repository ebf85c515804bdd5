package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How long after a router's connections are cut its children have a parent again.
///
/// A tree of real nodes over loopback, in this process. Again and again a router that has children is killed; when all
/// of them are attached again, another router is started in its stead.
public final class RepairBenchmark {

  private static final Duration JOIN_LIMIT = Duration.ofMinutes(2);
  private static final Duration REPAIR_LIMIT = Duration.ofSeconds(30);
  private static final Duration VICTIM_LIMIT = Duration.ofSeconds(30);

  /// @param nodes the root among them
  /// @param kills routers to kill, one after the other
  /// @param pause after a repair, before the next kill
  public record Options(
      int nodes, double routerShare, int kills, Duration pause, TreeSetup setup, long seed) {

    public Options {
      require(nodes >= 4, "nodes: at least 4, not " + nodes);
      require(
          routerShare > 0 && routerShare < 1,
          "the router share: between 0 and 1, not " + routerShare);
      require(kills >= 1, "kills must be positive");
      require(!pause.isNegative(), "the pause must not be negative");
    }

    int routers() {
      return Math.max(2, (int) Math.round((nodes - 1) * routerShare));
    }
  }

  /// One kill.
  ///
  /// @param clientsMillis until the last of its clients was attached again; NaN when it had none
  /// @param childrenMillis until the last of its clients and routers was
  record Kill(int clients, int routers, double clientsMillis, double childrenMillis) {}

  /// @param late kills whose children were not all attached again within the limit; they count as that long
  public record Result(Options options, List<Kill> kills, double[] perClientMillis, int late)
      implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      double[] clients =
          kills.stream().mapToDouble(Kill::clientsMillis).filter(Double::isFinite).toArray();
      double[] children = kills.stream().mapToDouble(Kill::childrenMillis).toArray();
      return new Fields()
          .put("p50Millis", Figures.percentile(clients, 50))
          .put("p99Millis", Figures.percentile(clients, 99))
          .put("maxMillis", Figures.percentile(clients, 100))
          .put("withRoutersP50Millis", Figures.percentile(children, 50))
          .put("withRoutersP99Millis", Figures.percentile(children, 99))
          .put("withRoutersMaxMillis", Figures.percentile(children, 100))
          .put("perClientP50Millis", Figures.percentile(perClientMillis, 50))
          .put("perClientP99Millis", Figures.percentile(perClientMillis, 99))
          .put("kills", kills.size())
          .put("late", late)
          .put("clientsOrphaned", kills.stream().mapToInt(Kill::clients).sum())
          .put("routersOrphaned", kills.stream().mapToInt(Kill::routers).sum())
          .put("nodes", options.nodes)
          .put("routers", options.routers())
          .put("heartbeatMillis", options.setup.heartbeat().toMillis())
          .put("engine", options.setup.engine().resolved().name())
          .toMap();
    }
  }

  private final Options options;
  private final Progress progress;
  private final LoopbackNodes nodes;
  private final SplittableRandom random;
  private final List<Kill> kills = new ArrayList<>();
  private final List<Double> perClient = new ArrayList<>();
  private int late;

  private RepairBenchmark(Options options, Progress progress, LoopbackNodes nodes) {
    this.options = options;
    this.progress = progress;
    this.nodes = nodes;
    this.random = new SplittableRandom(options.seed);
  }

  /// @throws BenchmarkException when the tree does not form
  public static Result run(Options options, Progress progress) throws InterruptedException {
    try (LoopbackNodes nodes =
        new LoopbackNodes(options.setup.tcp(), options.setup.config(), List.of(), options.seed)) {
      return new RepairBenchmark(options, progress, nodes).run();
    }
  }

  private Result run() throws InterruptedException {
    nodes.startRoot();
    int clients = options.nodes - 1 - options.routers();
    progress.say("starting a root, " + options.routers() + " routers and " + clients + " clients");
    start(NodeKind.ROUTER, options.routers());
    start(NodeKind.CLIENT, clients);
    progress.say("all have a parent");
    pause();
    for (int i = 1; i <= options.kills; i++) {
      kill(victim());
      Kill last = kills.getLast();
      progress.say(
          "kill "
              + i
              + " of "
              + options.kills
              + ": "
              + last.clients
              + " clients and "
              + last.routers
              + " routers were attached again after "
              + Figures.rounded(last.childrenMillis)
              + " ms");
      start(NodeKind.ROUTER, 1);
      pause();
    }
    return new Result(
        options, kills, perClient.stream().mapToDouble(Double::doubleValue).toArray(), late);
  }

  private void start(NodeKind kind, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      nodes.start(kind);
    }
    if (!LoopbackNodes.await(JOIN_LIMIT, () -> nodes.unattached() == 0)) {
      throw new BenchmarkException(
          nodes.unattached() + " nodes found no parent in " + JOIN_LIMIT.toSeconds() + " s");
    }
  }

  private void pause() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(options.pause.toNanos());
  }

  /// A router that has children, at random: clients of its own, or (higher up) routers that keep their subtrees.
  private LoopbackNodes.Member victim() throws InterruptedException {
    List<LoopbackNodes.Member> found = new ArrayList<>();
    boolean any =
        LoopbackNodes.await(
            VICTIM_LIMIT,
            () -> {
              found.clear();
              nodes.members().stream()
                  .filter(node -> node.kind() == NodeKind.ROUTER)
                  .filter(
                      node -> nodes.members().stream().anyMatch(child -> isChild(child, node.id())))
                  .forEach(found::add);
              return !found.isEmpty();
            });
    if (!any) {
      throw new BenchmarkException("no router has children");
    }
    return found.get(random.nextInt(found.size()));
  }

  private void kill(LoopbackNodes.Member victim) throws InterruptedException {
    List<LoopbackNodes.Member> clients = childrenOf(victim.id(), NodeKind.CLIENT);
    List<LoopbackNodes.Member> routers = childrenOf(victim.id(), NodeKind.ROUTER);
    long start = System.nanoTime();
    nodes.kill(victim);
    Predicate<LoopbackNodes.Member> back =
        node -> node.attached() && node.attachedAtNanos() - start > 0;
    boolean inTime =
        LoopbackNodes.await(
            REPAIR_LIMIT, () -> clients.stream().allMatch(back) && routers.stream().allMatch(back));
    if (!inTime) {
      late++;
    }
    clients.forEach(client -> perClient.add(millis(client, start)));
    kills.add(
        new Kill(
            clients.size(),
            routers.size(),
            clients.stream().mapToDouble(node -> millis(node, start)).max().orElse(Double.NaN),
            Math.max(
                clients.stream().mapToDouble(node -> millis(node, start)).max().orElse(0),
                routers.stream().mapToDouble(node -> millis(node, start)).max().orElse(0))));
  }

  private static double millis(LoopbackNodes.Member node, long start) {
    long at = node.attachedAtNanos();
    return node.attached() && at - start > 0 ? (at - start) / 1e6 : REPAIR_LIMIT.toMillis();
  }

  private List<LoopbackNodes.Member> childrenOf(NodeId router, NodeKind kind) {
    return nodes.members().stream()
        .filter(node -> node.kind() == kind && isChild(node, router))
        .toList();
  }

  private static boolean isChild(LoopbackNodes.Member node, NodeId router) {
    return node.parent().filter(router::equals).isPresent();
  }
}
