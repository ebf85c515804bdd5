package dev.banyan.protocol.tree;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.balance.UsageReports;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.interest.TagShares;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.link.Uplink;
import dev.banyan.protocol.placement.Groups;
import dev.banyan.protocol.placement.Placement;
import dev.banyan.protocol.placement.Reservations;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.List;

/// Heartbeats out, and the sweep for those who have fallen silent (§2.4).
final class Liveness {

  /// What is done about the silent.
  interface Verdict {
    void silent(Link link, String cause);
  }

  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final Placement placement;
  private final Reservations reservations;
  private final Groups groups;
  private final InterestExchange interest;
  private final TagShares shares;
  private final Tally tally;
  private final UsageReports usage;
  private long dueNanos;
  private int load;

  Liveness(
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      Placement placement,
      Reservations reservations,
      Groups groups,
      InterestExchange interest,
      TagShares shares,
      Tally tally,
      UsageReports usage) {
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.placement = placement;
    this.reservations = reservations;
    this.groups = groups;
    this.interest = interest;
    this.shares = shares;
    this.tally = tally;
    this.usage = usage;
  }

  void start() {
    arm(turn.jitterNanos(config.timing().heartbeatNanos()));
  }

  private void arm(long delayNanos) {
    dueNanos = turn.nowNanos() + delayNanos;
    turn.arm(TreeTimer.HEARTBEAT, delayNanos);
  }

  void onHeartbeatTimer(Verdict verdict) {
    forgiveOwnSleep();
    sweep(verdict);
    reservations.expire();
    sendAll();
    arm(config.timing().heartbeatNanos());
  }

  /// A node that was stopped itself (a pause of the host, a long collection) finds everybody silent when it wakes. That
  /// is not held against them: what they sent is still to be read.
  private void forgiveOwnSleep() {
    long lateNanos = turn.nowNanos() - dueNanos;
    if (lateNanos > config.timing().heartbeatNanos() / 2) {
      for (Link link : links.allNow()) {
        link.forgive(lateNanos);
      }
    }
  }

  private void sweep(Verdict verdict) {
    long now = turn.nowNanos();
    for (Link link : links.allNow()) {
      if (isDialling(link)) {
        continue;
      }
      if (overstays(link)) {
        verdict.silent(link, "a stranger for longer than a join takes");
      } else if (!waits(link) && now - link.lastHeardNanos() > timeoutOf(link)) {
        verdict.silent(link, "silent for longer than the heartbeat timeout");
      } else if (link.stuckFor(config.timing().slowLinkNanos(), now)) {
        String cause = "congested, and has taken nothing for too long";
        if (link.greeted()) {
          turn.report(Effect.Report.Kind.SLOW_LINK_CLOSED, link.peer(), cause, 0);
        }
        verdict.silent(link, cause);
      }
    }
  }

  /// How long this peer may be silent: as many of its intervals as we would wait of ours.
  private long timeoutOf(Link link) {
    TreeConfig.Timing timing = config.timing();
    double intervals = (double) timing.heartbeatTimeoutNanos() / timing.heartbeatNanos();
    return (long) (intervals * link.heartbeatNanos(timing.heartbeatNanos()));
  }

  /// Whether whoever dialled it minds how long it takes.
  private static boolean isDialling(Link link) {
    return switch (link.role()) {
      case CALL, CANDIDATE, PROBE -> true;
      case STRANGER, CHILD, PARENT, OLD_PARENT -> false;
    };
  }

  /// Whether this is a joiner: it has nothing to say until it is answered, for as long as it has patience.
  private static boolean waits(Link link) {
    return link.role() == Link.Role.STRANGER
        && link.greeted()
        && link.peerKind() != NodeKind.OBSERVER;
  }

  /// Whoever is neither child nor observer came to join, and has had the time for it.
  private boolean overstays(Link link) {
    TreeConfig.Timing timing = config.timing();
    long limit =
        Math.max(
            timing.heartbeatTimeoutNanos(), timing.longestJoinNanos() + timing.joinTimeoutNanos());
    return link.role() == Link.Role.STRANGER
        && !(link.greeted() && link.peerKind() == NodeKind.OBSERVER)
        && turn.nowNanos() - link.openedNanos() > limit;
  }

  private void sendAll() {
    for (Link child : links.children()) {
      toChild(child);
    }
    Link parent = links.parent();
    if (parent != null) {
      toParent(parent);
    }
    Link old = links.oldParent();
    if (old != null) {
      toParent(old);
    }
  }

  /// The path has changed: everybody below should know at once.
  void tellChildren() {
    for (Link child : links.children()) {
      toChild(child);
    }
  }

  /// Something has changed that only this child need know.
  void tellChild(Link link) {
    toChild(link);
  }

  void tellParent() {
    Link parent = links.parent();
    if (parent != null) {
      toParent(parent);
    }
  }

  /// Tells the parent at once when it must think that nobody finds a place below this node, and somebody would.
  ///
  /// What a parent knows of free places is as old as the last heartbeat, level by level. While a crowd joins, or after
  /// many have died, it would turn joiners away although there is room: for as many heartbeats as the tree has levels.
  void tellOfRoom() {
    Link parent = links.parent();
    if (parent != null
        && (hidesRoom(parent, NodeKind.CLIENT) || hidesRoom(parent, NodeKind.ROUTER))) {
      toParent(parent);
    }
  }

  private boolean hidesRoom(Link parent, NodeKind kind) {
    return parent.uplink().seemsFull(kind) && freePlaces(kind) > 0;
  }

  /// Of this kind, here and below.
  private int freePlaces(NodeKind kind) {
    int free = placement.freeSlots(kind);
    for (Link link : links.childRouters()) {
      Child child = link.child();
      if (child.repute().dialable() == Dialable.NO) {
        continue;
      }
      free = sum(free, kind == NodeKind.ROUTER ? child.freeRouterSlots() : child.freeClientSlots());
    }
    return free;
  }

  /// Tells one child at once what it would hear with the next heartbeat.
  void tell(Link child) {
    toChild(child);
  }

  private void toChild(Link link) {
    tally.count(Tally.Count.HEARTBEATS_OUT);
    Child child = link.child();
    turn.send(
        link.id(),
        new Message.Heartbeat(
            position.rooted(),
            position.rootTerm(),
            child.answered().version(),
            child.answered().toldHash(),
            link.unwantedIn(),
            groups.decided(),
            new Message.Heartbeat.FromParent(
                position.rooted() ? position.path() : List.of(),
                interest.aim(),
                usage.asked(),
                usage.reassigning(),
                child.repute().dialable(),
                shares.limits(link),
                position.rooted() ? turn.clock().millisAt(turn.nowNanos()) : 0,
                turn.horizon().millis())));
  }

  private void toParent(Link link) {
    tally.count(Tally.Count.HEARTBEATS_OUT);
    Uplink up = link.uplink();
    int expectedClients = reservations.count(NodeKind.CLIENT);
    int expectedRouters = reservations.count(NodeKind.ROUTER);
    int freeClients = freePlaces(NodeKind.CLIENT);
    int freeRouters = freePlaces(NodeKind.ROUTER);
    int queued = load;
    for (Link each : links.children()) {
      Child child = each.child();
      boolean router = each.peerKind() == NodeKind.ROUTER;
      expectedClients = sum(expectedClients, child.expectedClients() + (router ? 0 : 1));
      expectedRouters = sum(expectedRouters, child.expectedRouters() + (router ? 1 : 0));
      queued = sum(queued, child.load());
    }
    up.toldPlaces(freeClients, freeRouters);
    turn.send(
        link.id(),
        new Message.Heartbeat(
            position.rooted(),
            position.rootTerm(),
            up.sentVersion(),
            up.sentHash(),
            link.unwantedIn(),
            groups.below(),
            new Message.Heartbeat.FromChild(
                links.clients(),
                links.routers(),
                expectedClients,
                expectedRouters,
                freeClients,
                freeRouters,
                up.joinsSeen(),
                queued,
                up.tasksSeen(),
                turn.clock().forParentMillis(turn.nowNanos()),
                turn.horizon().millis())));
  }

  /// Sizes come from outside: they saturate rather than overflow.
  private static int sum(int a, int b) {
    return (int) Math.min((long) a + b, Integer.MAX_VALUE);
  }

  void load(int queuedTasks) {
    load = queuedTasks;
  }
}
