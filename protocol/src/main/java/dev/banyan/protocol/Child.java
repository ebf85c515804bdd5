package dev.banyan.protocol;

import dev.banyan.filter.ExactFilter;
import java.util.ArrayDeque;

/// What a router knows of one child: its sizes, the requests passed to it, its interest and what it was answered.
final class Child {

  /// An [Message.Interest] version of the child with the tags it added, and the version of our own interest that must
  /// have been answered before it can be.
  @SuppressWarnings("ArrayRecordComponent")
  record Unanswered(long version, long needed, long[] tags) {}

  /// No subtree is larger; what claims to be is a lie that must not overflow our sums.
  private static final int MAX_SIZE = 1 << 30;

  /// Requests passed on that the child has not said it has seen: above this many it must say so first.
  private static final int MAX_PASSED = 1 << 16;

  private record Passed(long index, JoinerSize size) {}

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

  // Requests passed on, and not yet accounted for by a heartbeat.
  private final ArrayDeque<Passed> passed = new ArrayDeque<>(2);
  private long joinsPassed;
  private long passedClients;
  private long passedRouters;

  // Queued tasks: what the last heartbeat said of those it had seen, those passed on after, less
  // those done since.
  private long tasksPassed;
  private long tasksSeen;
  private int tasksDone;

  // Interest, and the answer to it.
  final Advertised interest;

  /// Whether it answers questions.
  final Attention attention = new Attention();

  final ExactFilter wanted;
  final ExactFilter changedWanted;
  final ArrayDeque<Unanswered> unanswered = new ArrayDeque<>(2);
  long unansweredTags;

  /// Whether the child was told that somebody outside wants everything.
  boolean saidAll;

  long wantedVersion;
  long wantedHash;

  /// [#wantedHash] as it was last said: what is dropped here is not said before the next change is.
  long sentWantedHash;

  long answers;

  /// Whether [Answering] has something to say to the child, or to find out.
  boolean awaitsAnswer;

  /// Of most workers below it, as it said last; of routers only.
  Group group = Group.NONE;

  /// How many tags it may advertise, as it was last told.
  int tagLimit = Integer.MAX_VALUE;

  /// The most it was ever told on this link.
  int tagLimitEver;

  /// Since when it has broken a limit of interest without a break; 0: it does not.
  long overSinceNanos;

  /// As a place for others; of routers only.
  final Repute repute;

  private boolean surveyed;
  private long surveyedNanos;

  /// Multicasts sent to the child that were of no use there, as it says itself.
  long unwantedOut;

  Child(Message.Attach attach, TreeConfig config, int slot, Turn turn) {
    TreeConfig.Capacity guess = config.capacity();
    this.address = attach.address();
    this.slot = slot;
    interest = new Advertised(config.filtering().exactBelow(), turn.seed());
    wanted = new ExactFilter(turn.seed());
    changedWanted = new ExactFilter(turn.seed());
    boolean router = attach.kind() == NodeKind.ROUTER;
    clients = router ? Math.min(attach.clients(), MAX_SIZE) : 0;
    routers = router ? Math.min(attach.routers(), MAX_SIZE) : 0;
    expectedClients = clients;
    expectedRouters = routers;
    freeClientSlots = router ? guess.clients() : 0;
    freeRouterSlots = router ? guess.routers() : 0;
    heartbeatNanos = turn.nowNanos();
    repute = new Repute(turn.nowNanos());
  }

  Address address() {
    return address;
  }

  /// The child's place in the [TagTable].
  int slot() {
    return slot;
  }

  int clients() {
    return clients;
  }

  int routers() {
    return routers;
  }

  /// Clients below, with those on their way.
  int expectedClients() {
    return (int) Math.min(MAX_SIZE, expectedClients + passedClients);
  }

  /// Routers below, with those on their way.
  int expectedRouters() {
    return (int) Math.min(MAX_SIZE, expectedRouters + passedRouters);
  }

  int freeClientSlots() {
    return (int) Math.max(0, freeClientSlots - passedClients);
  }

  int freeRouterSlots() {
    return (int) Math.max(0, freeRouterSlots - passedRouters);
  }

  long heartbeatNanos() {
    return heartbeatNanos;
  }

  /// Queued tasks below. Exact where nothing is lost: links are ordered, so what is done after a heartbeat was sent
  /// comes after it.
  int load() {
    long unseen = Math.clamp(tasksPassed - tasksSeen, 0, MAX_SIZE);
    return (int) Math.clamp(load + unseen - tasksDone, 0, MAX_SIZE);
  }

  void taskPassed() {
    tasksPassed++;
  }

  /// Whether a survey may be passed on to the child now: at most one in an interval is.
  boolean maySurvey(long nowNanos, long intervalNanos) {
    if (surveyed && nowNanos - surveyedNanos < intervalNanos) {
      return false;
    }
    surveyed = true;
    surveyedNanos = nowNanos;
    return true;
  }

  /// A result came from below, or a task that nobody there could take.
  void taskDone() {
    tasksDone++;
  }

  boolean mayPassJoin() {
    return passed.size() < MAX_PASSED;
  }

  /// A joiner was sent down to this child, with all that is below it.
  void joinPassed(Message.JoinRequest request) {
    JoinerSize size = JoinerSize.of(request);
    passed.add(new Passed(++joinsPassed, size));
    passedClients += size.clients();
    passedRouters += size.routers();
  }

  void heartbeat(Message.Heartbeat.FromChild beat, long unwanted, boolean router, long nowNanos) {
    heartbeatNanos = nowNanos;
    load = Math.min(beat.load(), MAX_SIZE);
    tasksSeen = beat.tasksSeen();
    tasksDone = 0;
    unwantedOut = unwanted;
    if (!router) {
      return;
    }
    clients = Math.min(beat.clients(), MAX_SIZE);
    routers = Math.min(beat.routers(), MAX_SIZE);
    expectedClients = Math.min(beat.expectedClients(), MAX_SIZE);
    expectedRouters = Math.min(beat.expectedRouters(), MAX_SIZE);
    freeClientSlots = Math.min(beat.freeClientSlots(), MAX_SIZE);
    freeRouterSlots = Math.min(beat.freeRouterSlots(), MAX_SIZE);
    while (!passed.isEmpty() && passed.peek().index() <= beat.joinsSeen()) {
      JoinerSize seen = passed.remove().size();
      passedClients -= seen.clients();
      passedRouters -= seen.routers();
    }
  }
}
