package dev.banyan.protocol.tree;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// A root in a small heap, and children that do to it whatever is thought to cost much more than it costs them. One after
/// the other, in a JVM of its own ([SmallHeapTest]); it says `alive` if it comes to its end.
final class Attacks {

  private static final int CHILDREN = 16;
  private static final long SECOND = 1_000_000_000L;

  private final TreeNode root;
  private final PriorityQueue<Effect.SetTimer> timers =
      new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
  private final SplittableRandom random = new SplittableRandom(1);
  private long nowNanos;
  private long links;
  private long lastPlanMoves = -1;

  private Attacks(int tags) {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withCapacity(new TreeConfig.Capacity(64, 256))
            .withLimits(new TreeConfig.Limits(tags, 128, 1_024, 8_192));
    root =
        new TreeNode(
            Identity.of(new NodeId(0), NodeKind.ROOT, new Address("root", 1), 1),
            config,
            List.of(),
            new SplittableRandom(2),
            nowNanos -> nowNanos / 1_000_000);
    give(new Event.Start());
    pass(60 * SECOND);
  }

  public static void main(String[] arguments) {
    int tags = TreeConfig.Limits.tagsWithin(Runtime.getRuntime().maxMemory());
    new Attacks(tags).interest(tags);
    new Attacks(tags).versions();
    new Attacks(tags).questions();
    new Attacks(tags).manyDeaf();
    new Attacks(tags).tasks();
    new Attacks(tags).marksAndRequests();
    new Attacks(tags).clients();
    System.out.println("alive");
  }

  private void give(Event event) {
    Effects effects = new Effects();
    root.handle(event, nowNanos, effects);
    for (Effect effect : effects) {
      if (effect instanceof Effect.SetTimer timer) {
        timers.add(timer);
      } else if (effect instanceof Effect.Send(LinkId _, Message.RebalancePlan plan)) {
        lastPlanMoves = plan.moves();
      }
    }
  }

  private void pass(long nanos) {
    long end = nowNanos + nanos;
    while (!timers.isEmpty() && timers.peek().atNanos() <= end) {
      Effect.SetTimer due = timers.remove();
      nowNanos = Math.max(nowNanos, due.atNanos());
      give(new Event.TimerFired(due.timer()));
    }
    nowNanos = end;
  }

  private LinkId stranger(long node, NodeKind kind) {
    LinkId link = new LinkId(--links);
    give(new Event.LinkOpened(link));
    receive(
        link,
        new Message.Hello(
            Message.Hello.VERSION, "main", new NodeId(node), kind, node, Bytes.EMPTY));
    return link;
  }

  private LinkId child(long node, NodeKind kind) {
    LinkId link = stranger(node, kind);
    Address address = kind.routes() ? new Address("node" + node, 1) : Address.NONE;
    receive(link, new Message.Attach(new NodeId(node), kind, address, 1, 1, 0, 0, List.of()));
    return link;
  }

  private void receive(LinkId link, Message message) {
    give(new Event.Received(link, message));
  }

  private static Message heartbeat(int clients) {
    return new Message.Heartbeat(
        true,
        1,
        0,
        0,
        0,
        new Message.Heartbeat.FromChild(clients, 1, clients, 1, 0, 0, 0, 0, 0, 0, 0));
  }

  private long[] tags(int count) {
    return random.longs(count).map(tag -> Tags.ofKeyHash(tag)).sorted().distinct().toArray();
  }

  private static Message.Interest interest(long version, boolean snapshot, long[] added) {
    return new Message.Interest(
        version, snapshot, Tags.BITS, false, added, new long[0], snapshot ? 1 : 0);
  }

  /// As many tags as fit a message, again and again, as clients and as routers, one's own and those of all.
  private void interest(int limit) {
    for (int round = 0; round < 4; round++) {
      long[] shared = tags(limit / 2);
      for (int i = 0; i < CHILDREN; i++) {
        LinkId link = child(100 + i, i % 2 == 0 ? NodeKind.CLIENT : NodeKind.ROUTER);
        receive(link, interest(1, true, shared));
        for (int version = 2; version < 6; version++) {
          receive(link, interest(version, false, tags(1 << 16)));
          receive(link, interest(version + 1, true, tags(1 << 16)));
        }
      }
      pass(SECOND);
    }
  }

  /// Change upon change while nothing can be answered.
  private void versions() {
    LinkId link = child(100, NodeKind.CLIENT);
    receive(link, interest(1, true, tags(100)));
    for (int version = 2; version < 40_000; version++) {
      receive(link, interest(version, false, tags(2)));
      if (version % 1_000 == 0) {
        pass(SECOND / 100);
      }
    }
  }

  /// Large ones with long ways, to children that never give them back.
  private void questions() {
    List<LinkId> deaf = new ArrayList<>();
    long tag = Tags.ofKeyHash(7);
    for (int i = 0; i < CHILDREN; i++) {
      LinkId link = child(100 + i, NodeKind.ROUTER);
      receive(link, interest(1, true, new long[] {tag}));
      deaf.add(link);
    }
    NodeId asker = new NodeId(50);
    LinkId link = child(50, NodeKind.CLIENT);
    List<NodeId> tried = LongStream.range(0, 10_000).mapToObj(NodeId::new).toList();
    for (int id = 1; id < 1_500; id++) {
      receive(
          link,
          new Message.Anycast(
              id,
              asker,
              tag,
              List.of(new Message.Hop(asker, tried)),
              false,
              Bytes.wrap(new byte[Message.Anycast.MAX_QUESTION_BYTES])));
      if (id % 25 == 0) {
        pass(SECOND);
        deaf.forEach(each -> receive(each, heartbeat(1)));
        receive(link, heartbeat(0));
      }
    }
  }

  /// As many as the root takes, each of which is asked other questions, and gives none back.
  private void manyDeaf() {
    NodeId asker = new NodeId(50);
    LinkId link = child(50, NodeKind.CLIENT);
    int id = 0;
    for (int i = 0; i < 60; i++) {
      long tag = Tags.ofKeyHash(1_000 + i);
      LinkId deaf = child(100 + i, NodeKind.ROUTER);
      receive(deaf, interest(1, true, new long[] {tag}));
      for (int k = 0; k < 32; k++) {
        receive(
            link,
            new Message.Anycast(
                ++id,
                asker,
                tag,
                List.of(new Message.Hop(asker, List.of())),
                false,
                Bytes.wrap(new byte[Message.Anycast.MAX_QUESTION_BYTES])));
      }
      pass(SECOND / 4);
      for (int other = 0; other <= i; other++) {
        receive(new LinkId(deaf.value() + i - other), heartbeat(1));
      }
      receive(link, heartbeat(0));
    }
  }

  /// With as many tags as may be, each time others.
  private void tasks() {
    child(100, NodeKind.CLIENT);
    NodeId origin = new NodeId(50);
    LinkId link = child(50, NodeKind.CLIENT);
    for (int id = 1; id < 500; id++) {
      receive(
          link,
          new Message.Dispatch(
              id, origin, tags(1_024), List.of(origin), false, false, Bytes.wrap(new byte[1_000])));
    }
  }

  /// Marks of many tags, requests, surveys and attaches that climb.
  private void marksAndRequests() {
    LinkId router = child(100, NodeKind.ROUTER);
    LinkId observer = stranger(200, NodeKind.OBSERVER);
    for (int i = 0; i < 1_500; i++) {
      receive(router, new Message.Gap(1, tags(1_000)));
      receive(observer, new Message.Survey(i, tags(20)));
      receive(observer, new Message.Rebalance(i, true));
      receive(
          router,
          new Message.Attach(
              new NodeId(i),
              NodeKind.ROUTER,
              new Address("a", 1),
              1,
              1,
              9,
              9,
              List.of(new NodeId(100))));
      LinkId joiner = stranger(1_000 + i, NodeKind.ROUTER);
      receive(
          joiner,
          new Message.JoinRequest(
              new NodeId(1_000 + i),
              NodeKind.ROUTER,
              new Address("b", 1),
              1,
              false,
              1 << 30,
              1 << 30,
              List.of(),
              false,
              List.of()));
    }
  }

  /// Thousands that do not exist, each below routers of its own, all with the same tags; and an observer that wants a plan.
  private void clients() {
    LinkId router = child(100, NodeKind.ROUTER);
    for (int client = 0; client < 6_000; client++) {
      if (client % 100 == 0) {
        pass(SECOND);
        receive(router, heartbeat(1 << 30));
      }
      List<NodeId> path = new ArrayList<>();
      for (int depth = 0; depth < 20; depth++) {
        path.add(new NodeId(10_000 + 20L * client + depth));
      }
      path.add(new NodeId(100));
      long[] tags = LongStream.range(0, 16).map(i -> random.nextLong(30_000)).distinct().toArray();
      receive(
          router,
          new Message.Usage(new NodeId(1_000_000 + client), path, tags, new int[tags.length]));
    }
    LinkId observer = stranger(200, NodeKind.OBSERVER);
    receive(observer, new Message.Rebalance(1, true));
    for (int i = 0; i < 20_000 && lastPlanMoves < 0; i++) {
      pass(SECOND / 50);
      receive(router, heartbeat(1 << 30));
      receive(observer, new Message.Survey(i));
    }
    if (lastPlanMoves < 0) {
      throw new IllegalStateException("the plan never came to an end");
    }
  }
}
