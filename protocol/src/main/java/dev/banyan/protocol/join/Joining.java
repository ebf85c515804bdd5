package dev.banyan.protocol.join;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Fence;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Deadline;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.TreeTimer;
import dev.banyan.protocol.turn.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The node's own search for a parent (§2.2), and its moves from one to another (§2.5).
///
/// A quest goes CALLING (roots are called, one is asked) to ATTACHING (an assigned parent is asked) and ends attached; any failure goes
/// to WAITING, and after a jittered wait to CALLING again. A client that moves is FENCING for a while after it is
/// attached: it leaves its old parent when the fence it sent by the new one has arrived by the old.
public final class Joining {

  /// Why a parent is sought.
  private enum Quest {
    NONE,
    /// There is none.
    ORPHAN,
    /// The parent asked us to go.
    MOVE,
    /// The parent has had no root for too long.
    RESCUE
  }

  private enum Step {
    IDLE,
    WAITING,
    CALLING,
    ATTACHING,
    FENCING
  }

  /// What others must do when the node's place changes.
  public interface Listener {
    void parentChanged();

    void pathChanged();

    void leave(Link link, String cause);
  }

  private final Identity identity;
  private final TreeConfig config;
  private final Links links;
  private final Turn turn;
  private final Position position;
  private final InterestExchange interest;
  private final Listener listener;
  private final Handover handover;
  private final Message.Settings settings;

  private Quest quest = Quest.NONE;
  private Step step = Step.IDLE;
  private long attempt;
  private int failures;

  /// Parents in a row that were lost before they had accepted what we want.
  private int unaccepted;

  private boolean accepted = true;
  private long attachedNanos;
  private int requests;
  private final Patience patience;
  private final RootCalls calls;
  private final FailedParents failedParents = new FailedParents();

  /// Of the step.
  private final Deadline deadline;

  private @Nullable Link candidate;
  private Message.@Nullable AssignParent assigned;
  private List<NodeId> wish = List.of();

  public Joining(
      Identity identity,
      TreeConfig config,
      List<Address> roots,
      Links links,
      Turn turn,
      Position position,
      InterestExchange interest,
      Listener listener) {
    this.identity = identity;
    this.config = config;
    this.links = links;
    this.turn = turn;
    this.position = position;
    this.interest = interest;
    this.listener = listener;
    this.handover = new Handover(identity, turn);
    this.settings = new Message.Settings(identity.group(), config.timing().heartbeatNanos());
    this.deadline = new Deadline(turn, TreeTimer.JOIN);
    this.patience = new Patience(config.timing());
    this.calls = new RootCalls(config, roots, links, turn, listener);
  }

  /// Whether this node has asked to be attached and does not know yet: it vouches for nobody meanwhile.
  public boolean awaitingAnswer() {
    return step == Step.ATTACHING;
  }

  public void start() {
    if (!position.isRoot()) {
      begin(Quest.ORPHAN);
    }
  }

  /// The parent asks this client to find another place.
  ///
  /// @param route the routers down to the place it should take, the root left out; empty: any
  public void moveTo(List<NodeId> route) {
    if (quest == Quest.NONE && position.rooted() && links.parent() != null) {
      turn.report(Effect.Report.Kind.MOVE_STARTED, identity.node(), "", 0);
      begin(Quest.MOVE);
      wish = List.copyOf(route);
    }
  }

  private void begin(Quest why) {
    quest = why;
    wish = List.of();
    failures = 0;
    requests = 0;
    failedParents.clear();
    step = Step.WAITING;
    deadline.in(
        unaccepted == 0
            ? turn.jitterNanos(config.timing().joinJitterNanos())
            : turn.spreadNanos(backoff(config.timing().backoffMinNanos(), unaccepted)));
  }

  /// The parent has taken what we want, or has been content with it for long: only then is the search a success.
  public void accepted() {
    accepted = true;
    unaccepted = 0;
  }

  private void acceptedAfter(long nanos) {
    if (!accepted && turn.nowNanos() - attachedNanos >= nanos) {
      accepted();
    }
  }

  private void end() {
    quest = Quest.NONE;
    step = Step.IDLE;
    deadline.cancel();
    calls.end();
    dropCandidate();
  }

  // A root is asked.

  public void onJoinTimer() {
    if (!deadline.hasCome()) {
      return;
    }
    switch (step) {
      case WAITING -> callRoot();
      case CALLING -> {
        if (calls.isAnswered()) {
          failedParents.unanswered();
        }
        patience.unanswered();
        String root = calls.current();
        calls.next();
        failed(root + ": no answer in time");
      }
      case ATTACHING -> {
        patience.unanswered();
        candidateFailed("no answer in time");
      }
      case IDLE, FENCING -> {}
    }
  }

  public void onCallTimer() {
    calls.onTimer();
  }

  /// The parent that was assigned is of no use to us.
  private void candidateFailed(String why) {
    Message.AssignParent parent = assigned;
    if (parent != null) {
      failedParents.add(parent.parent());
      failed("assigned parent " + parent.parent() + " at " + parent.parentAddress() + ": " + why);
    }
  }

  private void callRoot() {
    dropCandidate();
    step = Step.CALLING;
    calls.begin();
    deadline.in(patience.asked(turn.nowNanos()));
  }

  public void onDialed(Link link) {
    turn.send(link.id(), hello());
    if (link == candidate) {
      sendAttach(link);
      // It is there, however far: from now on its answer is waited for, not a connection too.
      deadline.in(patience.asked(turn.nowNanos()));
    } else if (calls.isOnly(link)) {
      ask(link);
    }
  }

  /// Whoever we dialed has said who it is.
  public void onGreeted(Link link) {
    if (!calls.includes(link) || calls.isAnswered()) {
      return;
    }
    if (link.peerKind() != NodeKind.ROOT) {
      callFailed(link, "this is no root: ask a root");
    } else {
      boolean asked = calls.isOnly(link);
      calls.answer(link);
      if (!asked) {
        ask(link);
        deadline.in(patience.asked(turn.nowNanos()));
      }
    }
  }

  /// Each request is an attempt of its own: of two that were sent to different roots only the later one's answer counts.
  private void ask(Link root) {
    attempt++;
    requests++;
    turn.send(
        root.id(),
        new Message.JoinRequest(
            identity.node(),
            identity.kind(),
            identity.address(),
            attempt,
            quest == Quest.RESCUE,
            links.clients(),
            links.routers(),
            List.of(),
            false,
            quest == Quest.MOVE ? wish : List.of(),
            failedParents.latest(),
            failedParents.takeInVain()));
    turn.report(
        Effect.Report.Kind.JOIN_SENT,
        links.parent() == null ? identity.node() : parent(),
        "",
        requests);
  }

  private NodeId parent() {
    Link link = links.parent();
    return link == null ? identity.node() : link.peer();
  }

  public Message.Hello hello() {
    return new Message.Hello(
        Message.Hello.VERSION,
        identity.tree(),
        identity.node(),
        identity.kind(),
        identity.incarnation(),
        identity.credentials(),
        settings);
  }

  public void onAssignParent(Link from, Message.AssignParent assign) {
    if (!calls.isAnswered(from)
        || assign.attempt() != attempt
        || !assign.joiner().equals(identity.node())
        || assign.parent().equals(identity.node())
        || (step != Step.CALLING && step != Step.ATTACHING)) {
      return;
    }
    patience.answered(turn.nowNanos());
    Link parent = links.parent();
    if (parent != null && parent.isTo(assign.parent())) {
      // The best place is the one we have.
      patience.found();
      boolean rescue = quest == Quest.RESCUE;
      end();
      if (rescue) {
        armGrace();
      }
      return;
    }
    dropCandidate();
    step = Step.ATTACHING;
    assigned = assign;
    deadline.in(patience.asked(turn.nowNanos()));
    if (from.isTo(assign.parent())) {
      from.become(Link.Role.CANDIDATE);
      calls.release(from);
      candidate = from;
      sendAttach(from);
    } else {
      candidate = links.dial(Link.Role.CANDIDATE, assign.parentAddress(), turn);
    }
  }

  private void sendAttach(Link link) {
    turn.send(
        link.id(),
        new Message.Attach(
            identity.node(),
            identity.kind(),
            identity.address(),
            attempt,
            position.nextAttachNumber(),
            links.clients(),
            links.routers(),
            List.of()));
  }

  /// Whether whoever greets us on a link we dialed is whom we meant to dial.
  public boolean isExpected(Link link, NodeId peer) {
    return link != candidate || (assigned != null && peer.equals(assigned.parent()));
  }

  // The answer.

  public void onAttached(Link from, Message.Attached attached) {
    if (from != candidate || attached.attempt() != attempt || step != Step.ATTACHING) {
      return;
    }
    if (position.isOn(attached.path()) || attached.path().size() >= Position.MAX_DEPTH) {
      turn.report(Effect.Report.Kind.CYCLE_LEFT, from.peer(), "refused before it began", 0);
      candidateFailed("its path runs through here");
      return;
    }
    patience.answered(turn.nowNanos());
    patience.found();
    turn.heardTime(attached.clockMillis());
    turn.heardForgotten(attached.forgottenMillis());
    accepted = false;
    attachedNanos = turn.nowNanos();
    candidate = null;
    assigned = null;
    List<Message.PathEntry> pathLeft = position.parentPath();
    boolean fenced =
        quest == Quest.MOVE
            && links.parent() != null
            && position.rooted()
            && interest.fits(attached.limits());
    Link left = links.parent();
    if (fenced) {
      links.retireParent();
    } else if (left != null) {
      listener.leave(left, "found another parent");
    }
    interest.advertiseAll(from, attached.limits());
    links.setParent(from);
    turn.effects().add(new Effect.Admit(from.id()));
    interest.parentChanged();
    position.under(attached.path(), attached.rootTerm());
    turn.disarm(TreeTimer.GRACE);
    turn.report(Effect.Report.Kind.ATTACHED, from.peer(), "", requests);
    if (fenced) {
      calls.end();
      deadline.cancel();
      step = Step.FENCING;
      handover.begin(from, attempt, pathLeft);
      turn.arm(TreeTimer.FENCE, config.timing().heartbeatTimeoutNanos());
    } else {
      end();
      missedAll();
    }
    listener.parentChanged();
  }

  /// One of our fences is back: it counts if it is this move's and came by the old parent.
  public void onFence(Link from, Fence fence) {
    if (step == Step.FENCING && from == links.oldParent() && handover.isAwaited(fence)) {
      turn.report(Effect.Report.Kind.MOVE_COMPLETED, from.peer(), "", 0);
      turn.effects().add(new Effect.Moved());
      listener.leave(from, "moved");
      end();
      turn.disarm(TreeTimer.FENCE);
      if (handover.isInDoubt()) {
        missedAll();
      }
    }
  }

  public void onOldParentHeartbeat(boolean rooted, Message.Heartbeat.FromParent beat) {
    handover.onOldParentHeartbeat(rooted, beat);
  }

  public void onFenceTimer() {
    Link old = links.oldParent();
    if (step == Step.FENCING) {
      if (old != null) {
        listener.leave(old, "moved");
      }
      unfenced("no fence in time");
    }
  }

  private void unfenced(String why) {
    turn.report(Effect.Report.Kind.MOVE_UNFENCED, parent(), why, 0);
    end();
    turn.disarm(TreeTimer.FENCE);
    missedAll();
  }

  public void onRefused(Link from, Message.Refused refused) {
    if (!calls.includes(from) && from != candidate) {
      return;
    }
    if (refused.attempt() != attempt && refused.attempt() != 0) {
      return;
    }
    turn.report(
        Effect.Report.Kind.JOIN_REFUSED,
        from.greeted() ? from.peer() : identity.node(),
        refused.reason() + ": " + refused.detail(),
        requests);
    if (from != candidate && !calls.isAnswered(from)) {
      callFailed(from, "refused: " + refused.detail());
      return;
    }
    switch (refused.reason()) {
      // Full may be only promised away, and free again soon.
      case ROOT_YOUNG, TREE_FULL -> giveUpOrRetry(config.timing().backoffMinNanos());
      case NO_PLACE, NOT_ROOTED -> {
        if (from == candidate && assigned != null) {
          failedParents.add(assigned.parent());
        }
        retry(config.timing().backoffMinNanos());
      }
      case NOT_ROOT -> {
        calls.next();
        retry(config.timing().backoffMinNanos());
      }
      case INCOMPATIBLE, DUPLICATE_NODE -> giveUpOrRetry(config.timing().heartbeatNanos());
    }
  }

  /// Something did not work.
  ///
  /// @param what who failed, and how
  private void failed(String what) {
    turn.report(
        Effect.Report.Kind.JOIN_FAILED,
        assigned == null ? identity.node() : assigned.parent(),
        what,
        requests);
    retry(config.timing().backoffMinNanos());
  }

  /// Wait, longer each time, and ask again.
  private void retry(long firstWaitNanos) {
    calls.end();
    dropCandidate();
    if (quest == Quest.RESCUE) {
      giveUp();
      return;
    }
    if (quest == Quest.MOVE && ++failures > 2) {
      giveUp();
      return;
    }
    if (quest == Quest.ORPHAN) {
      failures++;
    }
    step = Step.WAITING;
    deadline.in(turn.spreadNanos(backoff(firstWaitNanos, failures)));
  }

  private long backoff(long firstWaitNanos, int times) {
    long longest = config.timing().backoffMaxNanos();
    int doublings = Math.clamp(times - 1, 0, 20);
    return firstWaitNanos > longest >> doublings ? longest : firstWaitNanos << doublings;
  }

  /// Whoever has a parent can do without another; whoever has none tries again.
  private void giveUpOrRetry(long firstWaitNanos) {
    if (links.parent() != null) {
      giveUp();
    } else {
      retry(firstWaitNanos);
    }
  }

  /// A quest that was only for something better ends; the parent we have is kept.
  private void giveUp() {
    boolean rescue = quest == Quest.RESCUE;
    end();
    if (rescue) {
      armGrace();
    }
  }

  // Links come and go.

  /// A link of the search is gone.
  public void onSearchLinkLost(Link link, String cause) {
    if (calls.includes(link)) {
      callFailed(link, cause);
    } else if (link == candidate) {
      candidate = null;
      if (step == Step.ATTACHING) {
        candidateFailed(cause);
      }
    }
  }

  private void callFailed(Link link, String why) {
    String root = calls.nameOf(link);
    if (calls.failed(link) && step == Step.CALLING) {
      failed(root + ": " + why);
    }
  }

  /// The parent is gone; its link is removed already.
  public void onParentLost(NodeId lost, String cause) {
    Link old = links.oldParent();
    if (step == Step.FENCING && old != null) {
      // The new parent died before the move was over: the old one never stopped serving us. What it
      // said of our
      // interest meanwhile was not listened to, so it is told anew.
      links.restoreOldParent(old);
      interest.advertiseAnew(old);
      turn.disarm(TreeTimer.FENCE);
      end();
      missedAll();
      listener.parentChanged();
      return;
    }
    unaccepted += accepted ? 0 : 1;
    position.uproot();
    turn.disarm(TreeTimer.GRACE);
    turn.report(Effect.Report.Kind.ORPHANED, lost, cause, 0);
    turn.effects().add(new Effect.Connected(false));
    interest.parentChanged();
    listener.parentChanged();
    if (quest == Quest.NONE || step == Step.FENCING) {
      begin(Quest.ORPHAN);
    } else {
      quest = Quest.ORPHAN;
      failures = 0;
    }
  }

  /// The old parent is gone before the fence came by it.
  public void onOldParentLost() {
    if (step == Step.FENCING) {
      unfenced("the old parent is gone");
    }
  }

  // The parent's word on the root.

  /// A heartbeat of the parent.
  ///
  /// @return false when the parent's path runs through this node
  public boolean onParentHeartbeat(
      boolean rooted, long rootTerm, Message.Heartbeat.FromParent beat) {
    if (position.isOn(beat.path()) || beat.path().size() >= Position.MAX_DEPTH) {
      return false;
    }
    acceptedAfter(config.timing().heartbeatTimeoutNanos());
    boolean was = position.rooted();
    if (!rooted) {
      if (was) {
        position.uproot();
        turn.effects().add(new Effect.Connected(false));
        armGrace();
        listener.pathChanged();
      }
      return true;
    }
    boolean known = position.isKnown(beat.path());
    if (known && was) {
      return true;
    }
    position.under(beat.path(), rootTerm);
    turn.disarm(TreeTimer.GRACE);
    if (quest == Quest.RESCUE) {
      end();
    }
    if (!was) {
      turn.effects().add(new Effect.Connected(true));
    }
    if (!known) {
      turn.effects().add(new Effect.Missed(new long[0], Effect.Missed.Cause.PATH_CHANGED));
    }
    listener.pathChanged();
    return true;
  }

  private void armGrace() {
    long grace = config.timing().graceNanos();
    turn.arm(TreeTimer.GRACE, grace + turn.jitterNanos(grace));
  }

  public void onGraceTimer() {
    if (!position.rooted() && links.parent() != null) {
      if (quest == Quest.NONE) {
        begin(Quest.RESCUE);
      } else {
        armGrace();
      }
    }
  }

  private void missedAll() {
    turn.effects().add(new Effect.Connected(position.rooted()));
    turn.effects().add(new Effect.Missed(new long[0], Effect.Missed.Cause.PATH_CHANGED));
  }

  private void dropCandidate() {
    Link link = candidate;
    candidate = null;
    assigned = null;
    if (link != null && links.get(link.id()) == link) {
      listener.leave(link, "no longer needed");
    }
  }
}
