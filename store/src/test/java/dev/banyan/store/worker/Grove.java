package dev.banyan.store.worker;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.wire.Codec;
import dev.banyan.wire.MalformedFrameException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Workers on a tree in memory: links are FIFO with random latencies, time moves only when told. Small, for tests of the
/// store; the simulator has faults and checkers.
final class Grove {

  static final SipTagger TAGGER = new SipTagger(11, 22);

  private record Due(long atNanos, long order, Runnable action) {}

  private record End(NodeId node, LinkId link) {}

  final Map<NodeId, Machine> machines = new LinkedHashMap<>();
  final List<Worker> workers = new ArrayList<>();
  private final Map<NodeId, List<StoreOutcome>> outcomes = new LinkedHashMap<>();
  private final Map<Address, NodeId> listeners = new LinkedHashMap<>();

  /// The ends that their owners have not closed and not been told to be closed, with the other end of each.
  private final Map<End, End> peers = new LinkedHashMap<>();

  /// Ends whose link is broken: nothing passes any more, in either direction.
  private final Set<End> broken = new LinkedHashSet<>();

  /// Links that are dialled in vain, until their owner is told.
  private final Set<End> refused = new LinkedHashSet<>();

  private final Map<End, Long> busyUntil = new LinkedHashMap<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>((a, b) ->
          a.atNanos != b.atNanos
              ? Long.compare(a.atNanos, b.atNanos)
              : Long.compare(a.order, b.order));
  private final SplittableRandom random;
  private final StoreConfig storeConfig;
  private final TreeConfig treeConfig;
  private BiFunction<NodeId, Message, List<Message>> fate = (to, message) -> List.of(message);

  /// Payload bytes of answers that one event made one node send, at most.
  long largestBurstBytes;

  /// How many parts of answers workers have sent, by who asked.
  final Map<NodeId, Integer> answersSent = new LinkedHashMap<>();

  private final Map<NodeId, List<Event>> asleep = new LinkedHashMap<>();
  private final Map<NodeId, Long> accepted = new LinkedHashMap<>();
  private final Codec codec = new Codec();
  private long order;
  private long lastRequest;
  private int nodes;
  long nowNanos;

  /// How wrong the wall clocks of root and routers are.
  long wrongMillis;

  /// How wrong those of workers are that start from now on.
  long workersWrongMillis;

  /// Of workers that start from now on.
  Sealing sealing = Sealing.CLEAR;

  Grove(long seed, StoreConfig storeConfig) {
    this(seed, storeConfig, TreeConfig.DEFAULT.withTiming(TreeConfig.Timing.DEFAULT.ofNewTree()));
  }

  Grove(long seed, StoreConfig storeConfig, TreeConfig treeConfig) {
    this.random = new SplittableRandom(seed);
    this.storeConfig = storeConfig;
    this.treeConfig = treeConfig;
    addNode(NodeKind.ROOT);
  }

  /// A root with this many routers under it and workers under those, all attached.
  static Grove of(long seed, int routers, int workers) {
    return of(seed, routers, workers, StoreConfig.DEFAULT);
  }

  static Grove of(long seed, int routers, int workers, StoreConfig config) {
    return new Grove(seed, config).grown(routers, workers);
  }

  /// The same, with a root that for its first ten seconds says of nothing that nobody holds it.
  static Grove young(long seed, int routers, int workers, StoreConfig config) {
    return new Grove(seed, config, TreeConfig.DEFAULT).grown(routers, workers);
  }

  private Grove grown(int routers, int workers) {
    for (int i = 0; i < routers; i++) {
      router();
    }
    advanceMillis(500);
    for (int i = 0; i < workers; i++) {
      worker();
    }
    advanceMillis(1_500);
    return this;
  }

  NodeId router() {
    return addNode(NodeKind.ROUTER).node();
  }

  private Identity addNode(NodeKind kind) {
    Identity identity = identity(kind);
    TreeNode node =
        new TreeNode(
            identity,
            treeConfig,
            roots(kind),
            random.split(),
            now -> trueMillis(now) + wrongMillis);
    start(identity, node);
    return identity;
  }

  Worker worker() {
    return worker(NodeKind.CLIENT);
  }

  /// A worker that seals what it says, and takes what members of the group have sealed.
  Worker worker(LocalGroup group) {
    return worker(group, group.admit());
  }

  Worker worker(LocalGroup group, NodeId member) {
    Identity identity = Identity.of(member, NodeKind.CLIENT, Address.NONE, random.nextLong());
    return worker(identity, session -> group.sealing(member, session));
  }

  Worker worker(NodeKind kind) {
    return worker(identity(kind), _ -> sealing);
  }

  private Worker worker(Identity named, Function<Session, Sealing> sealings) {
    NodeKind kind = named.kind();
    Identity identity = named.withGroup(Worker.group(TAGGER, storeConfig));
    long wrong = workersWrongMillis;
    WallClock wall = now -> trueMillis(now) + wrong;
    TreeNode node = new TreeNode(identity, treeConfig, roots(kind), random.split(), wall);
    Session session = new Session(random.nextLong(), random.nextLong());
    Worker worker =
        new Worker(
            node, wall, storeConfig, session, TAGGER, sealings.apply(session), random.split());
    workers.add(worker);
    start(identity, worker);
    return worker;
  }

  /// What a right clock shows.
  static long trueMillis(long nowNanos) {
    return 1_800_000_000_000L + nowNanos / 1_000_000;
  }

  private Identity identity(NodeKind kind) {
    NodeId id = new NodeId(nodes++);
    return Identity.of(id, kind, kind.routes() ? addressOf(id) : Address.NONE, random.nextLong());
  }

  private static List<Address> roots(NodeKind kind) {
    return kind == NodeKind.ROOT ? List.of() : List.of(addressOf(new NodeId(0)));
  }

  private void start(Identity identity, Machine machine) {
    start(identity.node(), machine, identity.kind().routes());
  }

  /// Runs any machine.
  void start(NodeId id, Machine machine, boolean listens) {
    machines.put(id, machine);
    outcomes.put(id, new ArrayList<>());
    if (listens) {
      listeners.put(addressOf(id), id);
    }
    give(id, new Event.Start());
  }

  static Address addressOf(NodeId node) {
    return new Address("node" + node.value(), 1);
  }

  static NodeId idOf(Worker worker) {
    return worker.tree().identity().node();
  }

  Worker worker(int index) {
    return workers.get(index);
  }

  /// How many tags a worker's parent knows it to want, its inbox left out.
  int tagsAtParentOf(Worker worker) {
    TreeNode parent = (TreeNode) machines.get(parentOf(worker));
    return parent.view().childClients().stream()
            .filter(child -> child.node().equals(idOf(worker)))
            .mapToInt(NodeView.Child::tags)
            .sum()
        - 1;
  }

  NodeId parentOf(Worker worker) {
    return worker.tree().view().parent().orElseThrow();
  }

  /// What becomes of messages under way, by receiver: none, the message, others.
  void fate(BiFunction<NodeId, Message, List<Message>> decided) {
    fate = decided;
  }

  // Commands, each answered with all outcomes so far of its request.

  long command(Worker worker, java.util.function.LongFunction<StoreCommand> command) {
    long request = ++lastRequest;
    give(idOf(worker), command.apply(request));
    return request;
  }

  Version put(Worker worker, String key, String value) {
    long request = command(worker, r -> new StoreCommand.Put(r, key, Bytes.utf8(value)));
    return ((StoreOutcome.Written) last(worker, request)).version();
  }

  void delete(Worker worker, String key) {
    command(worker, r -> new StoreCommand.Delete(r, key));
  }

  long watch(Worker worker, String prefix) {
    return command(worker, r -> new StoreCommand.Watch(r, prefix, true));
  }

  long watchKey(Worker worker, String key) {
    return command(worker, r -> new StoreCommand.Watch(r, key, false));
  }

  long get(Worker worker, String key) {
    return command(worker, r -> new StoreCommand.Get(r, key));
  }

  List<StoreOutcome> outcomes(Worker worker, long request) {
    return outcomes.get(idOf(worker)).stream().filter(o -> o.request() == request).toList();
  }

  /// Drops the outcomes so far of that request.
  void forget(Worker worker, long request) {
    outcomes.get(idOf(worker)).removeIf(outcome -> outcome.request() == request);
  }

  StoreOutcome last(Worker worker, long request) {
    return outcomes(worker, request).getLast();
  }

  /// The values a watch has told, as `key=value`, deletions as `key-`.
  List<String> told(Worker worker, long request) {
    List<String> told = new ArrayList<>();
    for (StoreOutcome outcome : outcomes(worker, request)) {
      if (outcome instanceof StoreOutcome.Changed(long _, Revision revision)) {
        told.add(revision.key() + revision.value().map(value -> "=" + value.asUtf8()).orElse("-"));
      }
    }
    return told;
  }

  static String value(Worker worker, String key) {
    return worker.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("(none)");
  }

  static long counter(Worker worker, String name) {
    for (Message.Counter counter : worker.counters()) {
      if (counter.name().equals(name)) {
        return counter.value();
      }
    }
    throw new IllegalArgumentException("no counter " + name);
  }

  // Faults.

  /// The node ends in good order: what it says last arrives, then its connections close.
  void stop(NodeId id) {
    give(id, new Event.Stop());
    machines.remove(id);
    listeners.values().remove(id);
    endsOf(id).forEach(this::close);
  }

  /// The node is gone, its connections with it.
  void kill(NodeId id) {
    machines.remove(id);
    listeners.values().remove(id);
    cutAll(id);
  }

  /// The process is stopped for so long: its connections stay open on its side, what comes in piles up.
  void sleep(NodeId id, long millis) {
    asleep.put(id, new ArrayList<>());
    advanceMillis(millis);
  }

  void wake(NodeId id) {
    asleep.remove(id).forEach(event -> give(id, event));
  }

  /// All connections of the node break.
  void cutAll(NodeId id) {
    for (End end : endsOf(id)) {
      End other = peers.get(end);
      if (other != null && broken.add(end)) {
        broken.add(other);
        after(0, () -> tellClosed(other, "cut"));
        after(0, () -> tellClosed(end, "cut"));
      }
    }
  }

  private List<End> endsOf(NodeId id) {
    return peers.keySet().stream().filter(end -> end.node().equals(id)).toList();
  }

  /// Nobody can dial this node, or it can again.
  void listening(NodeId id, boolean listening) {
    if (listening) {
      listeners.put(addressOf(id), id);
    } else {
      listeners.remove(addressOf(id));
    }
  }

  /// The owner hears no more of it from now on, the other end when all has arrived that was sent before.
  private void close(End end) {
    refused.remove(end);
    End other = peers.remove(end);
    if (other != null) {
      long at = Math.max(busyUntil.getOrDefault(end, 0L), nowNanos);
      queue.add(new Due(at, order++, () -> tellClosed(other, "closed")));
    }
  }

  private void tellClosed(End end, String cause) {
    if (peers.remove(end) != null) {
      give(end.node(), new Event.LinkClosed(end.link(), cause));
    }
  }

  // The world.

  void give(NodeId id, Event event) {
    List<Event> piled = asleep.get(id);
    if (piled != null) {
      piled.add(event);
      return;
    }
    Machine machine = machines.get(id);
    if (machine == null) {
      return;
    }
    Effects effects = new Effects();
    try {
      machine.handle(event, nowNanos, effects);
    } finally {
      noteAnswers(machine, effects);
      for (Effect effect : effects) {
        carryOut(id, effect);
      }
    }
  }

  private void noteAnswers(Machine machine, Effects effects) {
    long bytes = 0;
    for (Effect effect : effects) {
      if (machine instanceof Worker
          && effect instanceof Effect.Send(LinkId _, Message.AnycastAnswer answer)) {
        answersSent.merge(answer.origin(), 1, Integer::sum);
        bytes += answer.records().stream().mapToLong(record -> record.payload().size()).sum();
      }
    }
    largestBurstBytes = Math.max(largestBurstBytes, bytes);
  }

  private void carryOut(NodeId id, Effect effect) {
    switch (effect) {
      case Effect.Send send -> send(id, send.link(), send.message());
      case Effect.Forward forward -> {
        for (LinkId link : forward.links()) {
          send(
              id,
              link,
              new Multicast.Plain(forward.multicast().hops() + 1, forward.multicast().records()));
        }
      }
      case Effect.Admit admitted -> {}
      case Effect.OpenLink open -> dial(id, open);
      case Effect.CloseLink close -> close(new End(id, close.link()));
      case Effect.SetTimer set ->
          queue.add(
              new Due(set.atNanos(), order++, () -> give(id, new Event.TimerFired(set.timer()))));
      case Effect.Report _, Effect.Upcall _ -> {}
      case StoreOutcome outcome -> outcomes.get(id).add(outcome);
      case Effect.Outcome other -> throw new IllegalStateException("a store has no " + other);
    }
  }

  private void send(NodeId from, LinkId link, Message message) {
    End near = new End(from, link);
    End far = peers.get(near);
    if (far == null || broken.contains(near)) {
      return;
    }
    for (Message arriving : fate.apply(far.node(), message)) {
      long at =
          Math.max(
              busyUntil.getOrDefault(near, 0L), nowNanos + random.nextLong(100_000, 3_000_000));
      busyUntil.put(near, at);
      byte[] frame = codec.encode(arriving);
      queue.add(new Due(at, order++, () -> take(far, frame)));
    }
  }

  private void take(End end, byte[] frame) {
    if (peers.containsKey(end) && !broken.contains(end)) {
      try {
        give(end.node(), new Event.Received(end.link(), codec.decode(frame)));
      } catch (MalformedFrameException e) {
        throw new IllegalStateException("a node sent what no node can read", e);
      }
    }
  }

  private void dial(NodeId from, Effect.OpenLink open) {
    NodeId to = listeners.get(open.address());
    End near = new End(from, open.link());
    if (to == null) {
      refused.add(near);
      after(
          1,
          () -> {
            if (refused.remove(near)) {
              give(from, new Event.LinkClosed(open.link(), "refused"));
            }
          });
      return;
    }
    End far = new End(to, new LinkId(-accepted.merge(to, 1L, Long::sum)));
    peers.put(near, far);
    peers.put(far, near);
    after(0, () -> open(far));
    after(0, () -> open(near));
  }

  private void open(End end) {
    if (peers.containsKey(end)) {
      give(end.node(), new Event.LinkOpened(end.link()));
    }
  }

  private void after(long millis, Runnable action) {
    queue.add(new Due(nowNanos + millis * 1_000_000, order++, action));
  }

  void advanceMillis(long millis) {
    long end = nowNanos + millis * 1_000_000;
    while (!queue.isEmpty() && queue.peek().atNanos() <= end) {
      Due due = queue.remove();
      nowNanos = Math.max(nowNanos, due.atNanos());
      due.action().run();
    }
    nowNanos = end;
  }
}
