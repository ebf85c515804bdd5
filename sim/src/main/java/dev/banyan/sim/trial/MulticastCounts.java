package dev.banyan.sim.trial;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What became of a [Crowd]'s multicasts: the measures of Plumtree's evaluation (Leitão, Pereira, Rodrigues, SRDS 2007).
final class MulticastCounts implements Observer {

  private long deliveries;
  private long frames;
  private long receivers;
  private long before;
  private final Map<Long, Integer> lastHops = new HashMap<>();
  private final Map<Long, BitSet> received = new HashMap<>();

  /// Counts anew, and only multicasts that come after this one: what was held up may still arrive.
  ///
  /// @param newest its sequence
  void clear(long newest) {
    before = newest;
    deliveries = 0;
    frames = 0;
    receivers = 0;
    lastHops.clear();
    received.clear();
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (event instanceof Event.Received(LinkId _, Multicast multicast)) {
      multicast(node, multicast, effects);
    }
  }

  private void multicast(SimNode node, Multicast multicast, List<Effect> effects) {
    if (multicast.tagCount(0) != 0) {
      return; // a fence
    }
    long sequence = multicast.records().getFirst().sequence();
    if (sequence <= before) {
      return;
    }
    frames++;
    BitSet who = received.computeIfAbsent(sequence, s -> new BitSet());
    if (who.get(node.index())) {
      return;
    }
    who.set(node.index());
    receivers++;
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.Deliver) {
        deliveries++;
        lastHops.merge(sequence, multicast.hops(), Math::max);
      }
    }
  }

  /// To nodes of any kind, each multicast once to each.
  long deliveries() {
    return deliveries;
  }

  /// Relative message redundancy: frames received for each node that received one, less one. 0 is a tree, 1 twice as many
  /// as needed.
  double redundancy() {
    return (double) frames / receivers - 1;
  }

  /// Last delivery hop: the links that the last delivery of a multicast had crossed, mean over the multicasts.
  double lastHop() {
    return lastHops.values().stream().mapToInt(hops -> hops).average().orElse(0);
  }
}
