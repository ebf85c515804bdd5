package dev.banyan.node;

import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Real nodes over loopback, for tests: a node that is started is returned once it has its place.
public final class Cluster implements AutoCloseable {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private final TcpHost host = TcpHosts.open(1);
  private final RandomGenerator random = RandomSource.of(7);
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
    this.config = config.withTiming(config.timing().ofNewTree());
    this.store = store;
    root = start(NodeKind.ROOT, List.of());
  }

  public RunningNode root() {
    return root;
  }

  public RunningNode router() {
    return start(NodeKind.ROUTER, List.of(root.address()));
  }

  /// A router that is watched; it may fail while it has no place yet.
  public RunningNode router(MachineTap tap) {
    return launch(NodeKind.ROUTER, List.of(root.address()), tap, new CompletableFuture<>());
  }

  public RunningNode worker() {
    return start(NodeKind.CLIENT, List.of(root.address()));
  }

  private RunningNode start(NodeKind kind, List<Address> roots) {
    CompletableFuture<Effect.Report> attached = new CompletableFuture<>();
    RunningNode node = launch(kind, roots, MachineTap.NONE, attached);
    if (kind != NodeKind.ROOT) {
      attached.orTimeout(30, TimeUnit.SECONDS).join();
    }
    return node;
  }

  private RunningNode launch(
      NodeKind kind,
      List<Address> roots,
      MachineTap tap,
      CompletableFuture<Effect.Report> attached) {
    NodeSettings settings =
        new NodeSettings(
            kind,
            kind.routes() ? Optional.of(ANY) : Optional.empty(),
            Optional.empty(),
            roots,
            "main",
            Optional.empty(),
            config,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            store,
            Optional.empty(),
            1,
            "auto",
            false);
    return RunningNode.start(
        host,
        settings,
        random,
        report -> {
          if (report.kind() == Effect.Report.Kind.ATTACHED) {
            attached.complete(report);
          }
        },
        tap);
  }

  @Override
  public void close() {
    host.close();
  }
}
