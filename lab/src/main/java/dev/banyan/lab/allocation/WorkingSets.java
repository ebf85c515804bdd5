package dev.banyan.lab.allocation;

import dev.banyan.sim.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Which keys each worker uses, and how often: overlapping zipfian working sets.
///
/// There is one group for 16 workers, with 24 keys of its own. Each worker belongs to a group, at random, and uses 12
/// keys: four of five from its own group, one of five from any, groups and keys within a group each with zipfian
/// frequency (exponent 1), so that some keys are used everywhere. It writes its keys in the order in which it came by
/// them, with zipfian frequency again.
final class WorkingSets {

  static final int KEYS_OF_GROUP = 24;
  static final int KEYS_OF_WORKER = 12;
  private static final int WORKERS_OF_GROUP = 16;
  private static final double FROM_OWN_GROUP = 0.8;

  private final int[][] keys;
  private final int groups;

  WorkingSets(int workers, long seed) {
    SplittableRandom random = Seeds.fork(seed, "working-sets");
    groups = Math.max(2, workers / WORKERS_OF_GROUP);
    keys = new int[workers][];
    for (int worker = 0; worker < workers; worker++) {
      int own = random.nextInt(groups);
      Set<Integer> set = new LinkedHashSet<>();
      while (set.size() < KEYS_OF_WORKER) {
        int group = random.nextDouble() < FROM_OWN_GROUP ? own : zipfian(groups, random);
        set.add(group * KEYS_OF_GROUP + zipfian(KEYS_OF_GROUP, random));
      }
      keys[worker] = set.stream().mapToInt(key -> key).toArray();
    }
  }

  int workers() {
    return keys.length;
  }

  /// How many keys there are; some may be used by nobody.
  int keyCount() {
    return groups * KEYS_OF_GROUP;
  }

  /// What a worker uses, the most used first.
  int[] of(int worker) {
    return keys[worker].clone();
  }

  /// As [#of], not to be changed.
  int[] uses(int worker) {
    return keys[worker];
  }

  /// The key that a worker writes next.
  int next(int worker, SplittableRandom random) {
    return keys[worker][zipfian(KEYS_OF_WORKER, random)];
  }

  /// How often each key is written if every worker writes once.
  double[] rates() {
    double all = harmonic(KEYS_OF_WORKER);
    double[] rates = new double[keyCount()];
    for (int[] set : keys) {
      for (int rank = 0; rank < set.length; rank++) {
        rates[set[rank]] += 1.0 / (rank + 1) / all;
      }
    }
    return rates;
  }

  /// The workers that use each key.
  List<int[]> users() {
    List<List<Integer>> users = new ArrayList<>();
    for (int key = 0; key < keyCount(); key++) {
      users.add(new ArrayList<>());
    }
    for (int worker = 0; worker < keys.length; worker++) {
      for (int key : keys[worker]) {
        users.get(key).add(worker);
      }
    }
    return users.stream().map(list -> list.stream().mapToInt(i -> i).toArray()).toList();
  }

  private static int zipfian(int size, SplittableRandom random) {
    double left = random.nextDouble() * harmonic(size);
    for (int rank = 0; rank < size; rank++) {
      left -= 1.0 / (rank + 1);
      if (left < 0) {
        return rank;
      }
    }
    return size - 1;
  }

  private static double harmonic(int size) {
    double sum = 0;
    for (int rank = 1; rank <= size; rank++) {
      sum += 1.0 / rank;
    }
    return sum;
  }
}
