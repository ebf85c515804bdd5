package dev.banyan.sim.figures;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the rows of a figure become a picture. Rows that it does not name stay numbers.
///
/// @param kind curves over numbers, or groups of bars over names
/// @param metrics drawn, each as a curve of its own
/// @param leftOut series with these endings are not drawn, nor rows for which `series/metric` has one
/// @param names what series endings and metrics are called in the legend; others by their own name
public record Plot(
    Kind kind,
    String xTitle,
    String yTitle,
    List<String> metrics,
    Set<String> leftOut,
    Map<String, String> names) {

  /// Of picture.
  public enum Kind {
    /// x and y logarithmic, and the exponent of growth in the legend.
    GROWTH,
    /// x as it is, y logarithmic.
    CURVES,
    /// x logarithmic, y as it is.
    LEVELS,
    /// One group of bars for each x.
    BARS,
    /// x is time. The first metric belongs to the axis on the left; the second to the one on the right, drawn once.
    OVER_TIME,
    /// A tree: x numbers its nodes, metrics are those of [TopologyFigure].
    TREE
  }

  public Plot {
    metrics = List.copyOf(metrics);
    leftOut = Set.copyOf(leftOut);
    names = Map.copyOf(names);
  }

  /// Whether rows of this series and metric are drawn.
  public boolean draws(Row row) {
    String curve = row.series() + "/" + row.metric();
    return metrics.contains(row.metric())
        && leftOut.stream()
            .noneMatch(ending -> row.series().endsWith(ending) || curve.endsWith(ending));
  }
}
