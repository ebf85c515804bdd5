package dev.banyan.lab.report;

import java.util.HashMap;
import java.util.Map;

/// How long the rest takes. A trial whose like has run with another seed takes as long as that did; any other as long as
/// it says it takes, times how much longer than that the trials have taken that are done: on a slow machine, or a busy
/// one, all take longer.
final class Estimate {

  /// So many expected seconds are taken to have passed as expected before anything has run: the first trials are small,
  /// and slow until the code is warm.
  private static final double TRUSTED_SECONDS = 3;

  /// What the first trials take longer, all together, as the code is cold: a guess from small runs.
  private static final double WARMING_SECONDS = 6;

  private static final class Kind {
    private final double expectedSeconds;
    private long count;
    private double seconds;
    private int left;

    private Kind(double expectedSeconds) {
      this.expectedSeconds = expectedSeconds;
    }

    private double mean(double slowness) {
      return count == 0 ? expectedSeconds * slowness : seconds / count;
    }
  }

  private final Map<Journal.Key, Kind> kinds = new HashMap<>();
  private double expected = TRUSTED_SECONDS;
  private double taken = TRUSTED_SECONDS;

  /// All seeds of a trial are of a kind.
  private static Journal.Key kindOf(Journal.Key key) {
    return new Journal.Key(key.figure(), key.series(), key.configuration(), 0);
  }

  void plan(Journal.Key key, double expectedSeconds) {
    kinds.computeIfAbsent(kindOf(key), k -> new Kind(expectedSeconds)).left++;
  }

  /// @param key was planned
  void done(Journal.Key key, double tookSeconds) {
    Kind kind = kinds.get(kindOf(key));
    if (kind == null || kind.left == 0) {
      throw new IllegalStateException(key + " was not planned");
    }
    kind.left--;
    kind.count++;
    kind.seconds += tookSeconds;
    expected += kind.expectedSeconds;
    taken += tookSeconds;
  }

  /// @param jobs side by side; a trial is not cut in pieces for them
  double secondsLeft(int jobs) {
    double slowness = taken / expected;
    double sum = 0;
    double longest = 0;
    for (Kind kind : kinds.values()) {
      if (kind.left > 0) {
        double mean = kind.mean(slowness);
        sum += kind.left * mean;
        longest = Math.max(longest, mean);
      }
    }
    double warming = sum > 0 ? Math.max(0, WARMING_SECONDS - (taken - TRUSTED_SECONDS)) : 0;
    return Math.max((sum + warming) / jobs, longest);
  }
}
