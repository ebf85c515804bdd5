package dev.banyan.sim;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.PeerIdentity;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The links between hosts, and what TCP makes of them: frames of a direction arrive in the order in which they were
/// sent, or (the link is cut) not at all and nor does anything after them. A host that hangs takes nothing and its
/// peers are not told; a partition holds everything up until it heals.
final class Network {

  /// How often it shows that a piece is coming in; a packet takes no longer at 64 kbit/s.
  private static final long TRICKLE_NANOS = 250_000_000;

  private final Cluster cluster;
  private final EventQueue queue;
  private final FrameCodec codec;
  private final RandomGenerator random;
  private final ClusterOptions options;
  private final Congestion congestion;
  private final HeldUp heldUp;
  private final Dialing dialing;

  Network(Cluster cluster, EventQueue queue, FrameCodec codec, RandomGenerator random) {
    this.cluster = cluster;
    this.queue = queue;
    this.codec = codec;
    this.random = random;
    this.options = cluster.options();
    this.congestion = new Congestion(cluster, queue);
    this.heldUp = new HeldUp(cluster, this, codec, congestion);
    this.dialing = new Dialing(cluster, queue, random, this);
  }

  HeldUp heldUp() {
    return heldUp;
  }

  Dialing dialing() {
    return dialing;
  }

  // --- what nodes ask for

  void send(SimNode node, LinkId link, Message message) {
    LinkEnd end = node.links.get(link.value());
    if (end != null && end.live()) {
      transmit(end, codec.encode(message), message);
    }
  }

  void forward(SimNode node, LinkId[] links, Multicast multicast) {
    Object frame = codec.encodeForward(multicast);
    for (LinkId link : links) {
      LinkEnd end = node.links.get(link.value());
      if (end != null && end.live()) {
        transmit(end, frame, multicast);
      }
    }
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
    if (to.deaf && (what == EventQueue.What.FRAME || what == EventQueue.What.PART)) {
      return;
    }
    LinkEnd from = to.peer;
    if (from != null && from.owner.side != to.owner.side) {
      heldUp.stall(from, what, payload, number);
    } else if (to.owner.state == SimNode.State.HUNG) {
      heldUp.pile(to, what, payload, number);
    } else {
      take(what, to, payload, number);
    }
  }

  void take(EventQueue.What what, LinkEnd to, Object payload, long number) {
    boolean bytes = what == EventQueue.What.FRAME || what == EventQueue.What.PART;
    if (to.closed || (to.deaf && bytes)) {
      return;
    }
    switch (what) {
      case FRAME -> takeFrame(to, payload, number);
      case PART -> {
        cluster.active();
        to.receivedPart = true;
        to.owner.linksMoved = true;
      }
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
    to.receivedPart = false;
    to.owner.framesIn++;
    to.owner.bytesIn += codec.sizeBytes(frame);
    Message message = codec.decode(frame);
    if (!(message instanceof Message.Heartbeat || message instanceof Message.Usage)) {
      cluster.active();
    }
    cluster.handle(to.owner, new Event.Received(to.id, message), codec.fingerprint(frame));
  }

  private void takeOpen(LinkEnd to) {
    to.opened = true;
    cluster.active();
    cluster.handle(to.owner, new Event.LinkOpened(to.id, identity(to.peer)), 0);
  }

  private PeerIdentity identity(@Nullable LinkEnd peer) {
    return options.provenIdentities() && peer != null
        ? new PeerIdentity.Proven(peer.owner.id, peer.owner.kind())
        : PeerIdentity.UNPROVEN;
  }

  void takeClose(LinkEnd to, String cause) {
    retire(to);
    to.departures = null;
    cluster.active();
    cluster.handle(to.owner, new Event.LinkClosed(to.id, cause), 0);
  }

  long linksOverflown() {
    return congestion.overflows();
  }

  /// Tells a node what has moved on its links below whole messages, as the TCP transport does before timers.
  void tellProgress(SimNode node) {
    if (!node.linksMoved) {
      return;
    }
    node.linksMoved = false;
    node.links.forEach(end -> {
      if (end.receivedPart) {
        end.receivedPart = false;
        cluster.handle(node, new Event.BytesReceived(end.id), 0);
      }
      if (end.sentSome && !end.closed) {
        cluster.handle(node, new Event.BytesSent(end.id, 0), 0);
      }
      end.sentSome = false;
    });
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

  /// @param other null if nobody is there
  LinkProfile profileOf(SimNode one, @Nullable SimNode other) {
    LinkProfile profile =
        options.terrain().between(one.index, other == null ? one.index : other.index);
    if (one.line != null) {
      profile = profile.worse(one.line);
    }
    if (other != null && other.line != null) {
      profile = profile.worse(other.line);
    }
    return profile;
  }

  private void transmit(LinkEnd end, Object frame, Message message) {
    int bytes = codec.sizeBytes(frame);
    cluster.sent(end.owner, peerOf(end).owner, message, bytes);
    end.owner.framesOut++;
    end.owner.bytesOut += bytes;
    end.bytesSent += bytes;
    Departures departures = end.departures;
    if (end.profile.bytesPerSecond() == 0 && departures == null) {
      arriveFrom(end, EventQueue.What.FRAME, frame, ++end.sent);
      return;
    }
    if (departures == null) {
      departures = new Departures();
      end.departures = departures;
    }
    departures.add(frame, bytes, message);
    depart(end, departures);
    congestion.checkCongested(end);
  }

  /// What has left this end now arrives at the other in time, and not before what left earlier.
  private void arriveFrom(LinkEnd end, EventQueue.What what, Object payload, long number) {
    long arrives = Math.max(cluster.nowNanos() + latency(end), end.arrivesAtNanos);
    end.arrivesAtNanos = arrives;
    queue.add(arrives, what, peerOf(end), payload, number);
  }

  private void depart(LinkEnd end, Departures departures) {
    if (!departures.isLeaving()) {
      int bytes = departures.begin();
      long bandwidth = end.profile.bytesPerSecond();
      long takes = bandwidth == 0 ? 0 : (long) (bytes * (1e9 / bandwidth));
      long now = cluster.nowNanos();
      queue.add(now + takes, EventQueue.What.LEAVE, end, departures, 0);
      // Bytes trickle: that some have come is seen before all of a slow piece has.
      for (long after = TRICKLE_NANOS; after < takes; after += TRICKLE_NANOS) {
        queue.add(
            now + after + end.profile.latencyNanos(), EventQueue.What.PART, peerOf(end), "", 0);
      }
    }
  }

  /// A piece, or a frame, has left this end.
  void leave(LinkEnd end, Object of) {
    Departures departures = end.departures;
    if (departures == null || departures != of) {
      return; // lost meanwhile
    }
    Departures.Departing gone = departures.end();
    if (gone == null) {
      arriveFrom(end, EventQueue.What.PART, "", 0);
    } else {
      boolean frame = gone.what() == EventQueue.What.FRAME;
      arriveFrom(end, gone.what(), gone.payload(), frame ? ++end.sent : 0);
    }
    if (end.congested) {
      end.sentSome = true;
      end.owner.linksMoved = true;
    }
    if (departures.isEmpty()) {
      end.departures = null;
    } else {
      depart(end, departures);
    }
    congestion.checkDrained(end);
  }

  /// The owner's side breaks the link, and learns it at once; the other side when the way lets the news through.
  private void breakOff(LinkEnd end, String cause) {
    loseInFlight(end);
    end.arrivesAtNanos = 0; // the news need not wait for what was lost
    sayClosed(end, "connection reset by peer");
    takeClose(end, cause);
  }

  /// A water mark was passed; the link may be gone by now.
  void arriveMark(LinkEnd end, Event event) {
    if (end.closed) {
      return;
    }
    if (end.owner.state == SimNode.State.HUNG) {
      heldUp.pile(end.owner, EventQueue.What.MARK, end, event, 0, 0);
    } else if (event instanceof Event.LinkClosed(LinkId _, String cause)) {
      breakOff(end, cause);
    } else {
      end.toldCongested = event instanceof Event.LinkCongested;
      cluster.handle(end.owner, event, 0);
    }
  }

  /// What this end has sent and the other not taken yet never arrives.
  private void loseInFlight(LinkEnd end) {
    LinkEnd peer = end.peer;
    if (peer != null) {
      peer.deaf = true;
    }
    end.stalled = null;
    end.departures = null;
  }

  void sayClosed(LinkEnd end, String cause) {
    LinkEnd peer = end.peer;
    if (peer == null || peer.closed) {
      return;
    }
    if (end.departures != null) {
      end.departures.addClose(cause);
    } else {
      long arrives = Math.max(cluster.nowNanos() + latency(end), end.arrivesAtNanos);
      queue.add(arrives, EventQueue.What.CLOSE, peer, cause, 0);
    }
  }

  private void retire(LinkEnd end) {
    end.closed = true;
    end.owner.links.remove(end.id.value());
    cluster.linkGone(end);
  }

  static LinkEnd peerOf(LinkEnd end) {
    LinkEnd peer = end.peer;
    if (peer == null) {
      throw new IllegalStateException(end + " is not connected");
    }
    return peer;
  }

  long latency(LinkEnd end) {
    long jitter = end.profile.jitterNanos();
    return end.profile.latencyNanos() + (jitter == 0 ? 0 : random.nextLong(jitter));
  }

  /// Effects that are the driver's duty.
  void carryOut(SimNode node, Effect.ForDriver effect) {
    switch (effect) {
      case Effect.Send send -> send(node, send.link(), send.message());
      case Effect.Forward forward -> forward(node, forward.links(), forward.multicast());
      case Effect.OpenLink open -> dialing.dial(node, open.link(), open.address());
      case Effect.CloseLink close -> close(node, close.link(), close.cause());
      case Effect.Admit admitted -> {}
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
