package dev.banyan.node;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Real nodes over loopback, for tests: a node that is started is returned once it has its place.
public final class Cluster implements AutoCloseable {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private static final WallClock MACHINE = _ -> System.currentTimeMillis();

  private final TcpHost host = TcpHosts.open(1);

  /// Liars have their own loop: what they do to themselves holds up nobody else.
  private final TcpHost liars = TcpHosts.open(1);

  private final RandomGenerator random = RandomSource.of(7);
  private final List<Address> roots = new ArrayList<>();
  private final Queue<Effect.Report> reports = new ConcurrentLinkedQueue<>();
  private final TreeConfig config;
  private final StoreConfig store;
  private final RunningNode root;

  public Cluster() {
    this(TreeConfig.DEFAULT);
  }

  public Cluster(TreeConfig config) {
    this(config, StoreConfig.DEFAULT);
  }

  public Cluster(TreeConfig config, StoreConfig store) {
    this(config, store, MACHINE);
  }

  /// @param rootClock what the root takes for the time of day
  Cluster(TreeConfig config, StoreConfig store, WallClock rootClock) {
    this.config = config.withTiming(config.timing().ofNewTree());
    this.store = store;
    root = start(settings(NodeKind.ROOT, Optional.empty()), rootClock);
    roots.add(root.address());
  }

  public RunningNode root() {
    return root;
  }

  public RunningNode router() {
    return start(settings(NodeKind.ROUTER, Optional.empty()), MACHINE);
  }

  /// A router that is watched; it may fail while it has no place yet.
  public RunningNode router(MachineTap tap) {
    return launch(
        settings(NodeKind.ROUTER, Optional.empty()), tap, MACHINE, new CompletableFuture<>());
  }

  public RunningNode worker() {
    return worker(MACHINE);
  }

  /// A worker that takes this for the time of day.
  RunningNode worker(WallClock wall) {
    return start(settings(NodeKind.CLIENT, Optional.empty()), wall);
  }

  RunningNode worker(NodeId id) {
    return start(settings(NodeKind.CLIENT, Optional.of(id)), MACHINE);
  }

  /// A node that tells this lie; it may have no place yet.
  LyingNode liar(NodeKind kind, LyingNode.Lie lie) {
    return LyingNode.start(liars, kind, config, roots.getFirst(), random.nextLong(), lie);
  }

  /// Attempts to join that came to nothing, of all nodes that are no liars.
  List<Effect.Report> failedJoins() {
    return reported(Effect.Report.Kind.JOIN_FAILED, Effect.Report.Kind.JOIN_REFUSED);
  }

  /// The parents that were lost, likewise.
  List<Effect.Report> orphaned() {
    return reported(Effect.Report.Kind.ORPHANED);
  }

  private List<Effect.Report> reported(Effect.Report.Kind... kinds) {
    return reports.stream().filter(report -> List.of(kinds).contains(report.kind())).toList();
  }

  private RunningNode start(NodeSettings settings, WallClock wall) {
    CompletableFuture<Effect.Report> attached = new CompletableFuture<>();
    RunningNode node = launch(settings, MachineTap.NONE, wall, attached);
    if (settings.kind() != NodeKind.ROOT) {
      attached.orTimeout(30, TimeUnit.SECONDS).join();
    }
    return node;
  }

  private RunningNode launch(
      NodeSettings settings,
      MachineTap tap,
      WallClock wall,
      CompletableFuture<Effect.Report> attached) {
    return RunningNode.start(
        host,
        settings,
        random,
        report -> {
          reports.add(report);
          if (report.kind() == Effect.Report.Kind.ATTACHED) {
            attached.complete(report);
          }
        },
        tap,
        wall);
  }

  private NodeSettings settings(NodeKind kind, Optional<NodeId> id) {
    return new NodeSettings(
        kind,
        kind.routes() ? Optional.of(ANY) : Optional.empty(),
        Optional.empty(),
        List.copyOf(roots),
        "main",
        id,
        config,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        store,
        Optional.empty(),
        1,
        "auto",
        false);
  }

  @Override
  public void close() {
    liars.close();
    host.close();
  }
}
