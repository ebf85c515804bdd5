package dev.banyan.lab.allocation;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Which worker hangs on which router, and what an update costs so: a packet on the link of each worker that uses its
/// key, and one on each link between routers that has users on both sides.
///
/// The search for a better one knows everything that a node does not: all keys of all workers, and how often each is
/// written. It changes workers of different routers in pairs, so that routers keep their numbers.
final class WorkerPlacement {

  private static final double START_HEAT = 0.5;
  private static final double END_HEAT = 0.0005;

  private final int[] parents;
  private final WorkingSets sets;
  private final double[] rates;
  private final int[] users;
  private final int[] places;
  private final int[][] below;

  /// @param parents of each router the one above it; of the root, the first, -1
  /// @param places of each worker its router
  WorkerPlacement(int[] parents, int[] places, WorkingSets sets) {
    this.parents = parents.clone();
    this.places = places.clone();
    this.sets = sets;
    rates = sets.rates();
    users = sets.users().stream().mapToInt(some -> some.length).toArray();
    below = new int[parents.length][sets.keyCount()];
    for (int worker = 0; worker < places.length; worker++) {
      for (int key : sets.of(worker)) {
        for (int at = places[worker]; at > 0; at = parents[at]) {
          below[at][key]++;
        }
      }
    }
  }

  int[] places() {
    return places.clone();
  }

  /// Data packets that an update costs in the mean.
  double packetsPerUpdate() {
    double packets = 0;
    for (int key = 0; key < rates.length; key++) {
      packets += rates[key] * users[key];
    }
    return (packets + crossings()) / sets.workers();
  }

  /// Those of them between routers.
  double routerPacketsPerUpdate() {
    return crossings() / sets.workers();
  }

  private double crossings() {
    double sum = 0;
    for (int router = 1; router < parents.length; router++) {
      for (int key = 0; key < rates.length; key++) {
        sum += crosses(router, key) ? rates[key] : 0;
      }
    }
    return sum;
  }

  private boolean crosses(int router, int key) {
    return below[router][key] > 0 && below[router][key] < users[key];
  }

  /// Looks for a better one by simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983), and keeps the best it comes by.
  WorkerPlacement improved(long tries, SplittableRandom random) {
    WorkerPlacement at = new WorkerPlacement(parents, places, sets);
    double cost = at.crossings();
    double least = cost;
    int[] best = at.places();
    double mean = cost / sets.workers();
    for (long i = 0; i < tries; i++) {
      double heat = mean * START_HEAT * Math.pow(END_HEAT / START_HEAT, (double) i / tries);
      int a = random.nextInt(places.length);
      int b = random.nextInt(places.length);
      if (at.places[a] != at.places[b]) {
        double change = at.swap(a, b);
        if (change <= 0 || random.nextDouble() < Math.exp(-change / heat)) {
          cost += change;
        } else {
          at.swap(a, b);
        }
      }
      if (cost < least - 1e-9) {
        least = cost;
        System.arraycopy(at.places, 0, best, 0, best.length);
      }
    }
    return new WorkerPlacement(parents, best, sets);
  }

  /// The best of all, found by trying all: for a few workers.
  WorkerPlacement best() {
    int[] tried = places.clone();
    Arrays.sort(tried);
    double least = Double.POSITIVE_INFINITY;
    int[] best = tried.clone();
    do {
      double cost = new WorkerPlacement(parents, tried, sets).crossings();
      if (cost < least) {
        least = cost;
        best = tried.clone();
      }
    } while (nextPermutation(tried));
    return new WorkerPlacement(parents, best, sets);
  }

  /// The next one in lexicographic order (Knuth, TAOCP 7.2.1.2, algorithm L).
  private static boolean nextPermutation(int[] values) {
    int i = values.length - 2;
    while (i >= 0 && values[i] >= values[i + 1]) {
      i--;
    }
    if (i < 0) {
      return false;
    }
    int j = values.length - 1;
    while (values[j] <= values[i]) {
      j--;
    }
    exchange(values, i, j);
    for (int low = i + 1, high = values.length - 1; low < high; low++, high--) {
      exchange(values, low, high);
    }
    return true;
  }

  private static void exchange(int[] values, int i, int j) {
    int value = values[i];
    values[i] = values[j];
    values[j] = value;
  }

  /// @return by how much that changes what the crossings cost
  private double swap(int a, int b) {
    int placeOfA = places[a];
    int placeOfB = places[b];
    double change = carry(a, placeOfA, -1) + carry(b, placeOfB, -1);
    change += carry(a, placeOfB, 1) + carry(b, placeOfA, 1);
    places[a] = placeOfB;
    places[b] = placeOfA;
    return change;
  }

  private double carry(int worker, int place, int times) {
    double change = 0;
    for (int at = place; at > 0; at = parents[at]) {
      for (int key : sets.uses(worker)) {
        change -= crosses(at, key) ? rates[key] : 0;
        below[at][key] += times;
        change += crosses(at, key) ? rates[key] : 0;
      }
    }
    return change;
  }
}
