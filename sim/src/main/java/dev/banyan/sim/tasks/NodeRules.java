package dev.banyan.sim.tasks;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;

/// What is set about the nodes of a run.
public record NodeRules(TreeConfig.Rules tree, StoreConfig store) {

  /// The paper's rules on the real node: nothing is withheld upward, tasks go to whoever has the fewest.
  public static final NodeRules PAPER = new NodeRules(TreeConfig.Rules.PAPER, StoreConfig.DEFAULT);

  /// As `banyan` starts, but tasks go to whoever has the fewest.
  public static final NodeRules NO_REALLOCATION =
      new NodeRules(TreeConfig.Rules.DEFAULT, StoreConfig.DEFAULT);
}
