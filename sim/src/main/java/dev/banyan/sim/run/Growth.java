package dev.banyan.sim.run;

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
/// @param filtering how they tell their interest
public record Growth(
    int routers, int clients, int childRouters, int childClients, TreeConfig.Filtering filtering) {

  public Growth(int routers, int clients, int childRouters, int childClients) {
    this(routers, clients, childRouters, childClients, TreeConfig.Filtering.DEFAULT);
  }

  public TreeConfig config() {
    return TreeConfig.DEFAULT
        .withCapacity(new TreeConfig.Capacity(childRouters, childClients))
        .withFiltering(filtering);
  }

  /// Grows a tree of bare clients, some publications and changes of interest a second.
  public Load grow(Run run) {
    return grow(
        run,
        new Traffic(run, Math.max(8, clients / 4), Duration.ofMillis(100), Duration.ofSeconds(1)));
  }

  /// Starts the root, then the others some milliseconds apart in a random order, waits until it is quiet, and lets
  /// users begin.
  public Load grow(Run run, Load load) {
    run.start(load.router(NodeKind.ROOT, config()));
    List<NodeKind> kinds = new ArrayList<>();
    for (int i = 0; i < routers + clients; i++) {
      kinds.add(i < routers ? NodeKind.ROUTER : NodeKind.CLIENT);
    }
    for (NodeKind kind : run.some(kinds, kinds.size())) {
      if (kind == NodeKind.CLIENT) {
        load.join(run.start(load.client(config())));
      } else {
        run.start(load.router(kind, config()));
      }
      run.pass(Duration.ofMillis(run.random().nextInt(30)));
    }
    run.settle();
    run.require(
        run.metrics().sample().attached() == routers + clients + 1, "not every node has joined");
    load.start();
    return load;
  }
}
