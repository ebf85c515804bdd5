package dev.banyan.cli.figures;

import java.util.HashMap;
import java.util.Map;

/// How long the rest takes: each trial as long as its like did with other seeds, or as the mean of all before any of its
/// like has run.
final class Estimate {

  private static final class Kind {
    private long count;
    private long nanos;
    private int left;
  }

  private final Map<Journal.Key, Kind> kinds = new HashMap<>();
  private long count;
  private long nanos;

  /// All seeds of a trial are of a kind.
  private static Journal.Key kindOf(Journal.Key key) {
    return new Journal.Key(key.figure(), key.series(), key.configuration(), 0);
  }

  void plan(Journal.Key key) {
    kinds.computeIfAbsent(kindOf(key), k -> new Kind()).left++;
  }

  void done(Journal.Key key, long tookNanos) {
    Kind kind = kinds.computeIfAbsent(kindOf(key), k -> new Kind());
    kind.left--;
    kind.count++;
    kind.nanos += tookNanos;
    count++;
    nanos += tookNanos;
  }

  /// Of running time, one trial after the other.
  double secondsLeft() {
    double mean = count == 0 ? 0 : (double) nanos / count;
    double left = 0;
    for (Kind kind : kinds.values()) {
      left += kind.left * (kind.count == 0 ? mean : (double) kind.nanos / kind.count);
    }
    return left / 1e9;
  }
}
