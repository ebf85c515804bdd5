package dev.banyan.sim.check;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.LinkEnd;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What must hold once faults are healed and nothing but heartbeats goes on: one tree with every live node in it, both
/// ends of each link of one opinion, sizes as reported, nothing reserved and no link left over, balance.
public final class QuietChecker implements Observer {

  private final Cluster cluster;
  private final TreeChecker tree;

  /// Per node: what really is below it.
  private final List<Below> below = new ArrayList<>();

  private static final class Below {
    final List<SimNode> children = new ArrayList<>();
    int clients;
    int routers;
    int freeClientPlaces;
  }

  public QuietChecker(Cluster cluster, TreeChecker tree) {
    this.cluster = cluster;
    this.tree = tree;
  }

  @Override
  public void quiet(long nowNanos) {
    List<SimNode> roots =
        cluster.nodes().stream().filter(node -> node.kind() == NodeKind.ROOT && node.up()).toList();
    require(roots.size() == 1, "one root must be up when everything is healed, not " + roots);
    below.clear();
    for (int i = 0; i < cluster.nodes().size(); i++) {
      below.add(new Below());
    }
    for (SimNode node : cluster.nodes()) {
      if (node.alive() && node.view().isPresent()) {
        require(
            tree.depthOf(node) != TreeChecker.NONE, node + " is not in the tree: " + node.view());
        if (node.kind() != NodeKind.ROOT) {
          below.get(tree.parentOf(node)).children.add(node);
        }
      }
    }
    count(roots.getFirst());
    for (SimNode node : cluster.nodes()) {
      node.view().ifPresent(view -> look(node, view));
    }
  }

  private Below count(SimNode node) {
    Below counted = below.get(node.index);
    TreeConfig.Capacity capacity = node.spec.config().capacity();
    int clients = 0;
    for (SimNode child : counted.children) {
      if (child.kind() == NodeKind.ROUTER) {
        Below of = count(child);
        counted.routers += 1 + of.routers;
        counted.clients += of.clients;
        counted.freeClientPlaces += of.freeClientPlaces;
      } else {
        clients++;
      }
    }
    counted.clients += clients;
    counted.freeClientPlaces += Math.max(0, capacity.clients() - clients);
    return counted;
  }

  private void look(SimNode node, NodeView view) {
    Below real = below.get(node.index);
    require(view.rooted(), node + " does not know that it is rooted");
    require(
        view.level() == tree.depthOf(node),
        node + " believes to be at level " + view.level() + ", it is at " + tree.depthOf(node));
    require(
        view.path().getLast().node().equals(node.id),
        node + " has a path that ends elsewhere: " + view.path());
    require(
        view.clients() == real.clients && view.routers() == real.routers,
        "%s counts %d clients and %d routers below it, there are %d and %d"
            .formatted(node, view.clients(), view.routers(), real.clients, real.routers));
    require(view.reservations() == 0, node + " still holds " + view.reservations() + " places");
    lookAtChildren(node, view, real);
    int links = real.children.size() + (node.kind() == NodeKind.ROOT ? 0 : 1);
    require(
        node.links.size() == links,
        "%s has %d links, its neighbours are %d: %s"
            .formatted(node, node.links.size(), links, linksOf(node)));
    lookAtBalance(node, real);
  }

  private static String linksOf(SimNode node) {
    StringBuilder out = new StringBuilder();
    node.links.forEach(end ->
        out.append(end)
            .append(end.peer == null ? " (dialing) " : end.peer.closed ? " (half open) " : " "));
    return out.toString();
  }

  private void lookAtChildren(SimNode node, NodeView view, Below real) {
    List<NodeView.Child> children = new ArrayList<>(view.childRouters());
    children.addAll(view.childClients());
    require(
        children.size() == real.children.size(),
        "%s lists %d children, %d are: %s"
            .formatted(node, children.size(), real.children.size(), real.children));
    for (NodeView.Child child : children) {
      SimNode found = cluster.find(child.node()).orElseThrow();
      Below of = below.get(found.index);
      require(
          real.children.contains(found),
          node + " lists " + found + " as a child, which has another parent");
      require(
          child.clients() == of.clients && child.routers() == of.routers,
          "%s counts %d clients and %d routers below %s, there are %d and %d"
              .formatted(node, child.clients(), child.routers(), found, of.clients, of.routers));
      LinkEnd end = node.links.get(child.link().value());
      require(end != null && end.peer != null, node + " has no link to its child " + found);
      Optional<NodeView> view2 = found.view();
      require(
          end != null
              && end.peer != null
              && view2.isPresent()
              && view2.get().parentLink().equals(Optional.of(end.peer.id)),
          node + " and its child " + found + " hold different links for theirs");
    }
  }

  private void lookAtBalance(SimNode node, Below real) {
    List<SimNode> routers =
        real.children.stream().filter(child -> child.kind() == NodeKind.ROUTER).toList();
    if (routers.isEmpty()) {
      return;
    }
    int most = 0;
    int least = Integer.MAX_VALUE;
    boolean room = false;
    for (SimNode router : routers) {
      Below of = below.get(router.index);
      most = Math.max(most, of.clients);
      if (of.freeClientPlaces > 0) {
        least = Math.min(least, of.clients);
        room = true;
      }
    }
    int threshold = node.spec.config().rules().rebalanceThreshold();
    require(
        !room || most - least <= threshold,
        "%s has child routers with %d and %d clients: more than %d apart"
            .formatted(node, most, least, threshold));
    require(
        !room || real.children.size() == routers.size(),
        "%s still has %d clients of its own, its child routers have room"
            .formatted(node, real.children.size() - routers.size()));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw cluster.violation(otherwise);
    }
  }
}
