package dev.banyan.protocol.tree;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.TreeTimer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One node whose neighbours are played by the test, word by word, at the time that the test chooses.
final class ByHand {

  static final NodeId SELF = new NodeId(1);
  static final NodeId ROOT = new NodeId(100);
  private static final long TERM = 1;

  private final TreeNode node;
  private final Map<TreeTimer, Effect.SetTimer> timers = new EnumMap<>(TreeTimer.class);
  private long nowNanos;
  private long attempt;
  private long accepted;
  private LinkId dialled = new LinkId(0);

  /// What came of the last event.
  List<Effect> effects = List.of();

  ByHand(NodeKind kind, TreeConfig config) {
    this(kind, config, kind == NodeKind.ROOT ? List.of() : List.of(addressOf(ROOT)));
  }

  ByHand(NodeKind kind, TreeConfig config, List<Address> roots) {
    this(kind, config, roots, null);
  }

  ByHand(NodeKind kind, TreeConfig config, List<Address> roots, @Nullable Pruner pruner) {
    node =
        new TreeNode(
            Identity.of(SELF, kind, kind.routes() ? addressOf(SELF) : Address.NONE, 1),
            config,
            roots,
            new SplittableRandom(1),
            now -> 1_800_000_000_000L + now / 1_000_000,
            pruner);
    give(new Event.Start());
  }

  static Address addressOf(NodeId id) {
    return new Address("node" + id.value(), 1);
  }

  NodeView view() {
    return node.view();
  }

  void give(Event event) {
    Effects made = new Effects();
    node.handle(event, nowNanos, made);
    effects = new ArrayList<>();
    for (Effect effect : made) {
      effects.add(effect);
      if (effect instanceof Effect.SetTimer set) {
        timers.put((TreeTimer) set.timer().kind(), set);
      } else if (effect instanceof Effect.OpenLink open) {
        dialled = open.link();
      }
    }
  }

  void receive(LinkId link, Message message) {
    give(new Event.Received(link, message));
  }

  /// When the timer that was set last is due, and this much later.
  void fire(TreeTimer kind, long lateNanos) {
    Effect.SetTimer set = timers.get(kind);
    if (set == null) {
      throw new IllegalStateException("no timer for " + kind);
    }
    nowNanos = Math.max(nowNanos, set.atNanos() + lateNanos);
    give(new Event.TimerFired(set.timer()));
  }

  void fire(TreeTimer kind) {
    fire(kind, 0);
  }

  long nowNanos() {
    return nowNanos;
  }

  /// Lets time pass; no timer fires.
  void pass(long nanos) {
    nowNanos += nanos;
  }

  /// A counter of the node.
  long counted(String name) {
    return node.counters().stream()
        .filter(counter -> counter.name().equals(name))
        .mapToLong(Message.Counter::value)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no counter " + name));
  }

  static Message.Hello hello(NodeId id, NodeKind kind) {
    return new Message.Hello(Message.Hello.VERSION, "main", id, kind, id.value(), Bytes.EMPTY);
  }

  /// Somebody dials this node and says this first.
  LinkId stranger(Message.Hello hello) {
    LinkId link = new LinkId(--accepted);
    give(new Event.LinkOpened(link));
    receive(link, hello);
    return link;
  }

  /// The root is asked for a place, and names this parent, which is dialled.
  LinkId assigned(NodeId parent, NodeKind kind) {
    fire(TreeTimer.JOIN);
    LinkId call = dialled;
    give(new Event.LinkOpened(call));
    receive(call, hello(ROOT, NodeKind.ROOT));
    attempt++;
    receive(call, new Message.AssignParent(SELF, attempt, parent, addressOf(parent), List.of()));
    LinkId link = dialled;
    give(new Event.LinkOpened(link));
    receive(link, hello(parent, kind));
    return link;
  }

  /// As [#assigned], and the parent takes this node.
  LinkId attached(NodeId parent) {
    LinkId link = assigned(parent, NodeKind.ROUTER);
    receive(
        link,
        new Message.Attached(
            SELF,
            attempt,
            TERM,
            List.of(),
            pathOf(parent, 1),
            Message.InterestLimits.UNSAID,
            0,
            0));
    return link;
  }

  /// From the root to this child of it.
  static List<Message.PathEntry> pathOf(NodeId router, long attachNumber) {
    return List.of(new Message.PathEntry(ROOT, 0), new Message.PathEntry(router, attachNumber));
  }

  /// A heartbeat of a parent; an empty path: it has no root.
  static Message beat(List<Message.PathEntry> path) {
    return new Message.Heartbeat(
        !path.isEmpty(),
        TERM,
        0,
        0,
        0,
        new Message.Heartbeat.FromParent(
            path, 0, false, false, Dialable.UNKNOWN, Message.InterestLimits.UNSAID, 0, 0));
  }

  /// A heartbeat of a child without a subtree, which has said so much of its interest.
  static Message beat(long version, long hash) {
    return new Message.Heartbeat(
        true,
        TERM,
        version,
        hash,
        0,
        new Message.Heartbeat.FromChild(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  /// A childless joiner is taken.
  LinkId child(NodeId id, NodeKind kind) {
    LinkId link = stranger(hello(id, kind));
    receive(link, attach(id, kind, 0, List.of()));
    return link;
  }

  /// The first attach of a joiner with so many clients below it.
  static Message.Attach attach(NodeId id, NodeKind kind, int clients, List<NodeId> climbed) {
    Address address = kind.routes() ? addressOf(id) : Address.NONE;
    return new Message.Attach(id, kind, address, 1, 1, clients, 0, climbed);
  }

  /// The messages that the last event sent on this link.
  List<Message> sentOn(LinkId link) {
    List<Message> sent = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send(LinkId to, Message message) && to.equals(link)) {
        sent.add(message);
      } else if (effect instanceof Effect.Forward(LinkId[] to, var multicast)
          && List.of(to).contains(link)) {
        sent.add(multicast);
      }
    }
    return sent;
  }

  /// The links that the last event had dialled, and where.
  List<Effect.OpenLink> dialled() {
    return effects.stream()
        .filter(Effect.OpenLink.class::isInstance)
        .map(Effect.OpenLink.class::cast)
        .toList();
  }

  /// What the last event reported.
  List<Effect.Report.Kind> reported() {
    return effects.stream()
        .filter(Effect.Report.class::isInstance)
        .map(report -> ((Effect.Report) report).kind())
        .toList();
  }

  boolean missed(Effect.Missed.Cause cause) {
    return effects.stream()
        .anyMatch(effect -> effect instanceof Effect.Missed missed && missed.cause() == cause);
  }

  /// Why the last event closed this link; empty if it did not.
  String closed(LinkId link) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.CloseLink(LinkId which, String cause) && which.equals(link)) {
        return cause;
      }
    }
    return "";
  }
}
