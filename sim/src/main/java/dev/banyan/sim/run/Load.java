package dev.banyan.sim.run;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;

/// What users do while things go wrong.
public interface Load {

  /// A client has just started, for the first time or again.
  void join(SimNode client);

  /// Users begin.
  void start();

  /// Users stop, and what they did may come to rest.
  void stop();

  /// Once quiet: what users asked has been answered.
  default void check() {}

  /// What runs on the hosts of clients.
  NodeSpec client(TreeConfig config);

  /// What runs on those of the root and of routers.
  default NodeSpec router(NodeKind kind, TreeConfig config) {
    return NodeSpec.tree(kind, config);
  }
}
