package dev.banyan.protocol.tree;

import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Child;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.placement.Reservations;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/// What a node tells of itself: to its own host, tests and checkers ([NodeView]), and to observers from outside.
final class Observation {

  /// Children told of in one answer, so that it fits a frame; the first to attach are.
  private static final int MAX_NEIGHBOURS = 4_096;

  /// Between two surveys passed on to one client: what an observer can make a router send is bounded; a guess.
  private static final long PASS_INTERVAL_NANOS = 50_000_000;

  private final Identity identity;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final InterestExchange interest;
  private final Reservations reservations;
  private final Tally tally;

  Observation(
      Identity identity,
      Links links,
      Turn turn,
      Position position,
      InterestExchange interest,
      Reservations reservations,
      Tally tally) {
    this.identity = identity;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.interest = interest;
    this.reservations = reservations;
    this.tally = tally;
  }

  NodeView view() {
    Optional<Link> parent = Optional.ofNullable(links.parent());
    return new NodeView(
        identity.node(),
        identity.kind(),
        parent.map(Link::peer),
        parent.map(Link::id),
        position.rooted(),
        parent.isEmpty() && !position.isRoot() ? List.of() : position.path(),
        children(NodeKind.ROUTER),
        children(NodeKind.CLIENT),
        links.clients(),
        links.routers(),
        reservations.count(NodeKind.ROUTER) + reservations.count(NodeKind.CLIENT),
        interest.size(),
        interest.bits());
  }

  private List<NodeView.Child> children(NodeKind kind) {
    List<NodeView.Child> children = new ArrayList<>();
    for (Link link : links.children()) {
      if (link.peerKind() == kind) {
        children.add(
            new NodeView.Child(
                link.peer(),
                link.id(),
                link.child().clients(),
                link.child().routers(),
                link.child().interest().size(),
                link.child().interest().all(),
                link.child().repute().dialable()));
      }
    }
    return children;
  }

  void onSurvey(Link link, Message.Survey survey) {
    if (!link.budgets(turn).maySurvey(links.children().length, turn.nowNanos())
        || link.congested()) {
      tally.count(Tally.Count.OVER_BUDGET);
      return;
    }
    Optional<Link> client = survey.about().flatMap(about -> askable(link, about));
    if (client.isPresent()) {
      tally.count(Tally.Count.SURVEYS_PASSED);
      turn.send(
          client.get().id(),
          new Message.Survey(
              survey.id(), survey.tags(), Optional.empty(), Optional.of(link.returnAddress())));
    } else {
      turn.send(link.id(), answer(survey));
    }
  }

  /// The client of ours that an observer means, if it can be asked now.
  private Optional<Link> askable(Link from, NodeId about) {
    if (from.role() != Link.Role.STRANGER || from.peerKind() != NodeKind.OBSERVER) {
      return Optional.empty();
    }
    return links
        .child(about)
        .filter(child -> child.peerKind() == NodeKind.CLIENT && !child.congested())
        .filter(child -> child.child().maySurvey(turn.nowNanos(), PASS_INTERVAL_NANOS));
  }

  /// A client answers an observer through us. We remember no question: the answer says whom it is for, and whoever is no
  /// observer here gets nothing.
  void onSurveyAnswer(Link link, Message.SurveyAnswer answer) {
    Optional<Link> asker = answer.asker().flatMap(links::observer).filter(to -> !to.congested());
    boolean honest =
        link.isChild()
            && link.peerKind() == NodeKind.CLIENT
            && link.isTo(answer.node())
            && answer.children().isEmpty();
    if (honest && asker.isPresent()) {
      turn.send(asker.get().id(), answer.withAsker(Optional.empty()));
    } else {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    }
  }

  /// What the node tells of itself.
  Message.SurveyAnswer answer(Message.Survey survey) {
    List<Message.Neighbour> children = new ArrayList<>();
    for (Link child : links.children()) {
      if (children.size() < MAX_NEIGHBOURS) {
        children.add(neighbour(child, survey.tags()));
      }
    }
    return new Message.SurveyAnswer(
        survey.id(),
        survey.asker(),
        identity.node(),
        identity.kind(),
        identity.address(),
        Math.max(0, position.path().size() - 1),
        position.rooted(),
        links.clients(),
        links.routers(),
        interest.tell(survey.tags()),
        children,
        tally.toList());
  }

  private static long which(long[] tags, LongPredicate test) {
    long bits = 0;
    for (int i = 0; i < tags.length; i++) {
      bits |= test.test(tags[i]) ? 1L << i : 0;
    }
    return bits;
  }

  private Message.Neighbour neighbour(Link link, long[] asked) {
    Child child = link.child();
    return new Message.Neighbour(
        link.peer(),
        link.peerKind(),
        child.address(),
        child.clients(),
        child.routers(),
        (turn.nowNanos() - link.lastHeardNanos()) / 1_000,
        new Message.LinkInterest(
            child.interest().size(),
            child.interest().bits(),
            child.interest().all(),
            child.interest().version(),
            child.answered().upTo(),
            child.interest().sizeBytes(),
            which(asked, child.interest()::wants)),
        link.framesOut(),
        link.framesIn(),
        child.unwantedOut(),
        link.unwantedIn(),
        new Message.Condition(
            link.congested(),
            link.takesBytesPerSecond(),
            child.attention().silent(),
            child.repute().dialable()));
  }
}
