package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Timer;
import dev.banyan.wire.EncodedMulticast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/// Nodes on hosts in a simulated network, and the virtual clock that drives them: the next thing to happen is always
/// the earliest, ties in the order in which they came about, and everything random follows from the seed.
///
/// Not thread-safe: one thread per cluster, as many clusters as there are threads.
public final class Cluster {

  private static final Pattern NODE_ID = Pattern.compile("\\b[0-9a-f]{16}\\b");
  private static final int FIRST_PORT = 7_000;

  private final ClusterOptions options;
  private final EventQueue queue = new EventQueue();
  private final Network network;
  private final Trace trace;
  private final Effects effects = new Effects();
  private final List<SimNode> nodes = new ArrayList<>();
  private final Map<NodeId, SimNode> byId = new HashMap<>();
  private final List<Observer> observers = new ArrayList<>();
  private final List<Tap> taps = new ArrayList<>();
  private final List<Address> roots = new ArrayList<>();
  private final Faults faults;
  private long nowNanos;
  private long activeAtNanos;
  private long handled;

  public Cluster(ClusterOptions options) {
    this.options = options;
    this.trace = new Trace(options.traceLines());
    FrameCodec codec = options.encoded() ? new WireFrames() : new SharedFrames();
    this.network = new Network(this, queue, codec, Seeds.fork(options.seed(), "network"));
    this.faults = new Faults(this, network);
  }

  public ClusterOptions options() {
    return options;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /// Events handled by nodes so far.
  public long events() {
    return handled;
  }

  /// A hash over everything that has happened; equal for equal runs.
  public long traceHash() {
    return trace.hash();
  }

  public Faults faults() {
    return faults;
  }

  public void observe(Observer observer) {
    observers.add(observer);
  }

  /// Has somebody see every frame from now on.
  public void tap(Tap tap) {
    taps.add(tap);
  }

  // --- nodes

  /// Adds a host; [#start] starts what runs on it. Roots must be added before those that are to find them.
  public SimNode add(NodeSpec spec) {
    int index = nodes.size();
    NodeId id = spec.naming().name(new NodeId(Seeds.mix(options.seed(), 0x6E6F6465L + index)));
    Address address =
        spec.kind().routes()
            ? new Address(
                "10." + (index >> 16) + "." + ((index >> 8) & 255) + "." + (index & 255),
                FIRST_PORT)
            : Address.NONE;
    SimNode node = new SimNode(index, id, address, spec);
    nodes.add(node);
    byId.put(id, node);
    network.dialing().listen(node);
    if (spec.kind() == NodeKind.ROOT) {
      roots.add(address);
    }
    return node;
  }

  public List<SimNode> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public Optional<SimNode> find(NodeId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// Starts a host that is new or down.
  public void start(SimNode node) {
    if (node.alive()) {
      throw new IllegalStateException(node + " runs already");
    }
    node.life++;
    node.state = SimNode.State.UP;
    node.powerless = false;
    node.nextInboundLink = -1;
    long incarnation =
        Seeds.mix(options.seed() ^ 0x6C696665L, ((long) node.index << 20) + node.life);
    Identity identity = Identity.of(node.id, node.kind(), node.address, incarnation);
    NodeSpec.Built built =
        node.spec
            .program()
            .build(
                identity,
                node.spec.config(),
                node.kind() == NodeKind.ROOT ? List.of() : List.copyOf(roots),
                new SplittableRandom(incarnation),
                node.clock);
    node.machine = built.machine();
    node.view = built.view();
    node.session = built.session();
    mark(node, "start, life " + node.life);
    for (Observer observer : observers) {
      observer.started(node, nowNanos);
    }
    handle(node, new Event.Start(), 0);
  }

  /// The process ends in good order: neighbours are told.
  public void stop(SimNode node) {
    if (!node.up()) {
      throw new IllegalStateException(node + " is not up");
    }
    handle(node, new Event.Stop(), 0);
    node.links.forEach(end -> network.close(node, end.id, "stopped"));
    end(node, "stop");
  }

  /// Hands an event of the layer above to a node, now.
  public void submit(SimNode node, Event event) {
    queue.add(nowNanos, EventQueue.What.LOCAL, node, event, node.life);
  }

  /// Runs an action of the scenario after that time.
  public void after(Duration delay, Runnable action) {
    queue.add(nowNanos + delay.toNanos(), EventQueue.What.ACTION, this, action, 0);
  }

  // --- time

  /// Lets that much virtual time pass.
  public void run(Duration duration) {
    runUntil(nowNanos + duration.toNanos());
  }

  public void runUntil(long untilNanos) {
    while (queue.nextAtNanos() <= untilNanos) {
      step();
    }
    nowNanos = Math.max(nowNanos, untilNanos);
  }

  /// Lets time pass until for this long nothing has happened but timers, heartbeats and reports of usage: no other message, no link that
  /// opened or closed, no local event, no fault. The window must be longer than any wait of a node (back-off, grace,
  /// rebalancing), or a node that only waits counts as quiet.
  ///
  /// Then tells the observers, which check what must hold.
  ///
  /// @throws Violation when it does not become quiet within the limit
  public void runUntilQuiet(Duration window, Duration limit) {
    long deadline = nowNanos + limit.toNanos();
    activeAtNanos = Math.max(activeAtNanos, nowNanos);
    while (nowNanos < activeAtNanos + window.toNanos()) {
      if (nowNanos >= deadline) {
        throw violation("not quiet after " + limit.toSeconds() + " s");
      }
      runUntil(Math.min(deadline, activeAtNanos + window.toNanos()));
    }
    for (Observer observer : observers) {
      observer.sweep(nowNanos);
      observer.quiet(nowNanos);
    }
  }

  /// Has the observers look at everything, from now on at this interval.
  public void sweepEvery(Duration interval) {
    after(
        interval,
        () -> {
          for (Observer observer : observers) {
            observer.sweep(nowNanos);
          }
          sweepEvery(interval);
        });
  }

  private void step() {
    EventQueue.Entry entry = queue.poll();
    if (entry == null) {
      return;
    }
    nowNanos = entry.atNanos;
    EventQueue.What what = entry.what;
    Object target = entry.target;
    Object payload = entry.payload;
    long number = entry.number;
    queue.recycle(entry);
    try {
      dispatch(what, target, payload, number);
    } catch (RuntimeException e) {
      Violation violation = violation(what + " threw " + e);
      violation.initCause(e);
      throw violation;
    }
  }

  void dispatch(EventQueue.What what, Object target, Object payload, long number) {
    switch (what) {
      case ACTION -> ((Runnable) payload).run();
      case FRAME, OPEN, CLOSE, PART -> network.arrive(what, (LinkEnd) target, payload, number);
      case DIAL -> network.dialing().arrive((LinkEnd) target, (Address) payload);
      case DIAL_TIMEOUT -> network.dialing().timeOut((LinkEnd) target);
      case LEAVE -> network.leave((LinkEnd) target, payload);
      case MARK -> network.arriveMark((LinkEnd) target, (Event) payload);
      case TIMER, LOCAL -> wake((SimNode) target, what, payload, number);
    }
  }

  private void wake(SimNode node, EventQueue.What what, Object payload, long life) {
    if (life != node.life || !node.alive()) {
      return;
    }
    if (node.state == SimNode.State.HUNG) {
      network.heldUp().pile(node, what, node, payload, life, 0);
    } else if (what == EventQueue.What.TIMER) {
      network.tellProgress(node);
      handle(node, new Event.TimerFired((Timer) payload), 0);
    } else {
      active();
      handle(node, (Event) payload, 0);
    }
  }

  /// Links that broke because more was queued on them than may be.
  public long linksOverflown() {
    return network.linksOverflown();
  }

  // --- within the package

  void handle(SimNode node, Event event, int fingerprint) {
    Machine machine = node.machine;
    if (machine == null) {
      throw new IllegalStateException(node + " has no machine");
    }
    effects.clear();
    handled++;
    try {
      machine.handle(event, nowNanos, effects);
    } catch (RuntimeException e) {
      trace.add(nowNanos, node, event, fingerprint, effects);
      Violation violation = violation(node + " threw " + e + " on " + event);
      violation.initCause(e);
      throw violation;
    }
    trace.add(nowNanos, node, event, fingerprint, effects);
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.ForDriver effect) {
        network.carryOut(node, effect);
      }
    }
    for (int i = 0; i < observers.size(); i++) {
      observers.get(i).handled(node, event, effects, nowNanos);
    }
    if (event instanceof Event.Received(LinkId _, EncodedMulticast multicast)) {
      multicast.expire(); // as a transport does that reads into the same buffer again
    }
  }

  void linkGone(LinkEnd end) {
    for (int i = 0; i < observers.size(); i++) {
      observers.get(i).linkGone(end.owner, end.id, nowNanos);
    }
  }

  void end(SimNode node, String how) {
    mark(node, how);
    node.state = SimNode.State.DOWN;
    node.machine = null;
    node.view = null;
    node.session = null;
    for (Observer observer : observers) {
      observer.ended(node, nowNanos);
    }
  }

  /// A frame is sent.
  void sent(SimNode from, SimNode to, Message message, int sizeBytes) {
    for (int i = 0; i < taps.size(); i++) {
      taps.get(i).sent(from, to, message, sizeBytes);
    }
  }

  /// Something other than heartbeats is going on.
  void active() {
    activeAtNanos = nowNanos;
  }

  void mark(SimNode node, String what) {
    active();
    trace.mark(nowNanos, node, what);
  }

  void disturbed(SimNode node) {
    for (Observer observer : observers) {
      observer.disturbed(node, nowNanos);
    }
  }

  public Violation violation(String what) {
    return new Violation(named(what), options, nowNanos, named(trace.text()));
  }

  /// The text with nodes' names in place of their ids.
  private String named(String text) {
    return NODE_ID
        .matcher(text)
        .replaceAll(found ->
            find(NodeId.parse(found.group())).map(SimNode::toString).orElse(found.group()));
  }

  Trace trace() {
    return trace;
  }
}
