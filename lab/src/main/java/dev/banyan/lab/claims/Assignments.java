package dev.banyan.lab.claims;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The answers that each joiner got.
final class Assignments implements Observer {

  private final Map<SimNode, Set<Long>> attempts = new HashMap<>();
  private final Map<SimNode, Set<NodeId>> parents = new HashMap<>();

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (event instanceof Event.Received(LinkId _, Message.AssignParent assign)
        && assign.joiner().equals(node.id())) {
      attempts.computeIfAbsent(node, _ -> new HashSet<>()).add(assign.attempt());
      parents.computeIfAbsent(node, _ -> new HashSet<>()).add(assign.parent());
    }
  }

  boolean severalAnswers(SimNode joiner) {
    return attempts.getOrDefault(joiner, Set.of()).size() > 1;
  }

  boolean severalParents(SimNode joiner) {
    return parents.getOrDefault(joiner, Set.of()).size() > 1;
  }
}
