package dev.banyan.lab.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A part of a figure that can be measured on its own.
public interface Trial {

  /// Whose curve it is part of: the column `series`.
  String series();

  /// Who is measured, if the curve has another name here than in a figure that it shares trials with.
  default String measuredAs() {
    return series();
  }

  /// What sets it apart from the other trials of its figure and of who is measured: results of an interrupted run, and of
  /// figures that share their trials, are taken over only where it is the same.
  String configuration();

  /// Whether it depends on the seed. If not, it is measured once.
  default boolean seeded() {
    return true;
  }

  /// With how many seeds it is measured at the most: what takes minutes is repeated less often than what takes
  /// milliseconds. The column `trials` says how often it was.
  default int mostSeeds() {
    return seeded() ? Integer.MAX_VALUE : 1;
  }

  /// About how many seconds it takes with one seed, on a machine of 2026. Only what is told about the time that is left
  /// rests on it, and that only until a trial of its like has run; wrong by a factor of three does no harm.
  default double expectedSeconds() {
    return 0.1;
  }

  /// Measures. The same seed gives the same values in the same order, on any thread.
  List<Value> measure(long seed);

  /// The named metrics of what was measured, in this order; one that was not measured is left out.
  static List<Value> values(String x, List<String> metrics, Map<String, Double> measured) {
    List<Value> values = new ArrayList<>();
    for (String metric : metrics) {
      Double value = measured.get(metric);
      if (value != null) {
        values.add(new Value(x, metric, value));
      }
    }
    return values;
  }

  /// One measured number.
  ///
  /// @param x where it stands: a number, or a name such as `4x2`
  record Value(String x, String metric, double value) {}
}
