package dev.banyan.cli.nodes;

import dev.banyan.cli.console.UserError;
import dev.banyan.node.MachineTap;
import dev.banyan.node.RandomSource;
import dev.banyan.node.RunningNode;
import dev.banyan.node.StartException;
import dev.banyan.node.TcpHosts;
import dev.banyan.node.capture.Capture;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.links.TrustedLinks;
import dev.banyan.node.local.LocalNodes;
import dev.banyan.node.local.LocalTrust;
import dev.banyan.node.local.ThrowAwayGroup;
import dev.banyan.node.settings.StoreLimit;
import dev.banyan.node.text.Reason;
import dev.banyan.node.text.Words;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import dev.banyan.transport.TcpHost;
import dev.banyan.trust.NodeIdentity;
import dev.banyan.trust.files.TrustException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A root, routers and workers with doors in this process, and where they prove who they are their key service too.
final class LocalCluster implements AutoCloseable {

  static final Address ROOT = new Address("127.0.0.1", 7070);

  /// Those of the first two workers: what is written at one is read at the other.
  static final List<Address> DOORS =
      List.of(new Address("127.0.0.1", 7171), new Address("127.0.0.1", 7172));

  private static final Address KEY_SERVICE = new Address("127.0.0.1", 7069);
  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final String TREE = "main";
  private static final long JOIN_SECONDS = 60;

  /// Workers that are being admitted at a time.
  private static final int ADMISSIONS = 8;

  /// What it is to be.
  ///
  /// @param secure whether its nodes have identities
  /// @param capture where what the root receives is written
  record Plan(
      int routers,
      int workers,
      TreeConfig config,
      long seed,
      boolean secure,
      Optional<Path> capture) {}

  private final Plan plan;
  private final Consumer<String> say;
  private final TcpHost host;
  private final CountDownLatch joined;
  private final StoreConfig store;
  private final Optional<ThrowAwayGroup> keys;
  private final LocalNodes nodes;
  private final List<RunningNode> members = new ArrayList<>();
  private final List<DoorServer> doors = new ArrayList<>();
  private volatile Optional<LocalTrust> group = Optional.empty();
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private volatile boolean isReady;
  private final MachineTap capture;

  /// @param say told what its user should know, a line each, on any thread
  LocalCluster(Plan plan, Consumer<String> say) {
    this.plan = plan;
    this.say = say;
    store = StoreConfig.DEFAULT.withLimitBytes(StoreLimit.ofHeap(Math.max(1, plan.workers)));
    capture = plan.capture.<MachineTap>map(Capture::to).orElse(MachineTap.NONE);
    joined = new CountDownLatch(plan.routers + plan.workers);
    keys = plan.secure ? Optional.of(new ThrowAwayGroup(TREE, store)) : Optional.empty();
    host = TcpHosts.open(Runtime.getRuntime().availableProcessors());
    nodes =
        new LocalNodes(
            host, TREE, plan.config, keys.map(ThrowAwayGroup::tagKey), RandomSource.of(plan.seed));
  }

  /// Starts all of it.
  ///
  /// @throws TrustException when there is no place for its keys
  void start() throws InterruptedException, TrustException {
    if (keys.isPresent()) {
      startRoot(keys.get());
    } else {
      members.add(startRoot(Optional.empty()));
    }
    for (int i = 1; i <= plan.routers; i++) {
      String name = "router-" + i;
      start(
          NodeKind.ROUTER,
          group.isEmpty() ? Optional.empty() : Optional.of(group.get().router(name)));
    }
    if (group.isPresent()) {
      startWorkers(group.get());
    } else {
      for (int i = 0; i < plan.workers; i++) {
        doors.add(openDoor(start(NodeKind.CLIENT, Optional.empty())));
      }
    }
    if (!joined.await(JOIN_SECONDS, TimeUnit.SECONDS)) {
      throw UserError.failed(
          Words.counted(joined.getCount(), "node")
              + " found no place within "
              + JOIN_SECONDS
              + " s");
    }
    isReady = true;
  }

  private void startRoot(ThrowAwayGroup made) throws TrustException, InterruptedException {
    NodeIdentity identity = made.identity(NodeKind.ROOT);
    TrustedLinks links = made.links(identity);
    RunningNode root = startRoot(Optional.of(links));
    members.add(root);
    LocalTrust opened =
        LocalTrust.open(made, root.address(), identity, KEY_SERVICE, this::onKeyService);
    group = Optional.of(opened);
    opened.watchRevocations(links, root);
  }

  /// On the default port if that is free, so that `banyan tree` finds it.
  private RunningNode startRoot(Optional<TrustedLinks> links) {
    try {
      return start(NodeKind.ROOT, ROOT, links);
    } catch (StartException e) {
      say.accept("port " + ROOT.port() + " is taken: the root is on another one");
      return start(NodeKind.ROOT, LOOPBACK, links);
    }
  }

  /// While the cluster starts, all that it says is that its own workers come.
  private void onKeyService(String line) {
    if (isReady) {
      say.accept("key service: " + line);
    }
  }

  private void startWorkers(LocalTrust admitting) throws InterruptedException, TrustException {
    try (ExecutorService threads = Executors.newFixedThreadPool(ADMISSIONS)) {
      List<Future<LocalTrust.Member>> admitted = new ArrayList<>();
      for (int i = 1; i <= plan.workers; i++) {
        String name = "worker-" + i;
        admitted.add(threads.submit(() -> admitting.worker(name, trouble::set)));
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(JOIN_SECONDS);
      try {
        for (Future<LocalTrust.Member> each : admitted) {
          LocalTrust.Member member =
              each.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
          RunningNode worker = start(NodeKind.CLIENT, Optional.of(member.links()));
          admitting.follow(member, worker);
          doors.add(openDoor(worker));
        }
      } catch (ExecutionException | TimeoutException e) {
        threads.shutdownNow();
        String why = e instanceof TimeoutException ? trouble.get() : Reason.of(e);
        throw UserError.failed("a worker of the cluster was not admitted: " + why);
      }
    }
  }

  private RunningNode start(NodeKind kind, Optional<TrustedLinks> links) {
    RunningNode node = start(kind, LOOPBACK, links);
    members.add(node);
    return node;
  }

  private RunningNode start(NodeKind kind, Address listen, Optional<TrustedLinks> links) {
    List<Address> roots = kind == NodeKind.ROOT ? List.of() : List.of(root());
    FirstAttached reports =
        new FirstAttached(kind == NodeKind.ROOT ? new CountDownLatch(0) : joined);
    return nodes.start(
        kind,
        listen,
        roots,
        store,
        links,
        reports,
        _ -> kind == NodeKind.ROOT ? capture : MachineTap.NONE);
  }

  /// Counts a node in when it has its place for the first time.
  private static final class FirstAttached implements Consumer<Effect.Report> {
    private final CountDownLatch joined;
    private boolean done;

    FirstAttached(CountDownLatch joined) {
      this.joined = joined;
    }

    @Override
    public void accept(Effect.Report report) {
      if (!done && report.kind() == Effect.Report.Kind.ATTACHED) {
        done = true;
        joined.countDown();
      }
    }
  }

  private DoorServer openDoor(RunningNode worker) {
    if (doors.size() < DOORS.size()) {
      Address known = DOORS.get(doors.size());
      try {
        return worker.openDoor(known, List.of());
      } catch (StartException e) {
        say.accept("port " + known.port() + " is taken: a door is on another one");
      }
    }
    return worker.openDoor(LOOPBACK, List.of());
  }

  Address root() {
    return members.getFirst().address();
  }

  int routers() {
    return plan.routers;
  }

  /// Of the workers' doors.
  List<Address> doors() {
    return doors.stream().map(DoorServer::address).toList();
  }

  /// What it trusts itself by, once it has started; nothing in clear.
  Optional<LocalTrust> group() {
    return group;
  }

  @Override
  public void close() {
    group.ifPresent(LocalTrust::close);
    doors.forEach(DoorServer::close);
    members.reversed().forEach(RunningNode::stop);
  }
}
