package dev.banyan.lab.claims;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Multicasts that crossed each node's links, in or out.
final class Crossings implements Observer {

  final Map<SimNode, Integer> messages = new HashMap<>();

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (event instanceof Event.Received(LinkId _, Multicast _)) {
      messages.merge(node, 1, Integer::sum);
    }
    for (Effect effect : effects) {
      if (effect instanceof Effect.Forward forward) {
        messages.merge(node, forward.links().length, Integer::sum);
      }
    }
  }
}
