package dev.banyan.sim.hostile;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Cuts batches down as an honest one does, but takes some of what is wanted for unwanted, while it lies.
public final class GreedyPruner implements Pruner {

  private final Pruner honest;
  private final RandomGenerator random;
  private boolean lying = true;
  private long denied;

  public GreedyPruner(Pruner honest, RandomGenerator random) {
    this.honest = honest;
    this.random = random;
  }

  /// From now on it is honest.
  public void ceases() {
    lying = false;
  }

  /// How often it has taken a wanted tag for unwanted.
  public long denied() {
    return denied;
  }

  @Override
  public @Nullable Prunable look(Multicast multicast) {
    Prunable prunable = honest.look(multicast);
    return prunable == null
        ? null
        : wanted -> prunable.partFor(lying ? tag -> wanted.test(tag) && !denies() : wanted);
  }

  private boolean denies() {
    boolean denies = random.nextInt(3) == 0;
    denied += denies ? 1 : 0;
    return denies;
  }

  /// Does nothing else that is wrong.
  public static Liar.Lie nothingElse() {
    return (_, _, _) -> false;
  }
}
