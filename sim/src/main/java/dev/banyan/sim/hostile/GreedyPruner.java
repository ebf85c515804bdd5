package dev.banyan.sim.hostile;

import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.Pruner;
import org.jspecify.annotations.Nullable;

/// Cuts batches down as an honest one does, but takes some of what is wanted for unwanted, while it lies.
public final class GreedyPruner implements Pruner {

  private final Pruner honest;
  private final Mood mood;

  public GreedyPruner(Pruner honest, Mood mood) {
    this.honest = honest;
    this.mood = mood;
  }

  @Override
  public @Nullable Prunable look(Multicast multicast) {
    Prunable prunable = honest.look(multicast);
    return prunable == null
        ? null
        : wanted -> prunable.partFor(tag -> wanted.test(tag) && !mood.lies(3));
  }

  /// Does nothing else that is wrong.
  public static Liar.Lie nothingElse() {
    return (_, _, _) -> false;
  }
}
