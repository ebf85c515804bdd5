package dev.banyan.sim;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.LinkId;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// How links come about: a dial travels to an address, and is accepted, refused, or never answered.
final class Dialing {

  private final Cluster cluster;
  private final EventQueue queue;
  private final RandomGenerator random;
  private final Network network;
  private final Map<Address, SimNode> listeners = new HashMap<>();

  Dialing(Cluster cluster, EventQueue queue, RandomGenerator random, Network network) {
    this.cluster = cluster;
    this.queue = queue;
    this.random = random;
    this.network = network;
  }

  void listen(SimNode node) {
    if (!node.address.equals(Address.NONE)) {
      listeners.put(node.address, node);
    }
  }

  void dial(SimNode node, LinkId link, Address address) {
    LinkEnd end =
        new LinkEnd(node, link, node.life, network.profileOf(node, listeners.get(address)));
    node.links.put(end);
    long now = cluster.nowNanos();
    queue.add(now + network.latency(end), EventQueue.What.DIAL, end, address, 0);
    queue.add(
        now + cluster.options().dialTimeoutNanos(), EventQueue.What.DIAL_TIMEOUT, end, address, 0);
  }

  /// A dial reaches the address it was for.
  void arrive(LinkEnd from, Address address) {
    if (from.closed) {
      return;
    }
    SimNode to = listeners.get(address);
    if (to != null && to.vanished()) {
      return;
    }
    if (to == null || to.state == SimNode.State.DOWN || to.state == SimNode.State.NEW) {
      queue.add(
          cluster.nowNanos() + network.latency(from),
          EventQueue.What.CLOSE,
          from,
          "connection refused",
          0);
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
    LinkEnd end = new LinkEnd(to, id, to.life, network.profileOf(to, from.owner));
    from.profile = end.profile;
    end.peer = from;
    from.peer = end;
    to.links.put(end);
    long answeredAt = cluster.nowNanos() + network.latency(end);
    end.arrivesAtNanos = answeredAt;
    queue.add(answeredAt, EventQueue.What.OPEN, from, "", 0);
    network.arrive(EventQueue.What.OPEN, end, "", 0);
  }

  /// A dial may have got no answer in time.
  void timeOut(LinkEnd end) {
    if (!end.opened && !end.closed) {
      arriveLate(end);
    }
  }

  private void arriveLate(LinkEnd end) {
    if (end.owner.state == SimNode.State.HUNG) {
      network.heldUp().pile(end, EventQueue.What.CLOSE, "dial timed out", 0);
      return;
    }
    network.sayClosed(end, "the dialer gave up");
    network.takeClose(end, "dial timed out");
  }
}
