package dev.banyan.protocol.placement;

import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.link.Repute;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A router's part in finding places for joiners (§2.2): takes one, passes the request to a child, or gives it back.
///
/// Clients go down to the child router with the fewest clients, routers stay as high as there is room. What was passed
/// on counts as a member of that child until its heartbeat accounts for it, and a place promised is held until the
/// joiner's next attempt, so that a crowd does not herd into one subtree or into one place.
///
/// Nobody is sent to a router that cannot be dialled. One that was not dialled yet, whose joiners mostly come back, or that
/// has failed this very joiner, comes last: so a router that swallows joiners holds up each of them once, and few.
public final class Placement {

  // How gladly a joiner is sent to a child; this router itself stands between the first two for
  // clients, after
  // all others if it is among those that failed the joiner, and before all others for routers.
  private static final int PROVEN = 0;
  private static final int DOUBTFUL = 1;
  private static final int FAILED = 2;
  private static final int NEVER = 3;

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final Tally tally;
  private final Reservations reservations;
  private final Groups groups;
  private final Refusals refusals;
  private final JoinsUnderWay underWay;
  private long startedNanos;
  private boolean suspicion;

  public Placement(
      Identity identity,
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      Reservations reservations,
      Groups groups,
      Refusals refusals,
      Tally tally) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.reservations = reservations;
    this.groups = groups;
    this.refusals = refusals;
    this.tally = tally;
    this.underWay = new JoinsUnderWay(config, turn);
  }

  public void start() {
    startedNanos = turn.nowNanos();
  }

  /// @return whether a child router has come under suspicion
  public boolean onJoinRequest(Link from, Message.JoinRequest request) {
    suspicion = false;
    handle(from, request);
    return suspicion;
  }

  private void handle(Link from, Message.JoinRequest request) {
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
          asked(request);
        } else {
          giveBack(request);
        }
      }
      case CHILD -> fromChild(from, request);
      case CALL, CANDIDATE, OLD_PARENT, PROBE -> tally.count(Tally.Count.IGNORED_UNEXPECTED);
    }
  }

  private void fromJoiner(Link from, Message.JoinRequest request) {
    boolean member = request.kind() == NodeKind.CLIENT || request.kind() == NodeKind.ROUTER;
    if (!from.isTo(request.joiner()) || !request.path().isEmpty() || !member) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    } else if (!from.budgets(turn).mayJoin(turn.nowNanos())) {
      tally.count(Tally.Count.OVER_BUDGET);
    } else if (!position.isRoot()) {
      refusals.join(from, request, Message.Refused.Reason.NOT_ROOT, "this is no root: ask a root");
    } else if (request.hasParent()
        && turn.nowNanos() - startedNanos < config.timing().graceNanos()) {
      refusals.join(
          from, request, Message.Refused.Reason.ROOT_YOUNG, "the root has just started: wait");
    } else {
      groups
          .refusesJoiner(from)
          .ifPresentOrElse(
              why -> refusals.join(from, request, Message.Refused.Reason.INCOMPATIBLE, why),
              () -> asked(request));
    }
  }

  private void asked(Message.JoinRequest request) {
    JoinerTable.@Nullable Entry known = underWay.of(request.joiner());
    if (known != null && known.child != null) {
      hasFailed(known, links.child(known.child), request);
    }
    place(request, List.of(), known);
  }

  /// The joiner was sent to this child before, which may be gone.
  private void hasFailed(
      JoinerTable.Entry known, Optional<Link> child, Message.JoinRequest request) {
    long patience = child.map(link -> link.child().repute().patienceNanos()).orElse(0L);
    if (underWay.failed(known, request, patience) && child.isPresent()) {
      tally.count(Tally.Count.JOINERS_CAME_BACK);
      suspicion = child.get().child().repute().complaint(turn.nowNanos(), halfLifeNanos());
    }
  }

  /// In which what joiners have reported counts half: a guess, some attempts.
  private long halfLifeNanos() {
    return config.timing().graceNanos();
  }

  private void fromChild(Link from, Message.JoinRequest request) {
    JoinerTable.@Nullable Entry known =
        request.returned()
            ? underWay.returned(from.peer(), request.joiner(), request.attempt())
            : null;
    Message.JoinRequest passed = known == null ? null : known.takeRequest();
    if (passed == null) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    List<Message.Hop> path = passed.path();
    place(passed.with(path.subList(0, path.size() - 1), false), path.getLast().tried(), known);
  }

  /// The request stands here.
  ///
  /// @param request as it came: this node is not on its path
  /// @param tried children to which it was passed before, for this attempt
  /// @param known of its joiner
  private void place(
      Message.JoinRequest request, List<NodeId> tried, JoinerTable.@Nullable Entry known) {
    if (request.kind() == NodeKind.CLIENT && !request.route().isEmpty()) {
      placeAlong(request, tried, known);
      return;
    }
    boolean failedHere = request.failed().contains(identity.node());
    List<NodeId> inVain = known == null ? List.of() : known.vain;
    if (request.kind() == NodeKind.ROUTER) {
      if (freeSlots(NodeKind.ROUTER) > displaceable() && !failedHere) {
        take(request);
      } else {
        passOrTake(request, tried, known, best(request, tried, inVain));
      }
      return;
    }
    Link child = best(request, tried, inVain);
    boolean doubtful = child == null || doubt(child, request, inVain) > PROVEN;
    if (doubtful && !failedHere && hasRoom(NodeKind.CLIENT)) {
      take(request);
    } else {
      passOrTake(request, tried, known, child);
    }
  }

  /// The request names the router that should take the client: that one does, or nobody.
  private void placeAlong(
      Message.JoinRequest request, List<NodeId> tried, JoinerTable.@Nullable Entry known) {
    int depth = request.path().size();
    List<NodeId> route = request.route();
    if (depth == route.size() && freeSlots(NodeKind.CLIENT, 1) > 0) {
      take(request);
      return;
    }
    Link next = depth < route.size() ? links.child(route.get(depth)).orElse(null) : null;
    boolean possible =
        next != null
            && next.peerKind() == NodeKind.ROUTER
            && eligible(next, request, tried)
            && next.child().repute().dialable() != Dialable.NO;
    passOrGiveBack(request, tried, known, possible ? next : null);
  }

  /// The child router with room that the joiner is sent to most gladly, of several such one of those with the fewest.
  private @Nullable Link best(
      Message.JoinRequest request, List<NodeId> tried, List<NodeId> inVain) {
    NodeKind kind = request.kind();
    List<Link> best = new ArrayList<>();
    int leastDoubt = NEVER;
    int fewest = 0;
    for (Link link : links.childRouters()) {
      Child child = link.child();
      if (child.freeSlots(kind) <= 0) {
        continue;
      }
      int has = child.expected(kind);
      if (leastDoubt == PROVEN && has > fewest) {
        continue; // Nothing is better than proven: what is known of it need not be looked up.
      }
      int doubt = doubt(link, request, inVain);
      boolean better = doubt < leastDoubt || doubt == leastDoubt && has < fewest;
      boolean equal = doubt == leastDoubt && has == fewest && doubt < NEVER;
      if ((better || equal) && eligible(link, request, tried)) {
        if (better) {
          best.clear();
          leastDoubt = doubt;
          fewest = has;
        }
        best.add(link);
      }
    }
    return switch (best.size()) {
      case 0 -> null;
      case 1 -> best.getFirst();
      default -> best.get(turn.pick(best.size()));
    };
  }

  private int doubt(Link link, Message.JoinRequest request, List<NodeId> inVain) {
    Repute repute = link.child().repute();
    return switch (repute.dialable()) {
      case NO -> NEVER;
      case YES, UNKNOWN -> {
        if (!request.failed().isEmpty() && request.failed().contains(link.peer())
            || !inVain.isEmpty() && inVain.contains(link.peer())) {
          yield FAILED;
        }
        yield repute.dialable() == Dialable.UNKNOWN || isSuspect(link) ? DOUBTFUL : PROVEN;
      }
    };
  }

  private boolean isSuspect(Link router) {
    return router.child().repute().isSuspect(turn.nowNanos(), halfLifeNanos());
  }

  /// Whether joiners are sent to this child router without misgivings: others may be moved there.
  public boolean trusts(Link router) {
    return router.child().repute().dialable() == Dialable.YES && !isSuspect(router);
  }

  private static boolean eligible(Link link, Message.JoinRequest request, List<NodeId> tried) {
    return link.child().mayPassJoin()
        && !link.isTo(request.joiner())
        && !tried.contains(link.peer());
  }

  private void take(Message.JoinRequest request) {
    tally.count(Tally.Count.JOINS_TAKEN);
    reservations.hold(request.joiner(), request.kind(), config.timing().joinTimeoutNanos());
    List<Message.Hop> path = request.path();
    NodeId[] route = new NodeId[path.size()];
    for (int i = 0; i < route.length; i++) {
      route[i] = path.get(i).node();
    }
    backToJoiner(
        new Message.AssignParent(
            request.joiner(),
            request.attempt(),
            identity.node(),
            identity.address(),
            List.of(route)));
  }

  /// With nobody to pass it to, this router takes the joiner, although it is said to have failed it, if it can.
  private void passOrTake(
      Message.JoinRequest request,
      List<NodeId> tried,
      JoinerTable.@Nullable Entry known,
      @Nullable Link to) {
    if (to == null && hasRoom(request.kind())) {
      take(request);
    } else {
      passOrGiveBack(request, tried, known, to);
    }
  }

  private void passOrGiveBack(
      Message.JoinRequest request,
      List<NodeId> tried,
      JoinerTable.@Nullable Entry known,
      @Nullable Link to) {
    if (to == null) {
      giveBack(request);
      return;
    }
    tally.count(Tally.Count.JOINS_PASSED);
    NodeId[] triedNow = tried.toArray(new NodeId[tried.size() + 1]);
    triedNow[tried.size()] = to.peer();
    int passedBy = request.path().size();
    Message.Hop[] path = request.path().toArray(new Message.Hop[passedBy + 1]);
    path[passedBy] = new Message.Hop(identity.node(), List.of(triedNow));
    Message.JoinRequest passed = request.with(List.of(path), false);
    to.child().joinPassed(passed);
    if (passed.route().isEmpty()) {
      to.child().repute().passed(turn.nowNanos(), halfLifeNanos());
    }
    underWay.passed(known, passed, to.peer());
    turn.send(to.id(), passed);
  }

  /// Nobody here can take the joiner: whoever passed the request on may try another.
  private void giveBack(Message.JoinRequest request) {
    Link parent = links.parent();
    if (position.isRoot()) {
      links
          .stranger(request.joiner())
          .ifPresent(link ->
              refusals.join(
                  link,
                  request,
                  Message.Refused.Reason.TREE_FULL,
                  "no router of the tree has room for a "
                      + (request.kind() == NodeKind.ROUTER ? "router" : "client")
                      + ": add routers, or raise their limits"));
    } else if (parent != null) {
      tally.count(Tally.Count.JOINS_RETURNED);
      turn.send(parent.id(), request.with(request.path(), true));
    }
  }

  /// An answer on its way back from a child.
  public void onAssignParent(Link from, Message.AssignParent assign) {
    List<NodeId> route = assign.route();
    Optional<JoinsUnderWay.Answer> answer =
        route.isEmpty() || !route.getLast().equals(identity.node())
            ? Optional.empty()
            : underWay.answered(from.peer(), assign);
    if (answer.isEmpty()) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    from.child()
        .repute()
        .answered(
            answer.get().tookNanos(),
            2 * config.timing().joinTimeoutNanos(),
            answer.get().forgiven());
    if (answer.get().late()) {
      return; // the joiner waits for the answer to a later attempt
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
      links.stranger(assign.joiner()).ifPresent(link -> turn.send(link.id(), assign));
    } else if (parent != null) {
      turn.send(parent.id(), assign);
    }
  }

  /// Whether a child of this kind can be taken, with what is promised to others.
  boolean hasRoom(NodeKind kind) {
    return freeSlots(kind) > 0;
  }

  public int freeSlots(NodeKind kind) {
    return freeSlots(kind, 0);
  }

  /// @param more places than it has, for one that will soon be free
  private int freeSlots(NodeKind kind, int more) {
    int taken = links.count(kind) + reservations.count(kind);
    int yielding = kind == NodeKind.ROUTER ? displaceable() : 0;
    return Math.max(0, capacity(kind) + more + yielding - taken);
  }

  /// How many child routers give way to another one, as they are of no use to anybody.
  private int displaceable() {
    int count = 0;
    for (Link link : links.childRouters()) {
      count += isDisplaceable(link) ? 1 : 0;
    }
    return count;
  }

  private static boolean isDisplaceable(Link link) {
    return link.child().repute().dialable() == Dialable.NO
        && link.child().clients() == 0
        && link.child().routers() == 0;
  }

  /// Who gives way so that one more child router can stay; empty when nobody need, or nobody can.
  Optional<Link> displaced() {
    if (links.count(NodeKind.ROUTER) < capacity(NodeKind.ROUTER)) {
      return Optional.empty();
    }
    for (Link link : links.childRouters()) {
      if (isDisplaceable(link)) {
        return Optional.of(link);
      }
    }
    return Optional.empty();
  }

  /// Whether there is a place for one more child, or one that gives way.
  boolean canAdopt(NodeKind kind) {
    return kind != NodeKind.ROUTER || links.count(kind) < capacity(kind) || displaced().isPresent();
  }

  private int capacity(NodeKind kind) {
    return kind == NodeKind.ROUTER ? config.capacity().routers() : config.capacity().clients();
  }
}
