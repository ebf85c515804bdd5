package dev.banyan.sim.hostile;

import java.util.random.RandomGenerator;

/// Whether a liar lies: now and then, until it is told to cease. Counts the lies, so that a scenario knows that there were any.
public final class Mood {

  private final RandomGenerator random;
  private boolean lying = true;
  private long told;

  public Mood(RandomGenerator random) {
    this.random = random;
  }

  RandomGenerator random() {
    return random;
  }

  /// Whether to lie this time; if so it counts.
  boolean lies(int oneIn) {
    boolean lies = lying && random.nextInt(oneIn) == 0;
    told += lies ? 1 : 0;
    return lies;
  }

  boolean isLying() {
    return lying;
  }

  /// From now on all is honest.
  public void ceases() {
    lying = false;
  }

  /// Lies so far.
  public long told() {
    return told;
  }
}
