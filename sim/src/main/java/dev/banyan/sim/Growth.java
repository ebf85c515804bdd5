package dev.banyan.sim;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How scenarios come by a tree to do harm to.
///
/// @param routers besides the root
/// @param childRouters places for routers at each router
/// @param childClients places for clients at each router
record Growth(int routers, int clients, int childRouters, int childClients) {

  TreeConfig config() {
    return TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(childRouters, childClients));
  }

  /// Starts the root, then the others some milliseconds apart in a random order, and waits until it is quiet.
  Traffic grow(Run run) {
    run.startTree(NodeKind.ROOT, config());
    Traffic traffic = new Traffic(run, Math.max(8, clients / 4));
    List<NodeKind> kinds = new ArrayList<>();
    for (int i = 0; i < routers + clients; i++) {
      kinds.add(i < routers ? NodeKind.ROUTER : NodeKind.CLIENT);
    }
    for (NodeKind kind : run.some(kinds, kinds.size())) {
      SimNode node = run.startTree(kind, config());
      if (kind == NodeKind.CLIENT) {
        traffic.interest(node);
      }
      run.pass(Duration.ofMillis(run.random().nextInt(30)));
    }
    run.settle();
    run.require(
        run.metrics().sample().attached() == routers + clients + 1, "not every node has joined");
    traffic.publishEvery(Duration.ofMillis(100));
    traffic.changeEvery(Duration.ofSeconds(1));
    return traffic;
  }
}
