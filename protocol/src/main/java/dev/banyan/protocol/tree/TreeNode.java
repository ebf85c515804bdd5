package dev.banyan.protocol.tree;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Fence;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.PeerIdentity;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeClock;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.balance.Balancer;
import dev.banyan.protocol.balance.UsageReports;
import dev.banyan.protocol.dispatch.Dispatching;
import dev.banyan.protocol.forwarding.AnycastWalk;
import dev.banyan.protocol.forwarding.Forwarding;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.interest.TagShares;
import dev.banyan.protocol.join.Joining;
import dev.banyan.protocol.join.Namesakes;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.placement.Adoption;
import dev.banyan.protocol.placement.Groups;
import dev.banyan.protocol.placement.Placement;
import dev.banyan.protocol.placement.Probing;
import dev.banyan.protocol.placement.Refusals;
import dev.banyan.protocol.placement.Reservations;
import dev.banyan.protocol.turn.AgreedClock;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The node: root router, intermediate router or client (§2), as `docs/protocol.md` tells it.
///
/// This class knows who may say what on which link, and hands each event to the part that answers it: [Joining] looks
/// for this node's parent, [Placement] and [Adoption] find places for others, [Liveness] and [Balancer] keep the tree
/// alive and even, [InterestExchange] and [Forwarding] decide where multicasts go, [AnycastWalk] and [Dispatching] route
/// questions and tasks, [UsageReports] says which tags clients use, and [RootDuties] is what only a root does.
public final class TreeNode implements Machine {

  private final Identity identity;
  private final TreeConfig config;
  private final Links links = new Links();
  private final Tally tally = new Tally();
  private final Turn turn;
  private final Position position;
  private final InterestExchange interest;
  private final Forwarding forwarding;
  private final AnycastWalk anycasts;
  private final Dispatching dispatching;
  private final Placement placement;
  private final Adoption adoption;
  private final TagShares shares;
  private final Joining joining;
  private final Liveness liveness;
  private final Balancer balancer;
  private final Probing probing;
  private final Groups groups;
  private final Refusals refusals;
  private final Namesakes namesakes;
  private Dialable dialable = Dialable.UNKNOWN;
  private final UsageReports usage;
  private final Observation observation;
  private final long inbox;
  private boolean started;
  private long startedNanos;
  private boolean stopped;

  /// While this node is a root that runs.
  private @Nullable RootDuties duties;

  /// As the layer above was told last.
  private Effect.CongestedUpward congestedUpward = Effect.CongestedUpward.NOT;

  /// As below; each link gets all of a multicast, or nothing.
  public TreeNode(
      Identity identity,
      TreeConfig config,
      List<Address> roots,
      RandomGenerator random,
      WallClock wall) {
    this(identity, config, roots, random, wall, null);
  }

  /// @param roots where to find a root, tried in turn; empty for a root itself
  /// @param random this node's own seeded generator: breaks ties, jitters waits
  /// @param wall the machine's time of day: the tree's if this is its root, a stopgap before the first attach otherwise
  /// @param pruner cuts multicasts down for links that want some of what is in them; null for nobody
  /// @throws IllegalArgumentException for an observer, and for a node that is no root and knows none
  public TreeNode(
      Identity identity,
      TreeConfig config,
      List<Address> roots,
      RandomGenerator random,
      WallClock wall,
      @Nullable Pruner pruner) {
    if (identity.kind() == NodeKind.OBSERVER) {
      throw new IllegalArgumentException("an observer is no member of a tree");
    }
    if (identity.kind() != NodeKind.ROOT && roots.isEmpty()) {
      throw new IllegalArgumentException(
          "a " + identity.kind() + " must know the address of a root");
    }
    this.identity = identity;
    this.config = config;
    turn = new Turn(random, new AgreedClock(wall, identity.kind() == NodeKind.ROOT));
    position = new Position(identity);
    interest = new InterestExchange(links, turn, config, tally, position.isRoot());
    shares = new TagShares(config, links, turn, interest);
    usage = new UsageReports(identity, config, links, turn, tally);
    forwarding =
        new Forwarding(links, turn, config, interest, tally, usage, position.isRoot(), pruner);
    anycasts =
        new AnycastWalk(identity, config, links, turn, position, interest, forwarding, tally);
    dispatching = new Dispatching(identity, config, links, turn, interest, tally);
    Reservations reservations = new Reservations(turn, tally);
    groups = new Groups(links, position);
    namesakes = new Namesakes(identity, config, links, turn);
    refusals = new Refusals(identity, turn, tally);
    placement =
        new Placement(
            identity, config, links, turn, position, reservations, groups, refusals, tally);
    joining =
        new Joining(identity, config, roots, links, turn, position, interest, new Relocation());
    adoption =
        new Adoption(
            identity,
            config,
            links,
            turn,
            position,
            placement,
            reservations,
            groups,
            refusals,
            tally,
            joining::awaitingAnswer,
            shares,
            (child, cause) -> dropChild(child, cause, true));
    liveness =
        new Liveness(
            config,
            links,
            turn,
            position,
            placement,
            reservations,
            groups,
            interest,
            shares,
            tally,
            usage);
    balancer =
        new Balancer(
            config, links, turn, position, this::dismiss, usage::reassigning, placement::trusts);
    probing = new Probing(config, links, turn, tally, new Found());
    observation = new Observation(identity, links, turn, position, interest, reservations, tally);
    inbox = Tags.inbox(identity.node());
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    if (stopped) {
      return;
    }
    turn.begin(nowNanos, effects);
    switch (event) {
      case Event.Received received -> onReceived(received.link(), received.message());
      case Event.TimerFired fired -> onTimer(fired.timer());
      case Event.LinkOpened opened -> onLinkOpened(opened.link(), opened.peer());
      case Event.LinkClosed closed -> onLinkClosed(closed.link(), closed.cause());
      case Event.LinkCongested slow -> onCongested(slow.link());
      case Event.LinkDrained fast -> onDrained(fast.link());
      case Event.BytesReceived some -> onBytesReceived(some.link());
      case Event.BytesSent some -> onBytesSent(some.link(), some.perSecond());
      case Event.Start start -> onStart();
      case Event.Stop stop -> onStop();
      case Event.Forget forget -> turn.heardForgotten(forget.untilMillis());
      case Event.Publish publish -> forwarding.publish(Multicast.of(publish.records()));
      case Event.ChangeInterest change -> interest.onChangeInterest(change);
      case Event.WantAll change -> interest.onWantAll(change);
      case Event.Ask ask -> anycasts.onAsk(ask);
      case Event.Answer answer -> anycasts.onAnswer(answer);
      case Event.Submit submit -> dispatching.onSubmit(submit);
      case Event.Finish finish -> dispatching.onFinish(finish);
      case Event.ChangeLoad load -> liveness.load(load.load());
      case Event.Command command ->
          throw new IllegalArgumentException("a tree node takes no " + command);
    }
  }

  public Identity identity() {
    return identity;
  }

  /// What the tree takes for the time of day.
  public TreeClock clock() {
    return turn.clock();
  }

  /// Up to which time of the tree somebody has forgotten what was deleted; milliseconds since 1970, 0 for none.
  public long forgottenMillis() {
    return turn.horizon().millis();
  }

  /// The node's counters by name, in a fixed order.
  public List<Message.Counter> counters() {
    return tally.toList();
  }

  /// What the node would say of itself now.
  public NodeView view() {
    return observation.view();
  }

  /// What the node would answer an observer now.
  public Message.SurveyAnswer answer(Message.Survey survey) {
    return observation.answer(survey);
  }

  /// What the node knows of interest now.
  ///
  /// @param tags of which more is told
  public Message.NodeInterest interest(long... tags) {
    return interest.tell(tags);
  }

  // Life.

  private void onStart() {
    if (started) {
      throw new IllegalStateException(identity.node() + " was started before");
    }
    started = true;
    startedNanos = turn.nowNanos();
    interest.onChangeInterest(new Event.ChangeInterest(new long[] {inbox}, new long[0]));
    placement.start();
    if (position.isRoot()) {
      duties =
          new RootDuties(
              config, links, turn, tally, interest, groups, usage, liveness::tellChildren);
    }
    namesakes.start();
    joining.start();
    liveness.start();
    if (identity.kind().routes()) {
      balancer.start();
    }
    if (duties != null) {
      duties.begin();
    }
  }

  private void onStop() {
    for (Link link : links.allNow()) {
      leave(link, Message.Disconnect.STOPPED);
    }
    if (duties != null) {
      duties.end();
      duties = null;
    }
    stopped = true;
  }

  private void onTimer(Timer timer) {
    if (!turn.accept(timer)) {
      return;
    }
    switch ((TreeTimer) timer.kind()) {
      case HEARTBEAT -> {
        boolean settled = turn.nowNanos() - startedNanos >= config.timing().graceNanos();
        if (interest.onHeartbeatTimer(settled)) {
          liveness.tellChildren();
        }
        if (duties != null) {
          duties.onHeartbeatTimer();
          dismissStrangers();
        }
        liveness.onHeartbeatTimer(this::onSilent);
        dismissExcessive();
        for (Link link : links.allNow()) {
          forwarding.releaseHeld(link);
        }
        anycasts.onHeartbeatTimer();
      }
      case REBALANCE -> balancer.onRebalanceTimer();
      case JOIN -> joining.onJoinTimer();
      case CALL -> joining.onCallTimer();
      case PROBE -> probing.onTimer();
      case PRESENCE -> namesakes.onTimer();
      case FLUSH -> interest.onFlushTimer();
      case GRACE -> joining.onGraceTimer();
      case FENCE -> joining.onFenceTimer();
      case USAGE -> {
        if (duties != null) {
          duties.onUsageTimer();
        } else {
          usage.onTimer();
        }
      }
    }
  }

  // Links.

  private void onLinkOpened(LinkId id, PeerIdentity peer) {
    Link link = links.get(id);
    if (link != null) {
      link.opened(peer);
      link.heardAt(turn.nowNanos());
      if (peer.mayRoute()) {
        joining.onDialed(link);
      } else {
        refuse(
            link, "who answers has proven to be no root or router, and nobody else has children");
      }
    } else if (id.value() < 0) {
      Link accepted = links.accepted(id, turn.nowNanos());
      accepted.opened(peer);
      if (links.strangers() > config.limits().maxStrangers()) {
        refuse(
            accepted,
            "too many links that are no children: the limit is " + config.limits().maxStrangers());
      }
    }
  }

  private void onLinkClosed(LinkId id, String cause) {
    Link link = links.get(id);
    if (link != null) {
      lost(link, cause);
    }
  }

  private void onSilent(Link link, String cause) {
    if (links.get(link.id()) == link) {
      turn.effects().add(new Effect.CloseLink(link.id(), cause));
      lost(link, cause);
    }
  }

  private void onCongested(LinkId id) {
    Link link = links.get(id);
    if (link != null) {
      link.congestedAt(turn.nowNanos());
      tellCongestion();
    }
  }

  /// The layer above hears of it when the way up becomes congested, or free, or something else is known of what it takes.
  private void tellCongestion() {
    Link parent = links.parent();
    Effect.CongestedUpward now =
        parent == null
            ? Effect.CongestedUpward.NOT
            : new Effect.CongestedUpward(parent.congested(), parent.takesBytesPerSecond());
    if (!now.equals(congestedUpward)) {
      congestedUpward = now;
      turn.effects().add(now);
    }
  }

  private void onDrained(LinkId id) {
    Link link = links.get(id);
    if (link != null) {
      forwarding.onDrained(link);
      tellCongestion();
    }
  }

  private void onBytesReceived(LinkId id) {
    Link link = links.get(id);
    if (link != null) {
      link.heardAt(turn.nowNanos());
      busy(link);
    }
  }

  private void busy(Link link) {
    if (link.isChild()) {
      link.child().noting().busy(turn.nowNanos());
    }
  }

  private void onBytesSent(LinkId id, long perSecond) {
    Link link = links.get(id);
    if (link != null) {
      link.tookAt(turn.nowNanos(), perSecond);
      busy(link);
      tellCongestion();
    }
  }

  /// The link is gone, and nothing can be sent on it.
  private void lost(Link link, String cause) {
    switch (link.role()) {
      case STRANGER -> {
        links.remove(link);
        adoption.onLinkGone(link);
      }
      case CHILD -> dropChild(link, cause, true);
      case CALL, CANDIDATE -> {
        links.remove(link);
        joining.onSearchLinkLost(link, cause);
      }
      case PROBE -> {
        links.remove(link);
        probing.onLost(link);
      }
      case PARENT -> {
        links.remove(link);
        joining.onParentLost(link.peer(), cause);
      }
      case OLD_PARENT -> {
        links.remove(link);
        joining.onOldParentLost();
      }
    }
  }

  /// Says goodbye where that is due, and closes.
  private void leave(Link link, String cause) {
    switch (link.role()) {
      case PARENT, OLD_PARENT, CHILD -> turn.send(link.id(), new Message.Disconnect(cause));
      case STRANGER, CALL, CANDIDATE, PROBE -> {}
    }
    turn.effects().add(new Effect.CloseLink(link.id(), cause));
    links.remove(link);
  }

  private void dismiss(Link client) {
    dismiss(client, "culled");
  }

  private void dismiss(Link client, String why) {
    turn.send(client.id(), new Message.Disconnect(why));
    turn.effects().add(new Effect.CloseLink(client.id(), why));
    dropChild(client, why, true);
  }

  /// Those that cannot be in this tree with the settings they have.
  private void dismissStrangers() {
    for (Link client : groups.strangers()) {
      groups.refusesChild(client).ifPresent(why -> dismiss(client, why));
    }
  }

  /// The child's link is gone, or not worth keeping: [Effect.CloseLink] is the caller's to add where it still is.
  ///
  /// @param mayReturn whether the child, or somebody below it, may be alive
  private void dropChild(Link link, String cause, boolean mayReturn) {
    links.remove(link);
    probing.onChildGone(link);
    if (mayReturn) {
      interest.depart(link.peer(), link.child());
    } else {
      interest.dropChild(link.child());
    }
    dispatching.onChildGone(link.child().slot());
    balancer.onChildGone(link.peer());
    turn.report(Effect.Report.Kind.CHILD_LOST, link.peer(), cause, 0);
    liveness.tellOfRoom();
  }

  /// Closes a link whose peer broke the rules.
  private void refuse(Link link, String why) {
    tally.count(Tally.Count.LINKS_REFUSED);
    turn.report(
        Effect.Report.Kind.LINK_REFUSED, link.greeted() ? link.peer() : identity.node(), why, 0);
    if (link.isChild()) {
      turn.send(link.id(), new Message.Disconnect(why));
    }
    turn.effects().add(new Effect.CloseLink(link.id(), why));
    if (link.isChild()) {
      dropChild(link, why, false); // What it claimed is not to be relied on.
    } else {
      lost(link, why);
    }
  }

  // Messages.

  private void onReceived(LinkId id, Message message) {
    Link link = links.get(id);
    if (link == null) {
      return;
    }
    link.heardAt(turn.nowNanos());
    if (message instanceof Multicast multicast) {
      onMulticast(link, multicast);
    } else if (message instanceof Message.Hello hello) {
      onHello(link, hello);
    } else if (!link.greeted() && !(message instanceof Message.Refused)) {
      refuse(link, "no hello before " + message.getClass().getSimpleName());
    } else {
      onGreeted(link, message);
    }
  }

  /// A message from somebody who may not say it.
  private void ignore(Link link) {
    tally.count(
        switch (link.role()) {
          case CHILD, PARENT, OLD_PARENT -> Tally.Count.IGNORED_UNEXPECTED;
          case STRANGER, CALL, CANDIDATE, PROBE -> Tally.Count.IGNORED_STRANGER;
        });
  }

  private void onMulticast(Link link, Multicast multicast) {
    switch (link.role()) {
      case PARENT, OLD_PARENT, CHILD -> {
        Fence fence = Fence.in(multicast);
        if (fence != null) {
          onFence(link, fence, multicast);
          return;
        }
        Record own = toOurselves(multicast);
        if (own == null) {
          forwarding.onMulticast(link, multicast);
        } else if (forwarding.mayRelease(link)) {
          namesakes.onRecord(own).ifPresent(this::giveWay);
        } else {
          tally.count(Tally.Count.OVER_BUDGET);
        }
      }
      case STRANGER, CALL, CANDIDATE, PROBE -> ignore(link);
    }
  }

  private void onFence(Link link, Fence fence, Multicast multicast) {
    if (!fence.owner().equals(identity.node())) {
      forwarding.onFence(link, multicast);
    } else if (forwarding.mayRelease(link)) {
      joining.onFence(link, fence);
    } else {
      tally.count(Tally.Count.OVER_BUDGET);
    }
  }

  /// Another node has this id, and was there before: two cannot be in the tree.
  private void giveWay(String why) {
    turn.report(Effect.Report.Kind.NAMESAKE_WAS_FIRST, identity.node(), why, 0);
    turn.effects().add(new Effect.Connected(false));
    onStop();
  }

  /// What was sent to our own inbox in our own name: what [Namesakes] say to each other.
  private @Nullable Record toOurselves(Multicast multicast) {
    if (multicast.recordCount() != 1
        || multicast.tagCount(0) != 1
        || multicast.tag(0, 0) != inbox) {
      return null;
    }
    Record record = multicast.records().getFirst();
    return record.writer().equals(identity.node()) ? record : null;
  }

  private void onHello(Link link, Message.Hello hello) {
    if (link.greeted()) {
      refuse(link, "a second hello");
    } else if (!link.mayBe(hello.node(), hello.kind())) {
      refuse(
          link,
          "it says that it is "
              + hello.kind().name().toLowerCase(Locale.ROOT)
              + " "
              + hello.node()
              + ", and has proven to be another, or of another kind");
    } else if (hello.version() != Message.Hello.VERSION) {
      refuseHello(
          link,
          Message.Refused.Reason.INCOMPATIBLE,
          "protocol version " + hello.version() + ", here it is " + Message.Hello.VERSION);
    } else if (!hello.tree().equals(identity.tree())) {
      refuseHello(
          link,
          Message.Refused.Reason.INCOMPATIBLE,
          "tree '" + hello.tree() + "', here it is '" + identity.tree() + "'");
    } else if (hello.node().equals(identity.node())) {
      refuseHello(
          link,
          Message.Refused.Reason.DUPLICATE_NODE,
          "this node has the id " + hello.node() + ": give each node an id of its own");
    } else if (!joining.isExpected(link, hello.node())) {
      refuse(link, "another node answers at the assigned parent's address");
    } else {
      link.greetedBy(hello);
      if (link.role() == Link.Role.STRANGER) {
        links.greeted(link);
        turn.send(link.id(), joining.hello());
      } else {
        joining.onGreeted(link);
        probing.onGreeted(link);
      }
    }
  }

  private void refuseHello(Link link, Message.Refused.Reason reason, String detail) {
    refusals.hello(link, reason, detail);
    refuse(link, detail);
  }

  /// Who may say what: each group of messages has its part below, which answers all of them. Nobody says anything on a link
  /// that was dialled only to look who is there.
  private void onGreeted(Link link, Message message) {
    Link.Role role = link.role();
    switch (message) {
      case Message.OfStranger said when role == Link.Role.STRANGER -> fromStranger(link, said);
      case Message.OfCalled said when role == Link.Role.CALL -> fromCalled(link, said);
      case Message.OfCandidate said when role == Link.Role.CANDIDATE -> fromCandidate(link, said);
      case Message.OfChild said when role == Link.Role.CHILD -> fromChild(link, said);
      case Message.OfParent said when role == Link.Role.PARENT || role == Link.Role.OLD_PARENT ->
          fromParent(link, said);
      case Message.Hello _,
          Message.OfStranger _,
          Message.OfCalled _,
          Message.OfCandidate _,
          Message.OfChild _,
          Message.OfParent _,
          Message.ToObserver _,
          Message.OfDriver _ ->
          ignore(link);
    }
  }

  private void fromStranger(Link link, Message.OfStranger said) {
    switch (said) {
      case Message.JoinRequest request -> onJoinRequest(link, request);
      case Message.Attach attach -> onAttach(link, attach);
      case Message.Survey survey -> observation.onSurvey(link, survey);
      case Message.Rebalance request -> {
        if (duties != null && link.peerKind() == NodeKind.OBSERVER) {
          duties.onRebalance(link, request);
        } else {
          tally.count(Tally.Count.IGNORED_UNEXPECTED);
        }
      }
    }
  }

  private void fromCalled(Link link, Message.OfCalled said) {
    switch (said) {
      case Message.AssignParent assign -> joining.onAssignParent(link, assign);
      case Message.Refused refused -> joining.onRefused(link, refused);
    }
  }

  private void fromCandidate(Link link, Message.OfCandidate said) {
    switch (said) {
      case Message.Attached attached -> joining.onAttached(link, attached);
      case Message.Refused refused -> joining.onRefused(link, refused);
    }
  }

  private void onJoinRequest(Link link, Message.JoinRequest request) {
    if (placement.onJoinRequest(link, request)) {
      probing.look();
    }
    if (link == links.parent()) {
      liveness.tellOfRoom();
    }
  }

  private void onAttach(Link link, Message.Attach attach) {
    adoption.onAttach(link, attach);
    if (attach.kind() == NodeKind.ROUTER) {
      probing.look();
    }
    liveness.tellOfRoom();
  }

  private void fromChild(Link link, Message.OfChild said) {
    switch (said) {
      case Message.JoinRequest request -> onJoinRequest(link, request);
      case Message.AssignParent assign -> placement.onAssignParent(link, assign);
      case Message.Attach attach -> onAttach(link, attach);
      case Message.Heartbeat beat -> {
        switch (beat.side()) {
          case Message.Heartbeat.FromChild of -> onChildHeartbeat(link, beat, of);
          case Message.Heartbeat.FromParent _ -> tally.count(Tally.Count.IGNORED_UNEXPECTED);
        }
      }
      case Message.Interest change -> onInterest(link, change);
      case Message.Resend resend -> {
        if (mayResend(link)) {
          interest.answerAnew(link);
        }
      }
      case Message.Disconnect bye -> {
        turn.effects().add(new Effect.CloseLink(link.id(), bye.reason()));
        boolean ended =
            link.peerKind() == NodeKind.CLIENT && bye.reason().equals(Message.Disconnect.STOPPED);
        dropChild(link, "left: " + bye.reason(), !ended);
      }
      case Message.Gap gap -> forwarding.onGap(link, gap);
      case Message.Anycast anycast -> anycasts.onAnycast(link, anycast);
      case Message.AnycastAnswer answer -> anycasts.onAnycastAnswer(link, answer);
      case Message.Dispatch task -> dispatching.onDispatch(link, task);
      case Message.TaskResult result -> dispatching.onResult(link, result);
      case Message.Usage told -> usage.onUsage(link, told);
      case Message.SurveyAnswer answer -> observation.onSurveyAnswer(link, answer);
      case Multicast multicast -> onMulticast(link, multicast);
    }
  }

  private void onInterest(Link link, Message.Interest change) {
    String fault = interest.onInterest(link, change);
    if (fault != null) {
      refuseInterest(link, fault);
      return;
    }
    List<Link> lessened = shares.grown(link, change.added().length);
    Link tooMuch = shares.intolerable(link);
    if (tooMuch != null) {
      refuseInterest(tooMuch, shares.excess(tooMuch.child()));
    } else {
      lessened.forEach(liveness::tell);
    }
  }

  private void refuseInterest(Link child, String why) {
    shares.suspend(child.peer());
    refuse(child, why);
  }

  /// Children that have had the time to want less, and want more than they may.
  private void dismissExcessive() {
    for (Link child : links.children()) {
      String fault = shares.fault(child);
      if (fault != null) {
        refuseInterest(child, fault);
      }
    }
  }

  /// During a move two parents speak; what is about this node's own place only the new one says.
  private void fromParent(Link link, Message.OfParent said) {
    switch (said) {
      case Message.JoinRequest request -> onJoinRequest(link, request);
      case Message.Attached attached -> {
        adoption.onAttachedFromAbove(attached);
        probing.look();
      }
      case Message.Refused refused -> adoption.onRefusedFromAbove(refused);
      case Message.Heartbeat beat -> {
        switch (beat.side()) {
          case Message.Heartbeat.FromParent of -> onParentHeartbeat(link, beat, of);
          case Message.Heartbeat.FromChild _ -> tally.count(Tally.Count.IGNORED_UNEXPECTED);
        }
      }
      case Message.Wanted wanted -> {
        interest.onWanted(link, wanted);
        if (link == links.parent() && wanted.answers() > 0) {
          joining.accepted();
        }
      }
      case Message.Resend resend -> {
        if (mayResend(link)) {
          interest.advertiseAnew(link);
        }
      }
      case Message.Cull cull -> {
        if (link != links.parent()) {
          tally.count(Tally.Count.IGNORED_UNEXPECTED);
        } else if (identity.kind() == NodeKind.CLIENT) {
          joining.moveTo(List.of());
        } else {
          balancer.onCull(cull.clients());
        }
      }
      case Message.Reassign order -> {
        if (link != links.parent()) {
          tally.count(Tally.Count.IGNORED_UNEXPECTED);
        } else if (identity.kind() != NodeKind.CLIENT) {
          usage.passDown(order);
        } else if (order.client().equals(identity.node())) {
          joining.moveTo(order.route());
        }
      }
      case Message.Disconnect bye -> {
        turn.effects().add(new Effect.CloseLink(link.id(), bye.reason()));
        lost(link, "disconnected: " + bye.reason());
      }
      case Message.Gap gap -> forwarding.onGap(link, gap);
      case Message.Anycast anycast -> anycasts.onAnycast(link, anycast);
      case Message.AnycastAnswer answer -> anycasts.onAnycastAnswer(link, answer);
      case Message.Dispatch task -> dispatching.onDispatch(link, task);
      case Message.TaskResult result -> dispatching.onResult(link, result);
      case Message.Survey survey -> observation.onSurvey(link, survey);
      case Multicast multicast -> onMulticast(link, multicast);
    }
  }

  /// A peer that was not heard asks again with its next heartbeat.
  private boolean mayResend(Link link) {
    return link.mayResend(turn.nowNanos(), config.timing().heartbeatNanos() / 2);
  }

  private void onChildHeartbeat(
      Link link, Message.Heartbeat beat, Message.Heartbeat.FromChild said) {
    tally.count(Tally.Count.HEARTBEATS_IN);
    boolean router = link.peerKind() == NodeKind.ROUTER;
    link.child().heartbeat(beat, said, router, turn.nowNanos());
    if (router) {
      liveness.tellOfRoom();
    }
    turn.heardForgotten(said.forgottenMillis());
    if (turn.heardTimeFromBelow(said.clockMillis(), position.isRoot())) {
      if (position.isRoot()) {
        liveness.tellChildren();
      } else {
        liveness.tellParent();
      }
    }
    interest.checkAdvertised(link, beat.interestVersion(), beat.interestHash());
  }

  private void onParentHeartbeat(
      Link link, Message.Heartbeat beat, Message.Heartbeat.FromParent said) {
    tally.count(Tally.Count.HEARTBEATS_IN);
    boolean news = link == links.parent() && turn.heardTime(said.clockMillis());
    turn.heardForgotten(said.forgottenMillis());
    interest.checkAnswered(link, beat.interestVersion(), beat.interestHash());
    if (link == links.parent() && (interest.told(link, said) | usage.told(said) | news)) {
      liveness.tellChildren();
    }
    if (link == links.parent()) {
      told(link, said.dialable());
      if (groups.onParent(beat.group())) {
        dismissStrangers();
        liveness.tellChildren();
      }
    }
    if (link != links.parent()) {
      joining.onOldParentHeartbeat(beat.rooted(), said);
    } else if (!joining.onParentHeartbeat(beat.rooted(), beat.rootTerm(), said)) {
      turn.report(Effect.Report.Kind.CYCLE_LEFT, link.peer(), "its path runs through here", 0);
      turn.effects().add(new Effect.CloseLink(link.id(), "its path runs through here"));
      lost(link, "its path runs through here");
    }
  }

  /// The parent says whether it could dial this node.
  private void told(Link parent, Dialable said) {
    if (said == Dialable.NO && dialable != Dialable.NO) {
      turn.report(Effect.Report.Kind.UNDIALABLE, parent.peer(), identity.address().toString(), 0);
    } else if (said == Dialable.YES && dialable == Dialable.NO) {
      turn.report(Effect.Report.Kind.DIALABLE, parent.peer(), identity.address().toString(), 0);
    }
    dialable = said == Dialable.UNKNOWN ? dialable : said;
  }

  /// What follows when a child router was dialled.
  private final class Found implements Probing.Listener {
    @Override
    public void found(Link child, Dialable dialable) {
      if (dialable == Dialable.NO) {
        turn.report(
            Effect.Report.Kind.CHILD_UNDIALABLE,
            child.peer(),
            child.child().address().toString(),
            0);
      }
      liveness.tellChild(child);
      liveness.tellOfRoom();
    }

    @Override
    public void leave(Link probe, String cause) {
      TreeNode.this.leave(probe, cause);
    }
  }

  /// What follows from a change of this node's own place.
  private final class Relocation implements Joining.Listener {
    @Override
    public void parentChanged() {
      tellCongestion();
      liveness.tellParent();
      liveness.tellChildren();
      usage.placeChanged();
      if (links.parent() != null) {
        namesakes.attached();
      }
    }

    @Override
    public void pathChanged() {
      liveness.tellChildren();
      usage.placeChanged();
    }

    @Override
    public void leave(Link link, String cause) {
      TreeNode.this.leave(link, cause);
    }
  }
}
