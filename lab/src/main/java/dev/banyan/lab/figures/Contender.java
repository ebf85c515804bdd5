package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Setup;
import java.util.SequencedMap;

/// Something that can be put into a configuration and measured there: the published simulator, the paper's rules on the
/// real node, Banyan as it is. Each is one curve, on the same axes as the others.
public interface Contender {

  /// The column `series`: `paper`, `paper-rules`, `banyan`, `banyan-no-reallocation`.
  String series();

  /// Everything that sets its results apart from another's of the same series: of equal ones only one is run.
  default String settings() {
    return series();
  }

  /// Whether it is measured at this point; a contender is left out where it cannot be, or where that says nothing.
  ///
  /// @param quick leave out what takes long
  default boolean takes(SweepFigure.Point point, boolean quick) {
    return true;
  }

  /// Whether it can be measured there at all, at whatever cost.
  boolean can(Setup setup);

  /// About how many seconds that takes, see [Trial#expectedSeconds].
  double expectedSeconds(Setup setup);

  /// The cost of a configuration with a seed, by metric ([Metric]). The same arguments give the same map; it is called
  /// from several threads at once.
  SequencedMap<String, Double> measure(Setup setup, long seed);
}
