package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The links between hosts, and what TCP makes of them: frames of a direction arrive in the order in which they were
/// sent, or (the link is cut) not at all and nor does anything after them. A host that hangs takes nothing and its
/// peers are not told; a partition holds everything up until it heals.
final class Network {

  private final Cluster cluster;
  private final EventQueue queue;
  private final FrameCodec codec;
  private final RandomGenerator random;
  private final ClusterOptions options;
  private final Congestion congestion;
  private final Map<Address, SimNode> listeners = new HashMap<>();

  Network(Cluster cluster, EventQueue queue, FrameCodec codec, RandomGenerator random) {
    this.cluster = cluster;
    this.queue = queue;
    this.codec = codec;
    this.random = random;
    this.options = cluster.options();
    this.congestion = new Congestion(cluster, queue);
  }

  void listen(SimNode node) {
    if (!node.address.equals(Address.NONE)) {
      listeners.put(node.address, node);
    }
  }

  // --- what nodes ask for

  void send(SimNode node, LinkId link, Message message) {
    LinkEnd end = node.links.get(link.value());
    if (end != null && end.live()) {
      transmit(end, codec.encode(message));
    }
  }

  void forward(SimNode node, LinkId[] links, Multicast multicast) {
    Object frame = codec.encodeForward(multicast);
    for (LinkId link : links) {
      LinkEnd end = node.links.get(link.value());
      if (end != null && end.live()) {
        transmit(end, frame);
      }
    }
  }

  void dial(SimNode node, LinkId link, Address address) {
    LinkEnd end = new LinkEnd(node, link, node.life, profileOf(node, null));
    node.links.put(end);
    long now = cluster.nowNanos();
    queue.add(now + latency(end), EventQueue.What.DIAL, end, address, 0);
    queue.add(now + options.dialTimeoutNanos(), EventQueue.What.DIAL_TIMEOUT, end, address, 0);
  }

  /// Closes after what was sent before has arrived.
  void close(SimNode node, LinkId link, String cause) {
    LinkEnd end = node.links.get(link.value());
    if (end != null) {
      retire(end);
      sayClosed(end, cause);
    }
  }

  // --- what arrives

  /// Hands over what has come to an end of a link, or keeps it while the way is blocked or the host hangs.
  void arrive(EventQueue.What what, LinkEnd to, Object payload, long number) {
    if (to.closed) {
      comeTooLate(to);
      return;
    }
    if (to.deaf && what == EventQueue.What.FRAME) {
      return;
    }
    LinkEnd from = to.peer;
    if (from != null && from.owner.side != to.owner.side) {
      stall(from, what, payload, number);
    } else if (to.owner.state == SimNode.State.HUNG) {
      pile(to, what, payload, number);
    } else {
      take(what, to, payload, number);
    }
  }

  private void take(EventQueue.What what, LinkEnd to, Object payload, long number) {
    if (to.closed || (to.deaf && what == EventQueue.What.FRAME)) {
      return;
    }
    switch (what) {
      case FRAME -> takeFrame(to, payload, number);
      case OPEN -> takeOpen(to);
      default -> takeClose(to, (String) payload);
    }
  }

  private void takeFrame(LinkEnd to, Object frame, long number) {
    LinkEnd from = to.peer;
    if (from == null || number != from.received + 1) {
      throw cluster.violation(
          "frame "
              + number
              + " of "
              + from
              + " arrived after "
              + (from == null ? 0 : from.received));
    }
    from.received = number;
    to.owner.framesIn++;
    to.owner.bytesIn += codec.sizeBytes(frame);
    Message message = codec.decode(frame);
    if (!(message instanceof Message.Heartbeat)) {
      cluster.active();
    }
    cluster.handle(to.owner, new Event.Received(to.id, message), codec.fingerprint(frame));
  }

  private void takeOpen(LinkEnd to) {
    to.opened = true;
    cluster.active();
    cluster.handle(to.owner, new Event.LinkOpened(to.id), 0);
  }

  private void takeClose(LinkEnd to, String cause) {
    retire(to);
    cluster.active();
    cluster.handle(to.owner, new Event.LinkClosed(to.id, cause), 0);
  }

  void arriveDial(LinkEnd from, Address address) {
    if (from.closed) {
      return;
    }
    SimNode to = listeners.get(address);
    if (to != null && to.vanished()) {
      return;
    }
    if (to == null || to.state == SimNode.State.DOWN || to.state == SimNode.State.NEW) {
      queue.add(
          cluster.nowNanos() + latency(from), EventQueue.What.CLOSE, from, "connection refused", 0);
      return;
    }
    if (to.side != from.owner.side) {
      return;
    }
    if (to.state == SimNode.State.HUNG && random.nextBoolean()) {
      return; // its queue of connections is full; otherwise the kernel accepts, and nobody speaks
    }
    accept(from, to);
  }

  private void accept(LinkEnd from, SimNode to) {
    LinkId id = new LinkId(to.nextInboundLink--);
    LinkEnd end = new LinkEnd(to, id, to.life, profileOf(to, from.owner));
    from.profile = end.profile;
    end.peer = from;
    from.peer = end;
    to.links.put(end);
    long answeredAt = cluster.nowNanos() + latency(end);
    end.arrivesAtNanos = answeredAt;
    queue.add(answeredAt, EventQueue.What.OPEN, from, "", 0);
    arrive(EventQueue.What.OPEN, end, "", 0);
  }

  void dialTimeout(LinkEnd end) {
    if (!end.opened && !end.closed) {
      arriveLate(end);
    }
  }

  private void arriveLate(LinkEnd end) {
    if (end.owner.state == SimNode.State.HUNG) {
      pile(end, EventQueue.What.CLOSE, "dial timed out", 0);
      return;
    }
    sayClosed(end, "the dialer gave up");
    takeClose(end, "dial timed out");
  }

  /// Time to see whether a congested direction has drained.
  void drain(LinkEnd end) {
    congestion.checkDrained(end);
  }

  // --- faults

  /// The link breaks: what is under way is lost, both sides learn it.
  void cut(LinkEnd end, String cause) {
    LinkEnd peer = end.peer;
    loseInFlight(end);
    queue.add(cluster.nowNanos(), EventQueue.What.CLOSE, end, cause, 0);
    if (peer != null) {
      loseInFlight(peer);
      queue.add(cluster.nowNanos(), EventQueue.What.CLOSE, peer, cause, 0);
    }
  }

  /// The host's process dies. What its kernel holds may still arrive, or a reset destroys it.
  void crash(SimNode node) {
    node.links.forEach(end -> {
      if (random.nextBoolean()) {
        loseInFlight(end);
      }
      retire(end);
      sayClosed(end, "connection reset by peer");
    });
    node.pile = null;
  }

  /// The host is gone, and its peers keep their ends.
  void vanish(SimNode node) {
    node.links.forEach(end -> {
      loseInFlight(end);
      retire(end);
      end.vanished = true;
    });
    node.pile = null;
  }

  /// Something came for an end that is closed: a host that has lost its memory says so.
  private void comeTooLate(LinkEnd to) {
    LinkEnd from = to.peer;
    if (to.vanished && to.owner.up() && from != null && !from.closed) {
      to.vanished = false;
      from.deaf = true;
      queue.add(
          cluster.nowNanos() + latency(to),
          EventQueue.What.CLOSE,
          from,
          "connection reset by peer",
          0);
    }
  }

  /// The way may be free again: delivers what was held up, in order.
  void release(SimNode node) {
    node.links.forEach(end -> {
      LinkEnd peer = end.peer;
      if (peer != null && peer.owner.side == node.side) {
        flush(end);
        flush(peer);
      }
    });
  }

  /// The host runs again: it finds everything that came meanwhile.
  void resume(SimNode node) {
    ArrayDeque<LinkEnd.Stalled> pile = node.pile;
    node.pile = null;
    if (pile == null) {
      return;
    }
    for (LinkEnd.Stalled waiting : pile) {
      if (node.state != SimNode.State.UP) {
        return;
      }
      switch (waiting.what()) {
        // these have reached the host already, whatever has become of the way since
        case FRAME, OPEN, CLOSE ->
            take(waiting.what(), (LinkEnd) waiting.target(), waiting.payload(), waiting.number());
        default ->
            cluster.dispatch(waiting.what(), waiting.target(), waiting.payload(), waiting.number());
      }
      if (waiting.target() instanceof LinkEnd to && to.peer != null && waiting.bytes() > 0) {
        to.peer.stalledBytes -= waiting.bytes();
        congestion.checkDrained(to.peer);
      }
    }
  }

  void pile(
      SimNode node, EventQueue.What what, Object target, Object payload, long number, int bytes) {
    ArrayDeque<LinkEnd.Stalled> pile = node.pile;
    if (pile == null) {
      pile = new ArrayDeque<>();
      node.pile = pile;
    }
    pile.add(new LinkEnd.Stalled(what, target, payload, number, bytes));
  }

  /// The line between two hosts is what the network offers, or the slower of what they have themselves.
  void reprofile(SimNode node) {
    node.links.forEach(end -> {
      LinkEnd peer = end.peer;
      end.profile = profileOf(node, peer == null ? null : peer.owner);
      if (peer != null) {
        peer.profile = end.profile;
        congestion.checkDrained(peer);
      }
      congestion.checkDrained(end);
    });
  }

  // --- within

  private LinkProfile profileOf(SimNode one, @Nullable SimNode other) {
    LinkProfile profile = options.profile();
    if (one.line != null) {
      profile = profile.worse(one.line);
    }
    if (other != null && other.line != null) {
      profile = profile.worse(other.line);
    }
    return profile;
  }

  private void transmit(LinkEnd end, Object frame) {
    long now = cluster.nowNanos();
    int bytes = codec.sizeBytes(frame);
    end.owner.framesOut++;
    end.owner.bytesOut += bytes;
    end.bytesSent += bytes;
    long bandwidth = end.profile.bytesPerSecond();
    long leaves = Math.max(now, end.leavesAtNanos);
    if (bandwidth > 0) {
      leaves += (long) (bytes * (1e9 / bandwidth));
    }
    end.leavesAtNanos = leaves;
    long arrives = Math.max(leaves + latency(end), end.arrivesAtNanos);
    end.arrivesAtNanos = arrives;
    queue.add(arrives, EventQueue.What.FRAME, peerOf(end), frame, ++end.sent);
    if (bandwidth > 0) {
      congestion.checkCongested(end);
    }
  }

  /// A water mark was passed; the link may be gone by now.
  void arriveMark(LinkEnd end, Event event) {
    if (end.closed) {
      return;
    }
    if (end.owner.state == SimNode.State.HUNG) {
      pile(end.owner, EventQueue.What.MARK, end, event, 0, 0);
    } else {
      end.toldCongested = event instanceof Event.LinkCongested;
      cluster.handle(end.owner, event, 0);
    }
  }

  private void stall(LinkEnd from, EventQueue.What what, Object payload, long number) {
    ArrayDeque<LinkEnd.Stalled> stalled = from.stalled;
    if (stalled == null) {
      stalled = new ArrayDeque<>();
      from.stalled = stalled;
    }
    int bytes = what == EventQueue.What.FRAME ? codec.sizeBytes(payload) : 0;
    stalled.add(new LinkEnd.Stalled(what, peerOf(from), payload, number, bytes));
    from.stalledBytes += bytes;
    congestion.checkCongested(from);
  }

  private void pile(LinkEnd to, EventQueue.What what, Object payload, long number) {
    int bytes = what == EventQueue.What.FRAME ? codec.sizeBytes(payload) : 0;
    pile(to.owner, what, to, payload, number, bytes);
    LinkEnd from = to.peer;
    if (from != null && bytes > 0) {
      from.stalledBytes += bytes;
      if (!from.closed) {
        congestion.checkCongested(from);
      }
    }
  }

  private void flush(LinkEnd from) {
    ArrayDeque<LinkEnd.Stalled> stalled = from.stalled;
    from.stalled = null;
    if (stalled == null) {
      return;
    }
    for (LinkEnd.Stalled waiting : stalled) {
      from.stalledBytes -= waiting.bytes();
      arrive(waiting.what(), (LinkEnd) waiting.target(), waiting.payload(), waiting.number());
    }
    congestion.checkDrained(from);
  }

  /// What this end has sent and the other not taken yet never arrives.
  private void loseInFlight(LinkEnd end) {
    LinkEnd peer = end.peer;
    if (peer != null) {
      peer.deaf = true;
    }
    end.stalled = null;
  }

  private void sayClosed(LinkEnd end, String cause) {
    LinkEnd peer = end.peer;
    if (peer != null && !peer.closed) {
      long arrives = Math.max(cluster.nowNanos() + latency(end), end.arrivesAtNanos);
      queue.add(arrives, EventQueue.What.CLOSE, peer, cause, 0);
    }
  }

  private void retire(LinkEnd end) {
    end.closed = true;
    end.owner.links.remove(end.id.value());
    cluster.linkGone(end);
  }

  private static LinkEnd peerOf(LinkEnd end) {
    LinkEnd peer = end.peer;
    if (peer == null) {
      throw new IllegalStateException(end + " is not connected");
    }
    return peer;
  }

  private long latency(LinkEnd end) {
    long jitter = end.profile.jitterNanos();
    return end.profile.latencyNanos() + (jitter == 0 ? 0 : random.nextLong(jitter));
  }

  /// Effects that are the driver's duty.
  void carryOut(SimNode node, Effect.ForDriver effect) {
    switch (effect) {
      case Effect.Send send -> send(node, send.link(), send.message());
      case Effect.Forward forward -> forward(node, forward.links(), forward.multicast());
      case Effect.OpenLink open -> dial(node, open.link(), open.address());
      case Effect.CloseLink close -> close(node, close.link(), close.cause());
      case Effect.SetTimer timer ->
          queue.add(
              Math.max(timer.atNanos(), cluster.nowNanos()),
              EventQueue.What.TIMER,
              node,
              timer.timer(),
              node.life);
    }
  }
}
