package dev.banyan.lab.tasks;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import java.time.Duration;

/// What is set about the nodes of a run.
public record NodeRules(TreeConfig.Rules tree, StoreConfig store) {

  /// The paper's rules on the real node: nothing is withheld upward, tasks go to whoever has the fewest, and what was
  /// used once is wanted for ever.
  public static final NodeRules PAPER =
      new NodeRules(
          TreeConfig.Rules.PAPER, StoreConfig.DEFAULT.withHalfLifeNanos(StoreConfig.NEVER));

  /// The defaults last for days, the runs a minute: a key that one of a set's workers does not use for a second is not
  /// in its working set.
  private static final StoreConfig FADING =
      StoreConfig.DEFAULT.withHalfLifeNanos(SECONDS.toNanos(1));

  /// As `banyan` starts, but for the half-life of interest; tasks go to whoever has the fewest.
  public static final NodeRules NO_REALLOCATION =
      new NodeRules(
          TreeConfig.Rules.DEFAULT
              .withLeastQueueDispatch()
              .withReallocation(TreeConfig.Reallocation.OFF),
          FADING);

  /// As `banyan` starts, but for the half-life of interest.
  public static final NodeRules BANYAN = new NodeRules(TreeConfig.Rules.DEFAULT, FADING);

  /// Interest that fades fades with another half-life; what is wanted for ever stays so.
  public NodeRules withHalfLife(Duration halfLife) {
    return store.halfLifeNanos() == StoreConfig.NEVER
        ? this
        : new NodeRules(tree, store.withHalfLifeNanos(halfLife.toNanos()));
  }

  public NodeRules withUpwardPruning(boolean changed) {
    return new NodeRules(tree.withUpwardPruning(changed), store);
  }
}
