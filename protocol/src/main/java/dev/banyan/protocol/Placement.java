package dev.banyan.protocol;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A router's part in finding places for joiners (§2.2): takes one, passes the request to a child, or gives it back.
///
/// Clients go down to the child router with the fewest clients, routers stay as high as there is room. What was passed
/// on counts as a member of that child until its heartbeat accounts for it, and a place promised is held until the
/// joiner's next attempt, so that a crowd does not herd into one subtree or into one place.
final class Placement {

  private record Reservation(NodeKind kind, long expiresNanos) {}

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final Tally tally;
  private final Map<NodeId, Reservation> reservations = new LinkedHashMap<>();
  private long startedNanos;

  Placement(
      Identity identity,
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      Tally tally) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.tally = tally;
  }

  void start() {
    startedNanos = turn.nowNanos();
  }

  void onJoinRequest(Link from, Message.JoinRequest request) {
    if (!identity.kind().routes() || request.path().size() >= Position.MAX_DEPTH) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    switch (from.role()) {
      case STRANGER -> fromJoiner(from, request);
      case PARENT -> {
        from.uplink().joinSeen(request);
        if (request.returned() || request.path().isEmpty()) {
          tally.count(Tally.Count.IGNORED_UNEXPECTED);
        } else if (position.rooted()) {
          place(extended(request));
        } else {
          giveBack(request);
        }
      }
      case CHILD -> fromChild(request);
      case CALL, CANDIDATE, OLD_PARENT -> tally.count(Tally.Count.IGNORED_UNEXPECTED);
    }
  }

  private void fromJoiner(Link from, Message.JoinRequest request) {
    boolean member = request.kind() == NodeKind.CLIENT || request.kind() == NodeKind.ROUTER;
    if (!from.isTo(request.joiner()) || !request.path().isEmpty() || !member) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    } else if (!position.isRoot()) {
      refuse(from, request, Message.Refused.Reason.NOT_ROOT, "this is no root: ask a root");
    } else if (request.hasParent()
        && turn.nowNanos() - startedNanos < config.timing().graceNanos()) {
      refuse(from, request, Message.Refused.Reason.ROOT_YOUNG, "the root has just started: wait");
    } else {
      place(extended(request));
    }
  }

  private void fromChild(Message.JoinRequest request) {
    List<Message.Hop> path = request.path();
    if (!request.returned() || path.isEmpty() || !path.getLast().node().equals(identity.node())) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    place(request);
  }

  private Message.JoinRequest extended(Message.JoinRequest request) {
    List<Message.Hop> path = new ArrayList<>(request.path());
    path.add(new Message.Hop(identity.node(), List.of()));
    return withPath(request, path, false);
  }

  /// The request stands here: its path ends with this node.
  private void place(Message.JoinRequest request) {
    List<NodeId> tried = request.path().getLast().tried();
    if (request.kind() == NodeKind.ROUTER) {
      if (hasRoom(NodeKind.ROUTER)) {
        take(request);
      } else {
        passOrGiveBack(request, bestForRouter(request, tried));
      }
    } else if (!request.route().isEmpty()) {
      placeAlong(request, tried);
    } else {
      Optional<Link> child = bestForClient(request, tried);
      if (child.isEmpty() && hasRoom(NodeKind.CLIENT)) {
        take(request);
      } else {
        passOrGiveBack(request, child);
      }
    }
  }

  /// The request names the router that should take the client: that one does, or nobody.
  private void placeAlong(Message.JoinRequest request, List<NodeId> tried) {
    int depth = request.path().size() - 1;
    List<NodeId> route = request.route();
    if (depth == route.size()) {
      if (freeSlots(NodeKind.CLIENT, 1) > 0) {
        take(request);
      } else {
        passOrGiveBack(request, Optional.empty());
      }
    } else {
      passOrGiveBack(
          request,
          depth < route.size()
              ? links.child(route.get(depth)).filter(link -> eligible(link, request, tried))
              : Optional.empty());
    }
  }

  private Optional<Link> bestForClient(Message.JoinRequest request, List<NodeId> tried) {
    List<Link> best = new ArrayList<>();
    for (Link link : links.children()) {
      if (eligible(link, request, tried) && link.child().freeClientSlots() > 0) {
        keepFewest(
            best,
            link,
            best.isEmpty()
                ? 0
                : link.child().expectedClients() - best.getFirst().child().expectedClients());
      }
    }
    return pick(best);
  }

  private Optional<Link> bestForRouter(Message.JoinRequest request, List<NodeId> tried) {
    List<Link> best = new ArrayList<>();
    for (Link link : links.children()) {
      if (eligible(link, request, tried) && link.child().freeRouterSlots() > 0) {
        keepFewest(
            best,
            link,
            best.isEmpty()
                ? 0
                : link.child().expectedRouters() - best.getFirst().child().expectedRouters());
      }
    }
    return pick(best);
  }

  private static void keepFewest(List<Link> best, Link link, int difference) {
    if (difference < 0) {
      best.clear();
    }
    if (difference <= 0) {
      best.add(link);
    }
  }

  private static boolean eligible(Link link, Message.JoinRequest request, List<NodeId> tried) {
    return link.peerKind() == NodeKind.ROUTER
        && link.child().mayPassJoin()
        && !link.isTo(request.joiner())
        && !tried.contains(link.peer());
  }

  private Optional<Link> pick(List<Link> best) {
    return switch (best.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(best.getFirst());
      default -> Optional.of(best.get(turn.pick(best.size())));
    };
  }

  private void take(Message.JoinRequest request) {
    tally.count(Tally.Count.JOINS_TAKEN);
    hold(request.joiner(), request.kind(), config.timing().joinTimeoutNanos());
    List<NodeId> route = new ArrayList<>();
    for (Message.Hop hop : request.path().subList(0, request.path().size() - 1)) {
      route.add(hop.node());
    }
    backToJoiner(
        new Message.AssignParent(
            request.joiner(),
            request.attempt(),
            identity.node(),
            identity.address(),
            List.copyOf(route)));
  }

  private void passOrGiveBack(Message.JoinRequest request, Optional<Link> to) {
    if (to.isEmpty()) {
      giveBack(withPath(request, request.path().subList(0, request.path().size() - 1), true));
      return;
    }
    tally.count(Tally.Count.JOINS_PASSED);
    Link link = to.get();
    Message.Hop here = request.path().getLast();
    List<NodeId> tried = new ArrayList<>(here.tried());
    tried.add(link.peer());
    List<Message.Hop> path = new ArrayList<>(request.path());
    path.set(path.size() - 1, new Message.Hop(identity.node(), List.copyOf(tried)));
    link.child().joinPassed(request);
    turn.send(link, withPath(request, path, false));
  }

  /// Nobody here can take the joiner: whoever passed the request on may try another.
  private void giveBack(Message.JoinRequest request) {
    Link parent = links.parent();
    if (position.isRoot()) {
      links
          .stranger(request.joiner())
          .ifPresent(link ->
              refuse(
                  link,
                  request,
                  Message.Refused.Reason.TREE_FULL,
                  "no router of the tree has room for a "
                      + (request.kind() == NodeKind.ROUTER ? "router" : "client")
                      + ": add routers, or raise their limits"));
    } else if (parent != null) {
      tally.count(Tally.Count.JOINS_RETURNED);
      turn.send(parent, withPath(request, request.path(), true));
    }
  }

  private void refuse(
      Link link, Message.JoinRequest request, Message.Refused.Reason reason, String detail) {
    tally.count(Tally.Count.JOINS_REFUSED);
    turn.send(
        link, new Message.Refused(request.joiner(), request.attempt(), reason, detail, List.of()));
  }

  /// An answer on its way back: from a child, or our own.
  void onAssignParent(Message.AssignParent assign) {
    List<NodeId> route = assign.route();
    if (route.isEmpty() || !route.getLast().equals(identity.node())) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    backToJoiner(
        new Message.AssignParent(
            assign.joiner(),
            assign.attempt(),
            assign.parent(),
            assign.parentAddress(),
            List.copyOf(route.subList(0, route.size() - 1))));
  }

  private void backToJoiner(Message.AssignParent assign) {
    Link parent = links.parent();
    if (assign.route().isEmpty() && position.isRoot()) {
      links.stranger(assign.joiner()).ifPresent(link -> turn.send(link, assign));
    } else if (parent != null) {
      turn.send(parent, assign);
    }
  }

  /// Whether a child of this kind can be taken, with what is promised to others.
  boolean hasRoom(NodeKind kind) {
    return freeSlots(kind) > 0;
  }

  int freeSlots(NodeKind kind) {
    return freeSlots(kind, 0);
  }

  /// @param more places than it has, for one that will soon be free
  private int freeSlots(NodeKind kind, int more) {
    expire();
    int taken = links.count(kind);
    for (Reservation reservation : reservations.values()) {
      if (reservation.kind() == kind) {
        taken++;
      }
    }
    return Math.max(0, capacity(kind) + more - taken);
  }

  private int capacity(NodeKind kind) {
    return kind == NodeKind.ROUTER ? config.capacity().routers() : config.capacity().clients();
  }

  /// Whether a place is held for this joiner.
  boolean holdsFor(NodeId joiner) {
    expire();
    return reservations.containsKey(joiner);
  }

  /// Holds a place for this joiner, for so long from now.
  void hold(NodeId joiner, NodeKind kind, long nanos) {
    reservations.put(joiner, new Reservation(kind, turn.nowNanos() + nanos));
  }

  /// No place is held for this joiner any more: it has taken it, or will not.
  void release(NodeId joiner) {
    reservations.remove(joiner);
  }

  int reservations(NodeKind kind) {
    expire();
    int count = 0;
    for (Reservation reservation : reservations.values()) {
      if (reservation.kind() == kind) {
        count++;
      }
    }
    return count;
  }

  /// Promises that nobody came for end before the joiner asks again: an unused one is the paper's false parent.
  void expire() {
    if (reservations.isEmpty()) {
      return;
    }
    Iterator<Reservation> each = reservations.values().iterator();
    while (each.hasNext()) {
      if (each.next().expiresNanos() <= turn.nowNanos()) {
        each.remove();
        tally.count(Tally.Count.RESERVATIONS_EXPIRED);
      }
    }
  }

  private static Message.JoinRequest withPath(
      Message.JoinRequest request, List<Message.Hop> path, boolean returned) {
    return new Message.JoinRequest(
        request.joiner(),
        request.kind(),
        request.address(),
        request.attempt(),
        request.hasParent(),
        request.clients(),
        request.routers(),
        List.copyOf(path),
        returned,
        request.route());
  }
}
