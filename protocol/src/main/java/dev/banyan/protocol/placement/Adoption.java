package dev.banyan.protocol.placement;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.interest.TagShares;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.RareMap;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A router's part in attaching children: at once when the joiner has none of its own, else after the attach has climbed
/// to the root, which is what keeps cycles out.
public final class Adoption {

  /// Lasts while the joiner's link does, which the joiner closes when it has waited long enough.
  private record Climbing(Link link, Message.Attach attach) {}

  /// What an attach on its way to the root takes at most, more or less.
  private static final long ATTACH_BYTES = 1_024;

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final Placement placement;
  private final Reservations reservations;
  private final Groups groups;
  private final Refusals refusals;
  private final Tally tally;
  private final BooleanSupplier awaitingOwnAnswer;
  private final TagShares shares;
  private Map<NodeId, Climbing> climbing = RareMap.none();
  private final Departures departures;

  /// What must happen when a child is gone.
  public interface Departures {
    void dropChild(Link link, String cause);
  }

  public Adoption(
      Identity identity,
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      Placement placement,
      Reservations reservations,
      Groups groups,
      Refusals refusals,
      Tally tally,
      BooleanSupplier awaitingOwnAnswer,
      TagShares shares,
      Departures departures) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.placement = placement;
    this.reservations = reservations;
    this.groups = groups;
    this.refusals = refusals;
    this.tally = tally;
    this.awaitingOwnAnswer = awaitingOwnAnswer;
    this.shares = shares;
    this.departures = departures;
  }

  public void onAttach(Link from, Message.Attach attach) {
    if (!identity.kind().routes()) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    } else if (from.role() == Link.Role.STRANGER && attach.climbed().isEmpty()) {
      fromJoiner(from, attach);
    } else if (from.isChild() && !attach.climbed().isEmpty()) {
      climb(from, attach);
    } else {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    }
  }

  private void fromJoiner(Link from, Message.Attach attach) {
    NodeId joiner = attach.joiner();
    boolean member = attach.kind() == NodeKind.CLIENT || attach.kind() == NodeKind.ROUTER;
    Climbing waiting = climbing.get(joiner);
    boolean again = waiting != null && waiting.link() == from;
    if (!from.isTo(joiner) || from.peerKind() != attach.kind() || !member || again) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    if (!position.rooted() || awaitingOwnAnswer.getAsBoolean() || onPath(joiner)) {
      refusals.attach(
          from, attach, Message.Refused.Reason.NOT_ROOTED, "no way to the root from here");
      return;
    }
    Optional<String> mismatch = groups.refusesChild(from);
    if (mismatch.isPresent()) {
      refusals.attach(from, attach, Message.Refused.Reason.INCOMPATIBLE, mismatch.get());
      return;
    }
    if (shares.isSuspended(joiner)) {
      refusals.attach(
          from, attach, Message.Refused.Reason.NO_PLACE, "sent away a moment ago: wait");
      return;
    }
    Optional<Link> present = links.child(joiner);
    if (present.isPresent()) {
      boolean sameLife = present.get().peerIncarnation() == from.peerIncarnation();
      boolean alive =
          turn.nowNanos() - present.get().lastHeardNanos()
              < 2 * present.get().heartbeatNanos(config.timing().heartbeatNanos());
      if (!sameLife && alive) {
        refusals.attach(
            from,
            attach,
            Message.Refused.Reason.DUPLICATE_NODE,
            "a live node has the id " + joiner + " here: give each node an id of its own");
        return;
      }
      turn.effects().add(new Effect.CloseLink(present.get().id(), "attached anew"));
      departures.dropChild(present.get(), "attached anew");
    }
    if (!hasPlace(joiner, attach.kind())) {
      refusals.attach(from, attach, Message.Refused.Reason.NO_PLACE, "the place is taken");
      return;
    }
    boolean childless = attach.clients() == 0 && attach.routers() == 0;
    if (childless || position.isRoot()) {
      adopt(from, attach);
    } else {
      reservations.hold(joiner, attach.kind(), config.timing().longestJoinNanos());
      climbing = RareMap.writable(climbing);
      climbing.put(joiner, new Climbing(from, attach));
      up(attach);
    }
  }

  private boolean hasPlace(NodeId joiner, NodeKind kind) {
    return (reservations.holdsFor(joiner) || placement.hasRoom(kind)) && placement.canAdopt(kind);
  }

  private boolean onPath(NodeId joiner) {
    for (Message.PathEntry entry : position.path()) {
      if (entry.node().equals(joiner)) {
        return true;
      }
    }
    return false;
  }

  private void climb(Link from, Message.Attach attach) {
    List<NodeId> climbed = attach.climbed();
    if (!from.isTo(climbed.getLast()) || climbed.size() >= Position.MAX_DEPTH) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    if (!from.budgets(turn).mayClimb(from.speaksFor(), turn.nowNanos())) {
      tally.count(Tally.Count.OVER_BUDGET);
      return;
    }
    List<NodeId> route = climbed.subList(0, climbed.size() - 1).reversed();
    if (position.isRoot()) {
      turn.send(
          from.id(),
          new Message.Attached(
              attach.joiner(),
              attach.attempt(),
              position.rootTerm(),
              List.copyOf(route),
              List.of(),
              Message.InterestLimits.UNSAID,
              0,
              0));
    } else if (attach.joiner().equals(identity.node())
        || awaitingOwnAnswer.getAsBoolean()
        || links.parent() == null) {
      refusals.attach(
          from,
          attach,
          Message.Refused.Reason.NOT_ROOTED,
          "no way to the root from there",
          List.copyOf(route));
    } else {
      up(attach);
    }
  }

  private void up(Message.Attach attach) {
    Link parent = links.parent();
    if (parent == null || !parent.takes(ATTACH_BYTES)) {
      return; // The joiner looks for another place.
    }
    List<NodeId> climbed = new ArrayList<>(attach.climbed());
    climbed.add(identity.node());
    turn.send(
        parent.id(),
        new Message.Attach(
            attach.joiner(),
            attach.kind(),
            attach.address(),
            attach.attempt(),
            attach.attachNumber(),
            attach.clients(),
            attach.routers(),
            List.copyOf(climbed)));
  }

  /// The root's answer comes down from the parent.
  public void onAttachedFromAbove(Message.Attached attached) {
    if (!attached.route().isEmpty()) {
      passDown(
          attached.route(),
          rest ->
              new Message.Attached(
                  attached.joiner(),
                  attached.attempt(),
                  attached.rootTerm(),
                  rest,
                  List.of(),
                  Message.InterestLimits.UNSAID,
                  0,
                  0));
      return;
    }
    Climbing waiting = climbed(attached.joiner(), attached.attempt());
    if (waiting != null) {
      adoptClimbed(waiting);
    }
  }

  /// Ends the wait for an answer to this attempt.
  ///
  /// @return what waited, or null: an answer to an older attempt, or to a joiner that has left
  private @Nullable Climbing climbed(NodeId joiner, long attempt) {
    Climbing waiting = climbing.get(joiner);
    if (waiting == null || waiting.attach().attempt() != attempt) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return null;
    }
    climbing.remove(joiner);
    return links.get(waiting.link().id()) == waiting.link() ? waiting : null;
  }

  /// The root said yes; since the attach was passed up, things may have changed here.
  private void adoptClimbed(Climbing waiting) {
    NodeId joiner = waiting.attach().joiner();
    if (!position.rooted() || awaitingOwnAnswer.getAsBoolean()) {
      reservations.release(joiner);
      refusals.attach(
          waiting.link(),
          waiting.attach(),
          Message.Refused.Reason.NOT_ROOTED,
          "no way to the root from here");
    } else if (!hasPlace(joiner, waiting.attach().kind())) {
      refusals.attach(
          waiting.link(), waiting.attach(), Message.Refused.Reason.NO_PLACE, "the place is taken");
    } else {
      adopt(waiting.link(), waiting.attach());
    }
  }

  /// A refusal comes down from the parent.
  public void onRefusedFromAbove(Message.Refused refused) {
    if (!refused.route().isEmpty()) {
      passDown(refused.route(), rest -> Refusals.along(rest, refused));
      return;
    }
    Climbing waiting = climbed(refused.joiner(), refused.attempt());
    if (waiting != null) {
      reservations.release(refused.joiner());
      refusals.attach(waiting.link(), waiting.attach(), refused.reason(), refused.detail());
    }
  }

  private void passDown(
      List<NodeId> route, java.util.function.Function<List<NodeId>, Message> answer) {
    links
        .child(route.getFirst())
        .ifPresentOrElse(
            link -> turn.send(link.id(), answer.apply(List.copyOf(route.subList(1, route.size())))),
            () -> tally.count(Tally.Count.IGNORED_UNEXPECTED));
  }

  private void adopt(Link link, Message.Attach attach) {
    reservations.release(attach.joiner());
    climbing.remove(attach.joiner());
    if (attach.kind() == NodeKind.ROUTER) {
      placement.displaced().ifPresent(this::displace);
    }
    Child child = new Child(attach, config, links.nextSlot(), turn);
    links.adopt(link, child);
    turn.effects().add(new Effect.Admit(link.id()));
    turn.send(
        link.id(),
        new Message.Attached(
            attach.joiner(),
            attach.attempt(),
            position.rootTerm(),
            List.of(),
            position.path(),
            shares.limits(link),
            turn.clock().millisAt(turn.nowNanos()),
            turn.horizon().millis()));
    turn.report(Effect.Report.Kind.CHILD_ATTACHED, attach.joiner(), attach.kind().name(), 0);
  }

  /// A router that nobody can dial must not keep out those that can be.
  private void displace(Link router) {
    String why = "not reached at " + router.child().address() + ": its place is given to another";
    shares.suspend(router.peer());
    turn.send(router.id(), new Message.Disconnect(why));
    turn.effects().add(new Effect.CloseLink(router.id(), why));
    departures.dropChild(router, why);
  }

  /// A link is gone: whoever waited at its other end waits no more, and no place is held for it.
  public void onLinkGone(Link link) {
    if (!link.greeted()) {
      return;
    }
    Climbing waiting = climbing.get(link.peer());
    if (waiting != null && waiting.link() == link) {
      climbing.remove(link.peer());
      reservations.release(link.peer());
    }
  }
}
