package dev.banyan.bench.jmh;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A root and clients attached to it, in one thread's memory: messages are handed over as objects, at once. No full driver
/// of machines: only the root can be dialled, no link is ever closed, and what is forwarded is handed over as it came, so
/// that nothing but the node is measured.
final class MemoryTree {

  private static final Address ROOT_ADDRESS = new Address("root", 1);
  private static final long HEARTBEAT_NANOS = TreeConfig.DEFAULT.timing().heartbeatNanos();

  /// One node and what its effects are waiting for.
  final class Member {
    final TreeNode node;
    private final Map<LinkId, End> links = new HashMap<>();
    private final List<Effect.SetTimer> timers = new ArrayList<>();
    private long accepted;

    Member(TreeNode node) {
      this.node = node;
    }

    void give(Event event) {
      queue.add(new Step(this, event));
      pump();
    }

    /// The link to the only neighbour.
    LinkId onlyLink() {
      return links.keySet().iterator().next();
    }

    /// The neighbour's name for a link.
    LinkId otherEnd(LinkId link) {
      return end(link).otherLink;
    }

    private End end(LinkId link) {
      End end = links.get(link);
      if (end == null) {
        throw new IllegalStateException("no link " + link);
      }
      return end;
    }

    private void fireTimers() {
      List<Effect.SetTimer> due =
          timers.stream().filter(timer -> timer.atNanos() <= nowNanos).toList();
      timers.removeAll(due);
      for (Effect.SetTimer timer : due) {
        give(new Event.TimerFired(timer.timer()));
      }
    }
  }

  private record End(Member other, LinkId otherLink) {}

  private record Step(Member member, Event event) {}

  private final ArrayDeque<Step> queue = new ArrayDeque<>();
  private final Effects effects = new Effects();
  private final Member root;
  private final List<Member> clients = new ArrayList<>();
  private boolean pumping;
  private long nowNanos = 1;

  MemoryTree(int clientCount) {
    root = member(NodeKind.ROOT, 1, ROOT_ADDRESS, List.of());
    root.give(new Event.Start());
    for (int i = 0; i < clientCount; i++) {
      Member client = member(NodeKind.CLIENT, 100 + i, Address.NONE, List.of(ROOT_ADDRESS));
      clients.add(client);
      client.give(new Event.Start());
    }
    pass(HEARTBEAT_NANOS / 10);
    for (Member client : clients) {
      if (client.node.view().parent().isEmpty()) {
        throw new IllegalStateException(client.node.identity() + " found no parent");
      }
    }
  }

  Member root() {
    return root;
  }

  Member client(int index) {
    return clients.get(index);
  }

  long nowNanos() {
    return nowNanos;
  }

  /// Lets time pass: whatever is gathered is sent.
  void pass(long nanos) {
    nowNanos += nanos;
    root.fireTimers();
    clients.forEach(Member::fireTimers);
    root.fireTimers();
  }

  private Member member(NodeKind kind, long id, Address address, List<Address> roots) {
    return new Member(
        new TreeNode(
            Identity.of(new NodeId(id), kind, address, id),
            TreeConfig.DEFAULT,
            roots,
            new SplittableRandom(id),
            _ -> System.currentTimeMillis()));
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    for (@Nullable Step step = queue.poll(); step != null; step = queue.poll()) {
      effects.clear();
      step.member.node.handle(step.event, nowNanos, effects);
      for (int i = 0; i < effects.size(); i++) {
        carryOut(step.member, effects.get(i));
      }
    }
    pumping = false;
  }

  private void carryOut(Member member, Effect effect) {
    switch (effect) {
      case Effect.Send send -> {
        End to = member.end(send.link());
        queue.add(new Step(to.other, new Event.Received(to.otherLink, send.message())));
      }
      case Effect.Forward forward -> {
        for (LinkId link : forward.links()) {
          End to = member.end(link);
          queue.add(new Step(to.other, new Event.Received(to.otherLink, forward.multicast())));
        }
      }
      case Effect.OpenLink open -> {
        LinkId accepted = new LinkId(--root.accepted);
        member.links.put(open.link(), new End(root, accepted));
        root.links.put(accepted, new End(member, open.link()));
        queue.add(new Step(root, new Event.LinkOpened(accepted)));
        queue.add(new Step(member, new Event.LinkOpened(open.link())));
      }
      case Effect.CloseLink close ->
          throw new IllegalStateException("a link was closed: " + close.cause());
      case Effect.SetTimer timer -> member.timers.add(timer);
      case Effect.Admit admitted -> {}
      case Effect.Upcall upcall -> {}
      case Effect.Outcome outcome -> {}
      case Effect.Report report -> {}
    }
  }
}
