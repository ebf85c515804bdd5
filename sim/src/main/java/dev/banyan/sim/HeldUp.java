package dev.banyan.sim;

import java.util.ArrayDeque;

/// What cannot be taken yet: it waits in front of a partition until that heals, or at a host that hangs until it runs
/// again. Then it is taken in the order in which it came.
final class HeldUp {

  private final Cluster cluster;
  private final Network network;
  private final FrameCodec codec;
  private final Congestion congestion;

  HeldUp(Cluster cluster, Network network, FrameCodec codec, Congestion congestion) {
    this.cluster = cluster;
    this.network = network;
    this.codec = codec;
    this.congestion = congestion;
  }

  /// The way that leads away from this end is blocked.
  void stall(LinkEnd from, EventQueue.What what, Object payload, long number) {
    ArrayDeque<LinkEnd.Stalled> stalled = from.stalled;
    if (stalled == null) {
      stalled = new ArrayDeque<>();
      from.stalled = stalled;
    }
    int bytes = what == EventQueue.What.FRAME ? codec.sizeBytes(payload) : 0;
    stalled.add(new LinkEnd.Stalled(what, Network.peerOf(from), payload, number, bytes));
    from.stalledBytes += bytes;
    congestion.checkCongested(from);
  }

  /// The host of this end hangs.
  void pile(LinkEnd to, EventQueue.What what, Object payload, long number) {
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
      network.arrive(
          waiting.what(), (LinkEnd) waiting.target(), waiting.payload(), waiting.number());
    }
    congestion.checkDrained(from);
  }

  /// As [#pile(LinkEnd, EventQueue.What, Object, long)], of anything that happens to a node.
  void pile(
      SimNode node, EventQueue.What what, Object target, Object payload, long number, int bytes) {
    ArrayDeque<LinkEnd.Stalled> pile = node.pile;
    if (pile == null) {
      pile = new ArrayDeque<>();
      node.pile = pile;
    }
    pile.add(new LinkEnd.Stalled(what, target, payload, number, bytes));
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
        case FRAME, OPEN, CLOSE, PART ->
            network.take(
                waiting.what(), (LinkEnd) waiting.target(), waiting.payload(), waiting.number());
        default ->
            cluster.dispatch(waiting.what(), waiting.target(), waiting.payload(), waiting.number());
      }
      if (waiting.target() instanceof LinkEnd to && to.peer != null && waiting.bytes() > 0) {
        to.peer.stalledBytes -= waiting.bytes();
        congestion.checkDrained(to.peer);
      }
    }
  }
}
