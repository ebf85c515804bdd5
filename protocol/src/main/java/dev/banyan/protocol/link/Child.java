package dev.banyan.protocol.link;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.turn.Turn;
import org.jspecify.annotations.Nullable;

/// What a router knows of one child: its sizes, the requests passed to it, its interest and what it was answered.
public final class Child {

  /// No subtree is larger; what claims to be is a lie that must not overflow our sums.
  private static final int MAX_SIZE = 1 << 30;

  /// Requests passed on that the child has not said it has seen: above this many it must say so first.
  private static final int MAX_PASSED = 1 << 16;

  private final Address address;
  private final int slot;

  // Sizes, as of the last heartbeat.
  private int clients;
  private int routers;
  private int expectedClients;
  private int expectedRouters;
  private int freeClientSlots;
  private int freeRouterSlots;
  private int load;
  private long heartbeatNanos;

  /// Joiners sent there, and not yet accounted for by a heartbeat; null for nobody ever.
  private @Nullable JoinersPassed passed;

  // What they bring: looked at for each joiner, and so at hand.
  private long passedClients;
  private long passedRouters;

  // Queued tasks: what the last heartbeat said of those it had seen, those passed on after, less
  // those done since.
  private long tasksPassed;
  private long tasksSeen;
  private int tasksDone;

  private final Advertised interest;
  private final AnsweredInterest answered;
  private Attention attention = Attention.NEVER_ASKED;
  private final Repute repute;
  private Group group = Group.NONE;

  // How much it may want.
  private int tagLimit = Integer.MAX_VALUE;
  private int tagLimitEver;
  private long overSinceNanos;

  private boolean surveyed;
  private long surveyedNanos;

  private long unwantedOut;

  public Child(Message.Attach attach, TreeConfig config, int slot, Turn turn) {
    TreeConfig.Capacity guess = config.capacity();
    this.address = attach.address();
    this.slot = slot;
    interest = new Advertised(config.filtering().exactBelow(), turn.seed());
    answered = new AnsweredInterest(turn.seed());
    boolean router = attach.kind() == NodeKind.ROUTER;
    clients = router ? Math.min(attach.clients(), MAX_SIZE) : 0;
    routers = router ? Math.min(attach.routers(), MAX_SIZE) : 0;
    expectedClients = clients;
    expectedRouters = routers;
    freeClientSlots = router ? guess.clients() : 0;
    freeRouterSlots = router ? guess.routers() : 0;
    heartbeatNanos = turn.nowNanos();
    repute = router ? new Repute(turn.nowNanos()) : Repute.OF_CLIENTS;
  }

  public Address address() {
    return address;
  }

  /// The child's place among those who want a tag.
  public int slot() {
    return slot;
  }

  /// What it wants.
  public Advertised interest() {
    return interest;
  }

  /// What it was answered to that.
  public AnsweredInterest answered() {
    return answered;
  }

  /// Whether it answers questions. To note that it was given some, or was busy: [#noting].
  public Attention attention() {
    return attention;
  }

  /// The same, for what is to be noted of it.
  public Attention noting() {
    if (attention == Attention.NEVER_ASKED) {
      attention = new Attention();
    }
    return attention;
  }

  /// What it is worth as a place for others; only to be asked of clients, and changed of routers.
  public Repute repute() {
    return repute;
  }

  /// What most workers below it are set to, as it said last; of routers only.
  public Group group() {
    return group;
  }

  /// Multicasts sent to the child that were of no use there, as it says itself.
  public long unwantedOut() {
    return unwantedOut;
  }

  /// The child is told that it may advertise so many tags.
  public void allow(int tags) {
    tagLimit = tags;
    tagLimitEver = Math.max(tagLimitEver, tags);
  }

  /// How many tags it may advertise, as it was last told.
  public int tagLimit() {
    return tagLimit;
  }

  /// The most it was ever told on this link.
  public int tagLimitEver() {
    return tagLimitEver;
  }

  /// Whether it breaks a limit of interest was looked at.
  public void isOver(boolean over, long nowNanos) {
    overSinceNanos = !over ? 0 : overSinceNanos == 0 ? nowNanos : overSinceNanos;
  }

  /// Since when it has broken a limit of interest without a break; 0: it does not.
  public long overSinceNanos() {
    return overSinceNanos;
  }

  public int clients() {
    return clients;
  }

  public int routers() {
    return routers;
  }

  /// Clients below, with those on their way.
  public int expectedClients() {
    return (int) Math.min(MAX_SIZE, expectedClients + passedClients);
  }

  /// Routers below, with those on their way.
  public int expectedRouters() {
    return (int) Math.min(MAX_SIZE, expectedRouters + passedRouters);
  }

  /// Those of this kind, clients or routers, below, with those on their way.
  public int expected(NodeKind kind) {
    return kind == NodeKind.ROUTER ? expectedRouters() : expectedClients();
  }

  public int freeClientSlots() {
    return (int) Math.max(0, freeClientSlots - passedClients);
  }

  public int freeRouterSlots() {
    return (int) Math.max(0, freeRouterSlots - passedRouters);
  }

  /// Places below for this kind, clients or routers, that nobody is on the way to.
  public int freeSlots(NodeKind kind) {
    return kind == NodeKind.ROUTER ? freeRouterSlots() : freeClientSlots();
  }

  public long heartbeatNanos() {
    return heartbeatNanos;
  }

  /// Queued tasks below. Exact where nothing is lost: links are ordered, so what is done after a heartbeat was sent
  /// comes after it.
  public int load() {
    long unseen = Math.clamp(tasksPassed - tasksSeen, 0, MAX_SIZE);
    return (int) Math.clamp(load + unseen - tasksDone, 0, MAX_SIZE);
  }

  public void taskPassed() {
    tasksPassed++;
  }

  /// Whether a survey may be passed on to the child now: at most one in an interval is.
  public boolean maySurvey(long nowNanos, long intervalNanos) {
    if (surveyed && nowNanos - surveyedNanos < intervalNanos) {
      return false;
    }
    surveyed = true;
    surveyedNanos = nowNanos;
    return true;
  }

  /// A result came from below, or a task that nobody there could take.
  public void taskDone() {
    tasksDone++;
  }

  public boolean mayPassJoin() {
    return passed == null || passed.size() < MAX_PASSED;
  }

  /// A joiner was sent down to this child, with all that is below it.
  public void joinPassed(Message.JoinRequest request) {
    if (passed == null) {
      passed = new JoinersPassed();
    }
    passed.add(request);
    passedClients = passed.clients();
    passedRouters = passed.routers();
  }

  /// A heartbeat came: what it passed on before, and has seen, is in these numbers.
  ///
  /// @param router clients have nothing below them, whatever they say
  public void heartbeat(
      Message.Heartbeat said, Message.Heartbeat.FromChild beat, boolean router, long nowNanos) {
    heartbeatNanos = nowNanos;
    load = Math.min(beat.load(), MAX_SIZE);
    tasksSeen = beat.tasksSeen();
    tasksDone = 0;
    unwantedOut = said.unwanted();
    if (!router) {
      return;
    }
    group = said.group();
    clients = Math.min(beat.clients(), MAX_SIZE);
    routers = Math.min(beat.routers(), MAX_SIZE);
    expectedClients = Math.min(beat.expectedClients(), MAX_SIZE);
    expectedRouters = Math.min(beat.expectedRouters(), MAX_SIZE);
    freeClientSlots = Math.min(beat.freeClientSlots(), MAX_SIZE);
    freeRouterSlots = Math.min(beat.freeRouterSlots(), MAX_SIZE);
    if (passed != null) {
      passed.seen(beat.joinsSeen());
      passedClients = passed.clients();
      passedRouters = passed.routers();
    }
  }
}
