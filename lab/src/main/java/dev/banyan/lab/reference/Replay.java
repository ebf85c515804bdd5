package dev.banyan.lab.reference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Plays a recorded run again and counts its packets.
///
/// A trace says what happened from outside: who joined, which task came, who wrote which key, whose result was there.
/// Who got which place and which task, the rules decide anew; a result from a worker that did not get the task by the
/// rules is a problem of the trace, for then it is of another simulator.
public final class Replay {

  /// What is done about the fault with key 0.
  public enum KeyZero {
    /// Whatever makes all expected counts equal; where both do, or neither, or none are given: as published.
    AUTO,
    /// The fault stays: key 0 never goes down.
    STAYS,
    /// The fault is mended: key 0 goes where other keys go.
    GOES
  }

  /// A replayed trace.
  ///
  /// @param counts its packets
  /// @param keyZeroNeverGoesDown whether the fault was kept
  /// @param decidedBy what decided that: `option`, `expected counts`, `nothing: key 0 makes no difference here`, or `default`
  /// @param difference the first count that is not as expected
  public record Outcome(
      Counts counts, boolean keyZeroNeverGoesDown, String decidedBy, Optional<String> difference) {}

  private static final int NOT_JOINED = -1;

  private final PublishedTrace trace;
  private final PublishedTree tree;
  private final int[] places;
  private final Map<Integer, Integer> running = new LinkedHashMap<>();
  private final Map<Integer, Integer> finished = new LinkedHashMap<>();
  private boolean rooted;

  private Replay(PublishedTrace trace, boolean keyZeroNeverGoesDown) {
    this.trace = trace;
    this.tree = new PublishedTree(new Rules(trace.sharded(), keyZeroNeverGoesDown));
    this.places = new int[trace.hostNames()];
    Arrays.fill(places, NOT_JOINED);
  }

  /// Replays, and compares with what the trace expects, if it does.
  ///
  /// @throws TraceProblem when the events do not make sense one after the other
  public static Outcome of(PublishedTrace trace, KeyZero keyZero) throws TraceProblem {
    boolean fault = keyZero != KeyZero.GOES;
    Outcome first = outcome(trace, fault, keyZero == KeyZero.AUTO ? "default" : "option");
    if (keyZero != KeyZero.AUTO) {
      return first;
    }
    if (!trace.sharded() || !trace.hasKeyZero()) {
      return new Outcome(
          first.counts(), fault, "nothing: key 0 makes no difference here", first.difference());
    }
    if (trace.expected().isEmpty()) {
      return first;
    }
    if (first.difference().isEmpty()) {
      return new Outcome(first.counts(), fault, "expected counts", first.difference());
    }
    Outcome second = outcome(trace, false, "expected counts");
    return second.difference().isEmpty() ? second : first;
  }

  private static Outcome outcome(PublishedTrace trace, boolean fault, String decidedBy)
      throws TraceProblem {
    Counts counts = counts(trace, fault);
    return new Outcome(counts, fault, decidedBy, trace.expected().flatMap(counts::firstDifference));
  }

  /// The packets of a trace.
  ///
  /// @throws TraceProblem when the events do not make sense one after the other
  public static Counts counts(PublishedTrace trace, boolean keyZeroNeverGoesDown)
      throws TraceProblem {
    Replay replay = new Replay(trace, keyZeroNeverGoesDown);
    for (int event = 0; event < trace.events(); event++) {
      try {
        replay.play(event);
      } catch (TraceProblem problem) {
        throw TraceProblem.atEvent(event, problem.line());
      }
    }
    if (!replay.rooted) {
      throw new TraceProblem("no root joins: a trace begins with an RJ event");
    }
    return replay.counts();
  }

  private void play(int event) throws TraceProblem {
    int subject = trace.subject(event);
    int object = trace.object(event);
    PublishedTrace.Kind kind = trace.kind(event);
    if (!rooted && kind != PublishedTrace.Kind.ROOT_JOINS) {
      throw new TraceProblem("the root has not joined: an RJ event must come first");
    }
    switch (kind) {
      case ROOT_JOINS -> {
        if (rooted) {
          throw new TraceProblem("there is a root already: RJ must come once");
        }
        rooted = true;
        places[subject] = tree.rootJoins(object);
      }
      case ROUTER_JOINS -> {
        newcomer(subject);
        places[subject] = tree.routerJoins(object);
      }
      case WORKER_JOINS -> {
        newcomer(subject);
        places[subject] = tree.workerJoins();
      }
      case ENQUEUE -> enqueue(subject);
      case UPDATE -> tree.update(worker(subject), object);
      case RESULT -> result(subject, object);
    }
  }

  private void newcomer(int host) throws TraceProblem {
    if (places[host] != NOT_JOINED) {
      throw new TraceProblem(trace.hostName(host) + " has joined already: a host joins once");
    }
  }

  private int worker(int host) throws TraceProblem {
    int place = places[host];
    if (place == NOT_JOINED) {
      throw new TraceProblem(
          trace.hostName(host) + " has not joined: its J event must come before");
    }
    if (!tree.isWorker(place)) {
      throw new TraceProblem(
          trace.hostName(host) + " is a router: only workers write keys and return results");
    }
    return place;
  }

  private int[] program(int task) throws TraceProblem {
    return trace
        .program(task)
        .orElseThrow(
            () -> new TraceProblem("task " + task + " has no program: add its keys to programs"));
  }

  private void enqueue(int task) throws TraceProblem {
    int[] program = program(task);
    if (running.containsKey(task) || finished.containsKey(task)) {
      throw new TraceProblem("task " + task + " was enqueued before: each comes once");
    }
    if (!tree.hasWorkers()) {
      throw new TraceProblem("no worker has joined that could run task " + task);
    }
    running.put(task, tree.enqueue(program));
  }

  private void result(int host, int task) throws TraceProblem {
    int worker = worker(host);
    int[] program = program(task);
    Integer assigned = running.remove(task);
    if (assigned == null) {
      throw new TraceProblem(
          finished.containsKey(task)
              ? "task " + task + " has returned before: it returns once"
              : "task " + task + " was not enqueued: its E event must come before");
    }
    if (assigned != worker) {
      throw new TraceProblem(
          "task %d returns from %s, but the fewest outstanding tasks were at %s: this is no trace of the published rules"
              .formatted(task, trace.hostName(host), nameOf(assigned)));
    }
    finished.put(task, worker);
    tree.finish(worker, program);
  }

  private String nameOf(int place) {
    for (int host = 0; host < places.length; host++) {
      if (places[host] == place) {
        return trace.hostName(host);
      }
    }
    throw new IllegalStateException("nobody has place " + place);
  }

  private Counts counts() {
    String[] names = new String[tree.hosts()];
    for (int host = 0; host < places.length; host++) {
      if (places[host] != NOT_JOINED) {
        names[places[host]] = trace.hostName(host);
      }
    }
    Map<String, Long> once = new LinkedHashMap<>();
    Map<String, Long> twice = new LinkedHashMap<>();
    for (int place = 0; place < names.length; place++) {
      once.put(names[place], tree.packetsOf(place));
      twice.put(names[place], tree.packetsSelfSendsTwiceOf(place));
    }
    Map<String, Long> byType = new LinkedHashMap<>();
    for (Packet packet : Packet.values()) {
      if (tree.rootPackets(packet) > 0) {
        byType.put(packet.publishedName(), tree.rootPackets(packet));
      }
    }
    return new Counts(tree.totalPackets(), tree.rootPackets(), byType, once, twice);
  }
}
