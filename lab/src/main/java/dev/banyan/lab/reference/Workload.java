package dev.banyan.lab.reference;

import java.util.SplittableRandom;

/// W(S×K) (§8.3.1): tasks that each write keys of one of S sets of K keys; no key is in two sets.
///
/// @param sets S
/// @param keysPerSet K
/// @param firstKey the sets' keys count up from here; 0 in most of the published runs, where it brings out the fault
///     with key 0, 1 in those of figure 8 that are compared
public record Workload(int sets, int keysPerSet, int firstKey) implements Work {

  /// After each update from the second on, the probability that it was the last.
  private static final double STOPS = 0.4;

  /// Of a task's program.
  public static final double MEAN_LENGTH = 1 + 1 / STOPS;

  public Workload {
    if (sets < 1 || keysPerSet < 1) {
      throw new IllegalArgumentException(
          "W(%dx%d): a workload has at least one set of one key".formatted(sets, keysPerSet));
    }
    if (firstKey < 0 || (long) firstKey + (long) sets * keysPerSet > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("keys must fit into an int");
    }
  }

  public static Workload of(int sets, int keysPerSet) {
    return new Workload(sets, keysPerSet, 1);
  }

  @Override
  public String label() {
    return sets + "x" + keysPerSet;
  }

  /// The set that a key is of, from 0.
  public int setOf(int key) {
    return (key - firstKey) / keysPerSet;
  }

  /// A task's program: the keys it writes, in order. One set, uniformly; 1 + Geometric(0.4) keys of it (3.5 in the
  /// mean, 2 at least), uniformly with replacement.
  public int[] program(SplittableRandom random) {
    int set = random.nextInt(sets);
    int[] keys = new int[length(random)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = firstKey + set * keysPerSet + random.nextInt(keysPerSet);
    }
    return keys;
  }

  /// How long a program is: 1 + Geometric(0.4).
  public static int length(SplittableRandom random) {
    int length = 2;
    while (random.nextDouble() >= STOPS) {
      length++;
    }
    return length;
  }
}
