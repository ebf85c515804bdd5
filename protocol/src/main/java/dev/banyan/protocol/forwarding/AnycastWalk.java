package dev.banyan.protocol.forwarding;

import dev.banyan.protocol.Bounds;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Attention;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Questions to the holders of a tag: depth-first over links that may hold it, children first, and back along the
/// recorded path (§2.6). The walk's state travels with it. A router remembers only what it gave to whom: a child gives
/// back what it was given, and as it was, and who does not is asked last, or not at all ([Attention]).
///
/// That nobody holds a tag is said ([Message.AnycastAnswer.Completeness#EXHAUSTED]) only of a walk that passed nobody
/// who had a doubt: a node without a way to a root, a root that has just started, a parent of somebody who is away and
/// may hold the tag, or whom it does not ask.
public final class AnycastWalk {

  /// Bytes of records in one answer; more of them travel as parts.
  private static final int MAX_PART_BYTES = 1 << 20;

  /// Memory for questions that children have, for each tag that they may want: the more of these, the more memory there is.
  private static final int BYTES_FOR_TAG = 32;

  /// What an answer takes without its records and its way.
  private static final long ANSWER_BYTES = 96;

  private final NodeId self;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final InterestExchange interest;
  private final Forwarding forwarding;
  private final Tally tally;
  private final long inbox;
  private final long graceNanos;

  /// What the questions may weigh that all children have together.
  private final long mostGivenBytes;

  /// No less than they do.
  private long givenBytes;

  private long probes;

  public AnycastWalk(
      Identity identity,
      TreeConfig config,
      Links links,
      Turn turn,
      Position position,
      InterestExchange interest,
      Forwarding forwarding,
      Tally tally) {
    this.self = identity.node();
    this.inbox = Tags.inbox(self);
    this.graceNanos = config.timing().graceNanos();
    this.mostGivenBytes = (long) BYTES_FOR_TAG * config.limits().maxTagsPerLink();
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.interest = interest;
    this.forwarding = forwarding;
    this.tally = tally;
  }

  public void onAsk(Event.Ask ask) {
    List<Message.Hop> path = List.of(new Message.Hop(self, List.of()));
    walk(new Message.Anycast(ask.id(), self, ask.tag(), path, false, ask.question()));
  }

  public void onAnycast(Link from, Message.Anycast anycast) {
    tally.count(Tally.Count.ANYCASTS_IN);
    List<Message.Hop> path = anycast.path();
    if (anycast.returned()) {
      onReturned(from, anycast);
      return;
    }
    if (path.isEmpty()
        || path.size() >= Position.MAX_WALK
        || !from.isTo(path.getLast().node())
        || path.stream().anyMatch(hop -> hop.node().equals(self))) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    List<Message.Hop> extended = new ArrayList<>(path);
    extended.add(new Message.Hop(self, List.of()));
    if (anycast.question().size() > Message.Anycast.MAX_QUESTION_BYTES
        || !forwarding.mayRelease(from)
        || from.isChild()
            && !from.budgets(turn).mayAsk(from.speaksFor(), anycast, turn.nowNanos())) {
      tally.count(Tally.Count.OVER_BUDGET);
      lost(with(anycast, extended, false, true));
      return;
    }
    Message.Anycast here = with(anycast, extended, false, anycast.doubtful());
    boolean probe = anycast.tag() == inbox && anycast.question().size() == 0;
    if (interest.wantedHere(anycast.tag()) && !probe) {
      turn.effects().add(new Effect.Question(here));
    } else {
      walk(here);
    }
  }

  /// From a child comes back what it was given, whatever it has made of it; a parent is believed.
  private void onReturned(Link from, Message.Anycast anycast) {
    if (from.isChild()) {
      Attention attention = from.child().attention();
      if (anycast.id() < 0 && anycast.origin().equals(self)) {
        attention.probeBack();
        return;
      }
      Message.Anycast given = attention.givenBack(anycast.origin(), anycast.id());
      if (given == null) {
        tally.count(Tally.Count.IGNORED_UNEXPECTED);
      } else if (forwarding.mayRelease(from)) {
        walk(with(given, given.path(), false, given.doubtful() || anycast.doubtful()));
      } else {
        tally.count(Tally.Count.OVER_BUDGET);
        lost(given);
      }
    } else if (anycast.path().isEmpty() || !anycast.path().getLast().node().equals(self)) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
    } else {
      walk(anycast);
    }
  }

  /// Looks after the children that are slow to give questions back.
  public void onHeartbeatTimer() {
    for (Link link : links.children()) {
      Attention attention = link.child().attention();
      boolean wasSilent = attention.silent();
      if (attention.look(link.peerKind() == NodeKind.CLIENT, turn.nowNanos())) {
        probe(link);
      }
      if (attention.silent() && !wasSilent) {
        tally.count(Tally.Count.CHILDREN_SILENT);
        turn.report(
            Effect.Report.Kind.CHILD_SILENT, link.peer(), "does not give questions back", 0);
      }
    }
  }

  /// A question of our own, to the child's inbox: it can only be given back.
  private void probe(Link link) {
    List<Message.Hop> path = List.of(new Message.Hop(self, List.of(link.peer())));
    turn.send(
        link.id(),
        new Message.Anycast(
            - ++probes, self, Tags.inbox(link.peer()), path, false, false, Bytes.EMPTY));
  }

  public void onAnswer(Event.Answer answer) {
    Message.Anycast question = answer.question();
    switch (answer.verdict()) {
      case SETTLED -> respond(answer, Message.AnycastAnswer.Completeness.SETTLED);
      case MORE -> respond(answer, Message.AnycastAnswer.Completeness.MORE);
      case UNKNOWN -> respond(answer, Message.AnycastAnswer.Completeness.UNKNOWN);
      case GOES_ON -> {
        if (!answer.records().isEmpty()) {
          respond(answer, Message.AnycastAnswer.Completeness.PARTIAL);
        }
        walk(question);
      }
    }
  }

  public void onAnycastAnswer(Link from, Message.AnycastAnswer said) {
    // What has been dropped must be told of before what came after it; or else it is as if that
    // were dropped, too.
    Message.AnycastAnswer answer = forwarding.mayRelease(from) ? said : lost(said);
    if (from.isChild()) {
      Attention attention = from.child().attention();
      if (from.peerKind() == NodeKind.CLIENT
          && !(from.isTo(answer.answerer()) && attention.has(answer.origin(), answer.id()))) {
        tally.count(Tally.Count.IGNORED_UNEXPECTED);
        return;
      }
      if (answer.completeness().endsQuestion()) {
        attention.givenBack(answer.origin(), answer.id());
      }
    }
    if (answer.route().isEmpty()) {
      if (answer.origin().equals(self)) {
        turn.effects().add(new Effect.Answered(answer));
      } else {
        tally.count(Tally.Count.IGNORED_UNEXPECTED);
      }
      return;
    }
    pass(answer);
  }

  /// Passes the question to the next neighbour that may know, or back.
  private void walk(Message.Anycast asked) {
    List<Message.Hop> path = asked.path();
    Message.Hop here = path.getLast();
    Message.Anycast anycast = with(asked, path, false, asked.doubtful() || inDoubt(asked));
    Optional<Link> next = next(anycast, here);
    if (next.isPresent() && !takes(next.get(), anycast)) {
      tally.count(Tally.Count.ANYCASTS_LOST);
      lost(anycast);
    } else if (next.isPresent()) {
      List<NodeId> tried = new ArrayList<>(here.tried());
      tried.add(next.get().peer());
      List<Message.Hop> updated = new ArrayList<>(path.subList(0, path.size() - 1));
      updated.add(new Message.Hop(self, tried));
      forwarding.inOrder(next.get());
      Message.Anycast passed = with(anycast, updated, false, anycast.doubtful());
      if (next.get().isChild()) {
        given(next.get().child().noting(), passed);
      }
      turn.send(next.get().id(), passed);
    } else if (path.size() == 1) {
      turn.effects()
          .add(
              new Effect.Answered(
                  new Message.AnycastAnswer(
                      anycast.id(),
                      self,
                      anycast.tag(),
                      self,
                      anycast.doubtful()
                          ? Message.AnycastAnswer.Completeness.UNKNOWN
                          : Message.AnycastAnswer.Completeness.EXHAUSTED,
                      List.of(),
                      List.of())));
    } else {
      List<Message.Hop> back = path.subList(0, path.size() - 1);
      Optional<Link> link = links.neighbour(back.getLast().node());
      if (link.isPresent() && !takes(link.get(), anycast)) {
        tally.count(Tally.Count.ANYCASTS_LOST);
        lost(anycast);
      } else if (link.isPresent()) {
        forwarding.marksFirst(link.get());
        turn.send(link.get().id(), with(anycast, back, true, anycast.doubtful()));
      } else {
        tally.count(Tally.Count.ANYCASTS_LOST);
      }
    }
  }

  /// A child has the question now. If that is too much to remember, the oldest of those who have most are forgotten.
  private void given(Attention to, Message.Anycast question) {
    to.passed(question, turn.nowNanos());
    givenBytes += Attention.weight(question);
    if (givenBytes <= mostGivenBytes) {
      return;
    }
    givenBytes = 0;
    for (Link child : links.children()) {
      givenBytes += child.child().attention().bytes();
    }
    while (givenBytes > mostGivenBytes) {
      Attention most = to;
      for (Link child : links.children()) {
        Attention each = child.child().attention();
        most = each.bytes() > most.bytes() ? each : most;
      }
      long before = most.bytes();
      most.forgetOldest();
      givenBytes -= before - most.bytes();
    }
  }

  private boolean takes(Link link, Message.Anycast question) {
    return link.takes(Attention.weight(question) + forwarding.gatheredBytes(link));
  }

  /// The question goes no further, and the origin is told: no answer of its round counts.
  private void lost(Message.Anycast question) {
    if (question.path().size() > 1) {
      respond(question, List.of(), Message.AnycastAnswer.Completeness.LOST, 0);
    }
  }

  /// Whether somebody may hold the tag who belongs here and cannot be asked.
  private boolean inDoubt(Message.Anycast anycast) {
    if (!position.rooted() || interest.mayBeAway(anycast.tag(), anycast.origin())) {
      return true;
    }
    boolean doubt = false;
    for (Link child : links.children()) {
      Attention attention = child.child().attention();
      if (attention.silent() && child.child().interest().wants(anycast.tag())) {
        tally.count(Tally.Count.ANYCASTS_UNASKED);
        doubt |= turn.nowNanos() - attention.silentSinceNanos() < graceNanos;
      }
    }
    return doubt;
  }

  /// Children first, then the parent; children that are slow to give questions back come last.
  private Optional<Link> next(Message.Anycast anycast, Message.Hop here) {
    Link slow = null;
    for (Link child : links.children()) {
      Attention attention = child.child().attention();
      if (!attention.silent()
          && child.child().interest().wants(anycast.tag())
          && fresh(child, anycast, here)) {
        if (!attention.slow(turn.nowNanos())) {
          return Optional.of(child);
        }
        slow = slow == null ? child : slow;
      }
    }
    Link parent = links.parent();
    if (parent != null
        && mayGoUp(anycast)
        && !interest.nobodyOutside(anycast.tag())
        && fresh(parent, anycast, here)) {
      return Optional.of(parent);
    }
    return Optional.ofNullable(slow);
  }

  /// Up goes what comes from below, as with multicasts. During a move a client has two parents: a question that came
  /// down from one and went up to the other would bypass their common ancestor, and updates on their way from there.
  private boolean mayGoUp(Message.Anycast anycast) {
    List<Message.Hop> path = anycast.path();
    return path.size() == 1 || links.child(path.get(path.size() - 2).node()).isPresent();
  }

  private static boolean fresh(Link link, Message.Anycast anycast, Message.Hop here) {
    NodeId peer = link.peer();
    if (here.tried().contains(peer)) {
      return false;
    }
    for (Message.Hop hop : anycast.path()) {
      if (hop.node().equals(peer)) {
        return false;
      }
    }
    return true;
  }

  /// Sends records back to the origin, in parts that fit a frame.
  private void respond(Event.Answer answer, Message.AnycastAnswer.Completeness completeness) {
    List<Record> records = answer.records();
    int from = 0;
    do {
      int to = from;
      long bytes = 0;
      while (to < records.size()
          && (to == from || bytes + Bounds.bytesOf(records.get(to)) <= MAX_PART_BYTES)
          && to - from < Multicast.MAX_RECORDS) {
        bytes += Bounds.bytesOf(records.get(to));
        to++;
      }
      boolean last = to == records.size();
      respond(
          answer.question(),
          List.copyOf(records.subList(from, to)),
          last ? completeness : Message.AnycastAnswer.Completeness.PARTIAL,
          last ? answer.agoMillis() : 0);
      from = to;
    } while (from < records.size());
  }

  private void respond(
      Message.Anycast question,
      List<Record> records,
      Message.AnycastAnswer.Completeness completeness,
      int agoMillis) {
    List<NodeId> route = new ArrayList<>();
    for (Message.Hop hop : question.path().subList(0, question.path().size() - 1)) {
      route.addFirst(hop.node());
    }
    pass(
        new Message.AnycastAnswer(
            question.id(),
            question.origin(),
            question.tag(),
            self,
            completeness,
            List.copyOf(route),
            records,
            agoMillis));
  }

  /// Passes the answer to the next node of its route.
  private void pass(Message.AnycastAnswer answer) {
    List<NodeId> route = answer.route();
    Optional<Link> link = links.neighbour(route.getFirst());
    if (link.isEmpty()) {
      tally.count(Tally.Count.ANYCASTS_LOST);
      return;
    }
    // Records that answer a question weigh as much as multicasts, and fare no better.
    boolean dropped = !answer.records().isEmpty() && link.get().congested();
    if (dropped) {
      tally.count(Tally.Count.DROPPED_CONGESTED);
    }
    if (link.get().congested()
        && !link.get()
            .takes(ANSWER_BYTES + 8L * route.size() + forwarding.gatheredBytes(link.get()))) {
      // Not even that it is lost can be said: so nothing that comes later may be taken for all
      // there is.
      tally.count(Tally.Count.ANYCASTS_LOST);
      forwarding.missed(link.get(), answer.tag());
      return;
    }
    forwarding.marksFirst(link.get());
    Message.AnycastAnswer passed = dropped ? answer.lost() : answer;
    turn.send(link.get().id(), passed.on(List.copyOf(route.subList(1, route.size()))));
  }

  private Message.AnycastAnswer lost(Message.AnycastAnswer answer) {
    tally.count(Tally.Count.OVER_BUDGET);
    return answer.lost();
  }

  private static Message.Anycast with(
      Message.Anycast anycast, List<Message.Hop> path, boolean returned, boolean doubtful) {
    return new Message.Anycast(
        anycast.id(),
        anycast.origin(),
        anycast.tag(),
        List.copyOf(path),
        returned,
        doubtful,
        anycast.question());
  }
}
