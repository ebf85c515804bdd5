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

  private record Passed(long index, NodeKind kind) {}

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
  private int passedClients;
  private int tasksPassed;

  // Interest, and the answer to it.
  final ExactFilter interest = new ExactFilter();
  final ExactFilter wanted = new ExactFilter();
  final ExactFilter changedWanted = new ExactFilter();
  final ArrayDeque<Unanswered> unanswered = new ArrayDeque<>(2);
  long interestVersion;
  long interestHash;
  long wantedVersion;
  long wantedHash;
  long answers;

  Child(Message.Attach attach, TreeConfig.Capacity guess, int slot, long nowNanos) {
    this.address = attach.address();
    this.slot = slot;
    boolean router = attach.kind() == NodeKind.ROUTER;
    clients = router ? attach.clients() : 0;
    routers = router ? attach.routers() : 0;
    expectedClients = clients;
    expectedRouters = routers;
    freeClientSlots = router ? guess.clients() : 0;
    freeRouterSlots = router ? guess.routers() : 0;
    heartbeatNanos = nowNanos;
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
    return expectedClients + passedClients;
  }

  /// Routers below, with those on their way.
  int expectedRouters() {
    return expectedRouters + passed.size() - passedClients;
  }

  int freeClientSlots() {
    return Math.max(0, freeClientSlots - passedClients);
  }

  int freeRouterSlots() {
    return Math.max(0, freeRouterSlots - (passed.size() - passedClients));
  }

  long heartbeatNanos() {
    return heartbeatNanos;
  }

  /// Queued tasks below, with those passed on since the last heartbeat.
  int load() {
    return load + tasksPassed;
  }

  void taskPassed() {
    tasksPassed++;
  }

  void joinPassed(NodeKind kind) {
    passed.add(new Passed(++joinsPassed, kind));
    if (kind == NodeKind.CLIENT) {
      passedClients++;
    }
  }

  void heartbeat(Message.Heartbeat beat, boolean router, long nowNanos) {
    heartbeatNanos = nowNanos;
    load = beat.load();
    tasksPassed = 0;
    if (!router) {
      return;
    }
    clients = Math.min(beat.clients(), MAX_SIZE);
    routers = Math.min(beat.routers(), MAX_SIZE);
    expectedClients = Math.min(beat.expectedClients(), MAX_SIZE);
    expectedRouters = Math.min(beat.expectedRouters(), MAX_SIZE);
    freeClientSlots = beat.freeClientSlots();
    freeRouterSlots = beat.freeRouterSlots();
    while (!passed.isEmpty() && passed.peek().index() <= beat.joinsSeen()) {
      if (passed.remove().kind() == NodeKind.CLIENT) {
        passedClients--;
      }
    }
  }
}
