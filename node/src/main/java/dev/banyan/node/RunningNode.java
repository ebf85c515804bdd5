package dev.banyan.node;

import dev.banyan.capsule.JcaCrypto;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.inspect.KeyReport;
import dev.banyan.node.settings.NodeSettings;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Sealing;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import dev.banyan.transport.NodeStatistics;
import dev.banyan.transport.TcpHost;
import dev.banyan.transport.TcpNode;
import dev.banyan.transport.TransportException;
import dev.banyan.wire.BatchPruner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A node on real sockets.
public final class RunningNode {

  private final NodeId id;
  private final NodeSettings settings;
  private final TcpNode tcp;
  private final TreeNode tree;
  private final Optional<Worker> worker;
  private final Optional<StoreCalls> store;

  private final Trouble trouble;

  private RunningNode(NodeId id, NodeSettings settings, TcpNode tcp, Parts parts, Trouble trouble) {
    this.id = id;
    this.trouble = trouble;
    this.settings = settings;
    this.tcp = tcp;
    this.tree = parts.tree;
    this.worker = parts.worker;
    this.store = parts.worker.map(_ -> parts.calls);
  }

  /// The machines, made once the address is known.
  private static final class Parts {
    final TreeNode tree;
    final Optional<Worker> worker;
    final StoreCalls calls;

    Parts(TreeNode tree, Optional<Worker> worker, StoreCalls calls) {
      this.tree = tree;
      this.worker = worker;
      this.calls = calls;
    }

    Machine machine() {
      return worker.isPresent() ? worker.get() : tree;
    }
  }

  /// Binds, builds and starts a node.
  ///
  /// @param random seeds everything random about it: its id (unless that is set), its session, its ties and jitter
  /// @param reports told what happens to the node, on its loop
  /// @throws StartException when its address cannot be bound
  public static RunningNode start(
      TcpHost host,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      MachineTap tap) {
    return start(host, settings, random, reports, tap, Optional.empty());
  }

  /// As above.
  ///
  /// @param credentials none for links and records in clear
  public static RunningNode start(
      TcpHost host,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      MachineTap tap,
      Optional<Credentials> credentials) {
    return start(
        host, settings, random, reports, tap, credentials, _ -> System.currentTimeMillis());
  }

  /// A node that goes by another clock than the machine's.
  static RunningNode start(
      TcpHost host,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      MachineTap tap,
      WallClock wall) {
    return start(host, settings, random, reports, tap, Optional.empty(), wall);
  }

  private static RunningNode start(
      TcpHost host,
      NodeSettings settings,
      RandomGenerator random,
      Consumer<Effect.Report> reports,
      MachineTap tap,
      Optional<Credentials> credentials,
      WallClock wall) {
    NodeId id = settings.node().orElseGet(() -> new NodeId(random.nextLong()));
    long incarnation = random.nextLong();
    Session session = new Session(random.nextLong(), random.nextLong());
    long seed = random.nextLong();
    CompletableFuture<TcpNode> started = new CompletableFuture<>();
    StoreCalls calls = new StoreCalls(event -> started.thenAccept(node -> node.submit(event)));
    CompletableFuture<Parts> built = new CompletableFuture<>();
    Trouble trouble = new Trouble();
    Consumer<Effect.Report> noted = trouble.before(reports);
    Function<Address, Machine> build =
        bound -> {
          Identity identity =
              new Identity(
                  id,
                  settings.kind(),
                  advertised(settings, bound),
                  settings.tree(),
                  incarnation,
                  Bytes.EMPTY,
                  group(settings));
          Parts parts =
              parts(
                  settings,
                  identity,
                  session,
                  credentials.map(each -> each.sealing(session)).orElse(Sealing.CLEAR),
                  credentials.isPresent() ? new BatchPruner(JcaCrypto.ofJdk()) : null,
                  RandomSource.of(seed),
                  wall,
                  calls);
          built.complete(parts);
          return tap.on(parts.machine());
        };
    try {
      TcpNode tcp =
          host.start(
              settings.listen(),
              build,
              effect -> pass(effect, noted, calls),
              credentials.map(Credentials::links));
      started.complete(tcp);
      return new RunningNode(id, settings, tcp, built.join(), trouble);
    } catch (TransportException e) {
      throw cannotListen(e);
    }
  }

  private static Parts parts(
      NodeSettings settings,
      Identity identity,
      Session session,
      Sealing sealing,
      @Nullable Pruner pruner,
      RandomGenerator random,
      WallClock wall,
      StoreCalls calls) {
    TreeNode tree =
        new TreeNode(
            identity,
            settings.config(),
            settings.roots(),
            RandomSource.of(random.nextLong()),
            wall,
            pruner);
    if (settings.kind() != NodeKind.CLIENT) {
      return new Parts(tree, Optional.empty(), calls);
    }
    Worker worker =
        new Worker(
            tree,
            wall,
            settings.store(),
            session,
            tagger(settings),
            sealing,
            RandomSource.of(random.nextLong()));
    return new Parts(tree, Optional.of(worker), calls);
  }

  private static SipTagger tagger(NodeSettings settings) {
    NodeSettings.TagKey key =
        settings.tagKey().orElseGet(() -> NodeSettings.TagKey.ofTree(settings.tree()));
    return new SipTagger(key.low(), key.high());
  }

  private static Group group(NodeSettings settings) {
    return settings.kind() == NodeKind.CLIENT
        ? Worker.group(tagger(settings), settings.store())
        : Group.NONE;
  }

  private static Address advertised(NodeSettings settings, Address bound) {
    if (settings.kind() == NodeKind.CLIENT) {
      return Address.NONE;
    }
    return settings
        .advertise()
        .map(told -> told.port() == 0 ? new Address(told.host(), bound.port()) : told)
        .orElse(bound);
  }

  private static void pass(Effect effect, Consumer<Effect.Report> reports, StoreCalls calls) {
    if (effect instanceof Effect.Report report) {
      reports.accept(report);
    } else if (effect instanceof StoreOutcome outcome) {
      calls.onOutcome(outcome);
    }
  }

  private static StartException cannotListen(TransportException e) {
    String why = String.valueOf(e.getMessage());
    return new StartException(
        why
            + (why.contains("in use")
                ? ": another process has that port; choose another with --listen"
                : "; choose an address of this machine with --listen"));
  }

  public NodeId id() {
    return id;
  }

  public NodeKind kind() {
    return settings.kind();
  }

  /// Where it takes children; [Address#NONE] for a worker.
  public Address address() {
    return settings.kind() == NodeKind.CLIENT ? Address.NONE : tcp.address();
  }

  /// A worker's store; empty for root and routers.
  public Optional<StoreCalls> store() {
    return store;
  }

  /// What the node says of itself; asked on its loop. Never completes while the node hangs.
  public CompletableFuture<NodeStatus> status() {
    return tcp.call(() -> {
      List<Message.Counter> counters = new ArrayList<>(tree.counters());
      worker.ifPresent(machine -> counters.addAll(machine.counters()));
      return new NodeStatus(
          tree.view(), tree.interest(), counters, worker.map(RunningNode::storeStatus));
    });
  }

  /// What the node and its sockets have counted, and what it holds; asked on its loop.
  public CompletableFuture<NodeSample> sample() {
    var node = tcp.call(() -> tree.answer(new Message.Survey(0)));
    var store = tcp.call(() -> worker.map(RunningNode::storeSample));
    var sockets = tcp.statistics();
    return CompletableFuture.allOf(node, store, sockets)
        .thenApply(_ -> new NodeSample(settings.tree(), node.join(), sockets.join(), store.join()));
  }

  /// What could not be sent before links were closed.
  public CompletableFuture<Long> unsentBytes() {
    return tcp.statistics().thenApply(NodeStatistics::unsentBytes);
  }

  private static NodeSample.Store storeSample(Worker worker) {
    return new NodeSample.Store(
        worker.counters(),
        worker.connected(),
        worker.congested(),
        worker.size(),
        worker.interests().learned(),
        worker.interests().explicit(),
        worker.memory(),
        worker.epochs());
  }

  private static NodeStatus.Store storeStatus(Worker worker) {
    return new NodeStatus.Store(
        worker.connected(),
        worker.congested(),
        worker.size(),
        worker.interestTags().length,
        worker.interests(),
        worker.memory(),
        worker.epochs(),
        worker.forks(),
        worker.digest());
  }

  /// Asks a worker's machine something, on its loop.
  public <T> CompletableFuture<T> inspect(Function<Worker, T> question) {
    Worker machine = worker.orElseThrow();
    return tcp.call(() -> question.apply(machine));
  }

  /// Opens a door to a worker's store.
  ///
  /// @param names further names it may be asked for by
  /// @throws StartException when the address cannot be bound
  public DoorServer openDoor(Address at, List<String> names) {
    try {
      return DoorServer.open(at, names, store.orElseThrow(), inspection());
    } catch (IOException e) {
      throw StartException.cannotBind("open the door", at, "door", e);
    }
  }

  /// What a worker tells of itself.
  public DoorServer.Inspection inspection() {
    return new Inspection(this);
  }

  /// What this worker tells of a key.
  ///
  /// @throws IllegalArgumentException when it cannot be one, with one line that says why
  private CompletableFuture<KeyReport> report(String key) {
    List<KeyTag> tags = worker.orElseThrow().explain(key);
    long[] bare = tags.stream().mapToLong(KeyTag::tag).toArray();
    return tcp.call(() -> tree.interest(bare))
        .thenApply(said -> new KeyReport(id, settings.tree(), settings.roots(), tags, said));
  }

  private record Inspection(RunningNode node) implements DoorServer.Inspection {

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> status() {
      return node.status().thenApply(status -> () -> told(status));
    }

    private Map<String, Object> told(NodeStatus status) {
      Map<String, Object> json = status.json();
      String why = node.trouble.why();
      if (!status.view().rooted() && !why.isEmpty()) {
        json.put("trouble", why);
      }
      return json;
    }

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> replica() {
      return node.inspect(ReplicaJson::of).thenApply(replica -> replica::json);
    }

    @Override
    public CompletableFuture<Supplier<Map<String, Object>>> tags(String key) {
      return node.report(key).thenApply(report -> report::json);
    }
  }

  /// Closes links of peers that are believed no more.
  public void recheckLinks() {
    tcp.recheckLinks();
  }

  /// Complete when the node has ended; exceptionally when its machine failed, after which it is no member of the tree any
  /// more, whatever else of the process still runs.
  public CompletableFuture<Void> closed() {
    return tcp.closed();
  }

  /// Says goodbye to its neighbours, sends what is queued, closes.
  public CompletableFuture<Void> stop() {
    return tcp.stop();
  }

  /// Dies at once: connections are cut, nothing is said.
  public void kill() {
    tcp.kill();
  }

  /// Stalls: connections stay open, nothing is read, written or timed.
  public void hang() {
    tcp.hang();
  }

  /// Ends a stall.
  public void resume() {
    tcp.resume();
  }
}
