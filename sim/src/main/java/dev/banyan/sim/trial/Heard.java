package dev.banyan.sim.trial;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.BitSet;
import java.util.List;

/// Who has a parent, and which clients have heard a multicast. Costs next to nothing with a million nodes, which the
/// checkers do not.
final class Heard implements Observer {
  private final BitSet attached = new BitSet();
  private final BitSet heard = new BitSet();

  /// Nodes that have a parent.
  int attached() {
    return attached.cardinality();
  }

  /// Clients to which a multicast was delivered.
  int heard() {
    return heard.cardinality();
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (event instanceof Event.Received(LinkId _, Multicast _)) {
      if (node.kind() == NodeKind.CLIENT) {
        for (int i = 0; i < effects.size(); i++) {
          if (effects.get(i) instanceof Effect.Deliver) {
            heard.set(node.index());
          }
        }
      }
      return;
    }
    for (int i = 0; i < effects.size(); i++) {
      if (effects.get(i) instanceof Effect.Report report) {
        switch (report.kind()) {
          case ATTACHED -> attached.set(node.index());
          case ORPHANED -> attached.clear(node.index());
          default -> {}
        }
      }
    }
  }
}
