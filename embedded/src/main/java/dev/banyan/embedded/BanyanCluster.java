package dev.banyan.embedded;

import dev.banyan.client.Banyan;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.node.settings.Setting;
import dev.banyan.node.settings.Settings;
import dev.banyan.node.settings.SettingsException;
import dev.banyan.node.settings.StoreLimit;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeKind;
import dev.banyan.transport.TcpHost;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A whole tree in this process, for tests: a root, routers and workers that are real nodes, connected over loopback. Ports are
/// free ones, and time is real.
///
/// ```java
/// try (BanyanCluster cluster = BanyanCluster.start(3)) {
///   cluster.worker(0).put("robot/7/pose", "x=1");
///   cluster.router(0).kill();
///   cluster.awaitSettled();
///   assertEquals("x=1", cluster.worker(2).get("robot/7/pose").orElseThrow().text());
/// }
/// ```
///
/// All nodes share one event loop: what is measured here says nothing about speed. Methods may be called from any thread.
public final class BanyanCluster implements AutoCloseable {

  private static final String ANY_PORT = "127.0.0.1:0";
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(25);
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 5;

  /// What there is.
  ///
  /// @param workers how many
  /// @param routers how many; two by default
  /// @param settings those of nodes, by the names of the options of `banyan root`, `router` and `worker` without their dashes: each
  ///     node gets those of its kind. All are as usual, but that a worker's store may take an equal share of a tenth of the heap
  /// @param identities whether nodes have identities of a group that ends with the cluster: links are encrypted then, and records sealed
  public record Options(
      int workers, int routers, Map<String, String> settings, boolean identities) {

    private static final int MOST = 1_000;

    /// What the cluster itself decides.
    private static final Set<Setting> OWN =
        Set.of(
            Setting.LISTEN,
            Setting.ADVERTISE,
            Setting.ROOT_ADDRESS,
            Setting.NODE_ID,
            Setting.IDENTITY,
            Setting.REVOCATIONS,
            Setting.TOKEN,
            Setting.KEY_SERVICE,
            Setting.DOOR,
            Setting.DOOR_HOST,
            Setting.METRICS,
            Setting.LOOPS,
            Setting.IO,
            Setting.BUSY_POLL);

    /// @throws IllegalArgumentException when something cannot be so, with one line that says what
    public Options {
      settings = Map.copyOf(settings);
      if (workers < 0 || workers > MOST || routers < 0 || routers > MOST) {
        throw new IllegalArgumentException(
            "workers and routers: 0 to " + MOST + ", not " + workers + " and " + routers);
      }
      for (String key : settings.keySet()) {
        Optional<Setting> setting = Setting.ofKey(key);
        if (setting.isEmpty() || OWN.contains(setting.get())) {
          throw new IllegalArgumentException(
              "'" + key + "' is no setting of nodes that can be chosen here");
        }
      }
      for (NodeKind kind : List.of(NodeKind.ROOT, NodeKind.ROUTER, NodeKind.CLIENT)) {
        node(settings, workers, kind, ANY_PORT, "127.0.0.1:1");
      }
    }

    /// So many workers, and two routers.
    public static Options workers(int count) {
      return new Options(count, 2, Map.of(), false);
    }

    public Options withRouters(int count) {
      return new Options(workers, count, settings, identities);
    }

    /// Nodes prove who they are, encrypt their links and seal their records.
    public Options withIdentities() {
      return new Options(workers, routers, settings, true);
    }

    /// With one more of the settings of nodes.
    ///
    /// @throws IllegalArgumentException when there is no such setting, or it cannot be that
    public Options with(String setting, String value) {
      Map<String, String> more = new TreeMap<>(settings);
      more.put(setting, value);
      return new Options(workers, routers, more, identities);
    }

    private static Settings node(
        Map<String, String> settings, int workers, NodeKind kind, String listen, String root) {
      Map<String, String> all = new TreeMap<>(settings);
      all.putIfAbsent(Setting.YOUTH.key(), "0s"); // Nothing is to come back to a new tree.
      all.putIfAbsent(Setting.STORE_LIMIT.key(), "" + StoreLimit.ofHeap(4 * Math.max(1, workers)));
      all.put(Setting.LISTEN.key(), listen);
      all.put(Setting.ROOT_ADDRESS.key(), root);
      all.keySet()
          .removeIf(key -> Setting.ofKey(key).filter(setting -> setting.appliesTo(kind)).isEmpty());
      try {
        Settings given = Settings.given(kind, all);
        NodeSettings.of(given); // Checks them.
        return given;
      } catch (SettingsException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  private final Options options;
  private final Optional<ThrowAwayGroup> group;
  private final TcpHost host;
  private final RandomGenerator random = RandomSource.of(new SecureRandom().nextLong());
  private final List<ClusterNode> routers = new CopyOnWriteArrayList<>();
  private final List<EmbeddedBanyan> workers = new CopyOnWriteArrayList<>();
  private volatile ClusterNode root;

  private BanyanCluster(Options options, TcpHost host) {
    this.options = options;
    this.host = host;
    NodeSettings worker =
        NodeSettings.of(Options.node(options.settings(), 1, NodeKind.CLIENT, "", "127.0.0.1:1"));
    group =
        options.identities()
            ? Optional.of(new ThrowAwayGroup(worker.tree(), worker.store()))
            : Optional.empty();
    root = new ClusterNode(start(NodeKind.ROOT, ANY_PORT, new JoinProgress(List.of())));
  }

  /// Starts a tree of a root, two routers and so many workers.
  ///
  /// @return once all have their places
  public static BanyanCluster start(int workers) {
    return start(Options.workers(workers));
  }

  /// Starts a tree.
  ///
  /// @return once all have their places
  public static BanyanCluster start(Options options) {
    TcpHost host = TcpHosts.open(1);
    try {
      BanyanCluster cluster = new BanyanCluster(options, host);
      for (int i = 0; i < options.routers(); i++) {
        cluster.addRouter();
      }
      List<EmbeddedWorker> joining = new ArrayList<>();
      for (int i = 0; i < options.workers(); i++) {
        joining.add(cluster.startWorker());
      }
      joining.forEach(cluster::admit);
      return cluster;
    } catch (RuntimeException | Error e) {
      host.close();
      throw e;
    }
  }

  private synchronized RunningNode start(NodeKind kind, String listen, JoinProgress admission) {
    Optional<TrustedLinks> links = group.map(all -> all.member(kind));
    return RunningNode.start(
        host,
        nodeSettings(settings(kind, listen), links),
        random,
        admission,
        MachineTap.NONE,
        links.map(each -> each));
  }

  private NodeSettings nodeSettings(Settings settings, Optional<TrustedLinks> links) {
    NodeSettings checked = NodeSettings.of(settings);
    return links.map(each -> checked.of(each.node(), group.orElseThrow().tagKey())).orElse(checked);
  }

  private Settings settings(NodeKind kind, String listen) {
    String rootAddress = kind == NodeKind.ROOT ? "" : rootAddress();
    return Options.node(options.settings(), options.workers(), kind, listen, rootAddress);
  }

  private synchronized EmbeddedWorker startWorker() {
    Settings settings = settings(NodeKind.CLIENT, "");
    Optional<TrustedLinks> links = group.map(all -> all.member(NodeKind.CLIENT));
    return EmbeddedWorker.on(
        host,
        nodeSettings(settings, links),
        random,
        settings.durationNanos(Setting.DRAIN_TIMEOUT),
        links.map(each -> each),
        () -> {});
  }

  private EmbeddedBanyan admit(EmbeddedWorker worker) {
    EmbeddedBanyan banyan = EmbeddedBanyan.of(worker, JOIN_TIMEOUT, CALL_TIMEOUT);
    workers.add(banyan);
    return banyan;
  }

  /// One more worker joins, the last one from now on.
  public Banyan addWorker() {
    return admit(startWorker());
  }

  /// One more router joins, the last one from now on.
  public ClusterNode addRouter() {
    JoinProgress admission = new JoinProgress(List.of(Address.parse(rootAddress())));
    RunningNode node = start(NodeKind.ROUTER, ANY_PORT, admission);
    admission.await(JOIN_TIMEOUT);
    ClusterNode router = new ClusterNode(node);
    routers.add(router);
    return router;
  }

  /// A worker's store. Closing it has the worker leave in good order; [#workerNode] can be killed.
  ///
  /// @param index in the order in which they were made, from 0
  public Banyan worker(int index) {
    return workers.get(index);
  }

  /// How many workers there have been.
  public int workers() {
    return workers.size();
  }

  /// A worker as a node of the tree.
  public ClusterNode workerNode(int index) {
    return new ClusterNode(workers.get(index).worker().node());
  }

  /// A router.
  ///
  /// @param index in the order in which they were made, from 0
  public ClusterNode router(int index) {
    return routers.get(index);
  }

  /// How many routers there have been.
  public int routers() {
    return routers.size();
  }

  /// The root.
  public ClusterNode root() {
    return root;
  }

  /// Starts another root where the one before was, which must be dead. The tree's nodes come back to it by themselves.
  ///
  /// @throws IllegalStateException when the root lives
  public ClusterNode restartRoot() {
    if (root.isAlive()) {
      throw new IllegalStateException("the root lives: kill it first");
    }
    root = new ClusterNode(start(NodeKind.ROOT, rootAddress(), new JoinProgress(List.of())));
    return root;
  }

  /// Where the root is, `HOST:PORT`: for [EmbeddedBanyan#join].
  public String rootAddress() {
    return root.address();
  }

  /// Where a worker's door is, `HOST:PORT`: for [Banyan#connect], and for programs in other languages. It is opened when this is called
  /// first.
  public String door(int index) {
    EmbeddedWorker worker = workers.get(index).worker();
    synchronized (worker) {
      return worker
          .door()
          .orElseGet(
              () -> worker.openDoor(Address.parse(ANY_PORT), List.of()).address().toString());
    }
  }

  /// Waits until the tree is at rest: all that live have their places below the root, and each worker has the newest of what
  /// it wants, as far as somebody who lives has it.
  ///
  /// @throws IllegalStateException when it is not within a minute; says what is missing
  public void awaitSettled() {
    awaitSettled(SETTLE_TIMEOUT);
  }

  /// Waits until the tree is at rest, for so long at most.
  ///
  /// @throws IllegalStateException when it is not within this time, or the thread is interrupted; says what is missing
  public void awaitSettled(Duration timeout) {
    CountDownLatch never = new CountDownLatch(1);
    long endNanos = System.nanoTime() + timeout.toNanos();
    long quietMillis = LOOK_MILLIS + collectedMillis();
    String restless = "nobody has been asked";
    boolean quiet = false;
    try {
      do {
        Optional<String> found = new Settling(living()).restless();
        if (found.isEmpty() && quiet) {
          return;
        }
        quiet = found.isEmpty();
        restless = found.orElse("it was for a moment");
      } while (System.nanoTime() < endNanos
          && !never.await(quiet ? quietMillis : LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException(
        "the tree is not at rest after " + timeout.toMillis() + " ms: " + restless);
  }

  /// How long what is to be sent may wait for more of its kind, where nobody sees it.
  private long collectedMillis() {
    NodeSettings settings = NodeSettings.of(settings(NodeKind.CLIENT, ""));
    return TimeUnit.NANOSECONDS.toMillis(
        settings.store().batchNanos() + settings.config().timing().coalesceNanos());
  }

  private List<RunningNode> living() {
    List<RunningNode> living = new ArrayList<>();
    living.add(root.node());
    routers.forEach(router -> living.add(router.node()));
    workers.forEach(worker -> living.add(worker.worker().node()));
    living.removeIf(node -> node.closed().isDone());
    return living;
  }

  /// Ends all nodes at once.
  @Override
  public void close() {
    workers.forEach(EmbeddedBanyan::die);
    host.close();
  }
}
