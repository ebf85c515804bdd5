package dev.banyan.protocol.tree;

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
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// Nodes joined by perfect links in memory: every message arrives at once, in order, and time moves only when told. For
/// tests of single clauses; the simulator has latencies and faults.
public final class TestTree {

  private record Due(long atNanos, long order, NodeId node, Timer timer) {}

  private record End(NodeId node, LinkId link) {}

  final Map<NodeId, TreeNode> nodes = new LinkedHashMap<>();
  private final Map<NodeId, Machine> machines = new LinkedHashMap<>();
  public final List<String> transcript = new ArrayList<>();
  public final Map<NodeId, List<Effect>> upcalls = new LinkedHashMap<>();
  public final List<Effect.Report> reports = new ArrayList<>();

  /// What observers were told.
  public final List<Message> observed = new ArrayList<>();

  private static final NodeId OBSERVER = new NodeId(999);
  private final Map<Address, NodeId> listeners = new LinkedHashMap<>();

  /// The ends that their owners have not closed and not been told to be closed, with the other end of each.
  private final Map<End, End> peers = new LinkedHashMap<>();

  /// Ends whose link is broken: nothing passes any more, in either direction.
  private final Set<End> broken = new LinkedHashSet<>();

  /// Links that are dialled in vain, until their owner is told.
  private final Set<End> refused = new LinkedHashSet<>();

  private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>((a, b) ->
          a.atNanos != b.atNanos
              ? Long.compare(a.atNanos, b.atNanos)
              : Long.compare(a.order, b.order));
  private final SplittableRandom random = new SplittableRandom(7);
  private final TreeConfig config;
  private Predicate<Message> lost = message -> false;
  private final Map<NodeId, Long> accepted = new LinkedHashMap<>();
  private long order;
  long nowNanos;

  /// A tree whose root waits for nobody to come back.
  public TestTree(TreeConfig config) {
    this(config, false);
  }

  /// @param restarted whether the root has to think that it may have had a tree before
  TestTree(TreeConfig config, boolean restarted) {
    this.config = restarted ? config : config.withTiming(config.timing().ofNewTree());
  }

  static Address addressOf(NodeId node) {
    return new Address("node" + node.value(), 1);
  }

  public NodeId add(int number, NodeKind kind) {
    NodeId id = new NodeId(number);
    Identity identity =
        Identity.of(
            id, kind, kind.routes() ? addressOf(id) : Address.NONE, number * 1000L + nowNanos);
    TreeNode node =
        new TreeNode(
            identity,
            config,
            kind == NodeKind.ROOT ? List.of() : List.of(addressOf(new NodeId(0))),
            random.split(),
            now -> 1_800_000_000_000L + now / 1_000_000);
    nodes.put(id, node);
    start(id, node, kind.routes());
    settle();
    return id;
  }

  /// Runs any machine.
  void start(NodeId id, Machine machine, boolean listens) {
    machines.put(id, machine);
    upcalls.put(id, new ArrayList<>());
    if (listens) {
      listeners.put(addressOf(id), id);
    }
    give(id, new Event.Start());
  }

  public TreeNode node(NodeId id) {
    TreeNode node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return node;
  }

  public NodeView view(NodeId id) {
    return node(id).view();
  }

  /// Messages for which this holds vanish from now on.
  void lose(Predicate<Message> which) {
    lost = which;
  }

  /// The node says and hears nothing any more; its connections stay open.
  void hang(NodeId id) {
    nodes.remove(id);
    machines.remove(id);
  }

  /// The node ends in good order: what it says last arrives, then its connections close.
  void stop(NodeId id) {
    give(id, new Event.Stop());
    remove(id);
    endsOf(id).forEach(this::close);
    settle();
  }

  /// The node is gone, its connections with it.
  public void kill(NodeId id) {
    remove(id);
    endsOf(id).forEach(this::cut);
    settle();
  }

  private void remove(NodeId id) {
    nodes.remove(id);
    machines.remove(id);
    listeners.values().remove(id);
  }

  private List<End> endsOf(NodeId id) {
    return peers.keySet().stream().filter(end -> end.node().equals(id)).toList();
  }

  private void cut(End end) {
    End other = peers.remove(end);
    if (other != null) {
      broken.add(end);
      broken.add(other);
      pending.add(() -> tellClosed(other, "cut"));
    }
  }

  /// The owner hears no more of it from now on, the other end when all has arrived that was sent before.
  private void close(End end) {
    refused.remove(end);
    End other = peers.remove(end);
    if (other != null) {
      pending.add(() -> tellClosed(other, "closed"));
    }
  }

  private void tellClosed(End end, String cause) {
    if (peers.remove(end) != null) {
      give(end.node(), new Event.LinkClosed(end.link(), cause));
    }
  }

  public void give(NodeId id, Event event) {
    Machine machine = machines.get(id);
    if (machine == null) {
      return;
    }
    Effects effects = new Effects();
    try {
      machine.handle(event, nowNanos, effects);
    } finally {
      for (Effect effect : effects) {
        carryOut(id, effect);
      }
    }
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
      case Effect.OpenLink open -> dial(id, open);
      case Effect.CloseLink close -> close(new End(id, close.link()));
      case Effect.Admit admitted -> {}
      case Effect.SetTimer set -> timers.add(new Due(set.atNanos(), order++, id, set.timer()));
      case Effect.Report report -> reports.add(report);
      case Effect.Upcall upcall -> upcalls.get(id).add(upcall);
      case Effect.Outcome outcome -> throw new IllegalStateException("a tree has no " + outcome);
    }
  }

  private void send(NodeId from, LinkId link, Message message) {
    End near = new End(from, link);
    End to = peers.get(near);
    if (to == null || lost.test(message)) {
      return;
    }
    pending.add(() -> {
      if (!(message instanceof Message.Heartbeat)) {
        transcript.add(
            from.value() + " > " + to.node().value() + " " + message.getClass().getSimpleName());
      }
      if (to.node().equals(OBSERVER)) {
        observed.add(message);
      } else if (peers.containsKey(to) && !broken.contains(to)) {
        give(to.node(), new Event.Received(to.link(), message));
      }
    });
  }

  /// An observer opens a link to this node and says this.
  public void observe(NodeId at, Message message) {
    LinkId link = accept(at);
    peers.put(new End(at, link), new End(OBSERVER, link));
    give(at, new Event.LinkOpened(link));
    Message.Hello hello =
        new Message.Hello(
            Message.Hello.VERSION, "main", OBSERVER, NodeKind.OBSERVER, 1, Bytes.EMPTY);
    give(at, new Event.Received(link, hello));
    give(at, new Event.Received(link, message));
    settle();
  }

  private void dial(NodeId from, Effect.OpenLink open) {
    NodeId to = listeners.get(open.address());
    End near = new End(from, open.link());
    if (to == null) {
      refused.add(near);
      pending.add(() -> {
        if (refused.remove(near)) {
          give(from, new Event.LinkClosed(open.link(), "refused"));
        }
      });
      return;
    }
    End far = new End(to, accept(to));
    peers.put(near, far);
    peers.put(far, near);
    pending.add(() -> open(far));
    pending.add(() -> open(near));
  }

  private LinkId accept(NodeId at) {
    return new LinkId(-accepted.merge(at, 1L, Long::sum));
  }

  private void open(End end) {
    if (peers.containsKey(end)) {
      give(end.node(), new Event.LinkOpened(end.link()));
    }
  }

  /// Delivers what is under way, without letting time pass.
  public void settle() {
    while (!pending.isEmpty()) {
      pending.remove().run();
    }
  }

  public void advanceMillis(long millis) {
    long end = nowNanos + millis * 1_000_000;
    settle();
    while (!timers.isEmpty() && timers.peek().atNanos() <= end) {
      Due due = timers.remove();
      nowNanos = Math.max(nowNanos, due.atNanos());
      give(due.node(), new Event.TimerFired(due.timer()));
      settle();
    }
    nowNanos = end;
  }
}
