package dev.banyan.sim.check;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What holds of the tree's shape at every instant: no cycle over the parents that nodes have at that moment, no more
/// children than places, only routers as parents.
public final class TreeChecker implements Observer {

  public static final int NONE = -1;

  private final Cluster cluster;
  private int[] parents = new int[64];

  public TreeChecker(Cluster cluster) {
    this.cluster = cluster;
    Arrays.fill(parents, NONE);
  }

  /// The index of the node's parent at this moment, or [#NONE].
  int parentOf(SimNode node) {
    return node.index < parents.length ? parents[node.index] : NONE;
  }

  /// Hops from a root, or [#NONE] when the way up ends elsewhere.
  public int depthOf(SimNode node) {
    int depth = 0;
    SimNode at = node;
    while (at.kind() != NodeKind.ROOT) {
      int parent = at.alive() ? parentOf(at) : NONE;
      if (parent == NONE) {
        return NONE;
      }
      at = cluster.nodes().get(parent);
      depth++;
    }
    return at.alive() ? depth : NONE;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (mayMove(event, effects)) {
      node.view().ifPresent(view -> look(node, view));
    }
  }

  @Override
  public void started(SimNode node, long nowNanos) {
    put(node, NONE);
  }

  @Override
  public void ended(SimNode node, long nowNanos) {
    put(node, NONE);
  }

  @Override
  public void sweep(long nowNanos) {
    for (SimNode node : cluster.nodes()) {
      node.view().ifPresent(view -> look(node, view));
    }
  }

  /// Whether children or parent may have changed; [#sweep] looks at the rest.
  private static boolean mayMove(Event event, List<Effect> effects) {
    boolean idle =
        event instanceof Event.Received(LinkId _, Message message)
            && (message instanceof Message.Heartbeat || message instanceof Multicast);
    if (!idle) {
      return true;
    }
    for (int i = 0; i < effects.size(); i++) {
      Effect effect = effects.get(i);
      if (!(effect instanceof Effect.Send) && !(effect instanceof Effect.Forward)) {
        return true;
      }
    }
    return false;
  }

  private void look(SimNode node, NodeView view) {
    lookAtParent(node, view.parent());
    TreeConfig.Capacity capacity = node.spec.config().capacity();
    require(
        node.kind().routes() || view.childRouters().size() + view.childClients().size() == 0,
        node + " is a client and has children");
    require(
        view.childRouters().size() <= capacity.routers(),
        node
            + " has "
            + view.childRouters().size()
            + " child routers, places: "
            + capacity.routers());
    require(
        view.childClients().size() <= capacity.clients() + 1,
        node
            + " has "
            + view.childClients().size()
            + " child clients, places: "
            + capacity.clients());
  }

  private void lookAtParent(SimNode node, Optional<NodeId> parent) {
    int index = parent.map(this::indexOf).orElse(NONE);
    if (index == parentOf(node)) {
      return;
    }
    put(node, index);
    require(index == NONE || node.kind() != NodeKind.ROOT, node + " is a root and has a parent");
    SimNode at = node;
    while (index != NONE) {
      at = cluster.nodes().get(index);
      require(at.kind().routes(), at + " is a parent and no router");
      if (at == node) {
        throw cluster.violation("cycle: " + way(node));
      }
      index = at.alive() ? parentOf(at) : NONE;
    }
  }

  private String way(SimNode from) {
    StringBuilder out = new StringBuilder(from.toString());
    SimNode at = from;
    do {
      at = cluster.nodes().get(parentOf(at));
      out.append(" -> ").append(at);
    } while (at != from);
    return out.toString();
  }

  private int indexOf(NodeId id) {
    return cluster
        .find(id)
        .orElseThrow(() -> cluster.violation("a parent that is nobody: " + id))
        .index;
  }

  private void put(SimNode node, int parent) {
    if (node.index >= parents.length) {
      int old = parents.length;
      parents = Arrays.copyOf(parents, Math.max(old * 2, node.index + 1));
      Arrays.fill(parents, old, parents.length, NONE);
    }
    parents[node.index] = parent;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw cluster.violation(otherwise);
    }
  }
}
