package dev.banyan.lab.figures;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the rows of a figure become a picture. Rows that it does not name stay numbers.
///
/// @param kind curves over numbers, or groups of bars over names
/// @param metrics drawn, each as a curve of its own
/// @param leftOut series with these endings are not drawn, nor rows for which `series/metric` has one
/// @param names what series endings, metrics, and single curves (`series/metric`) are called in the legend; others by
///     their own name
/// @param onDemand series that are drawn only when they are asked for: a picture with few is read more easily
public record Plot(
    Kind kind,
    String xTitle,
    String yTitle,
    List<String> metrics,
    Set<String> leftOut,
    Map<String, String> names,
    Set<String> onDemand) {

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
    onDemand = Set.copyOf(onDemand);
  }

  /// Everything that is not left out is drawn.
  public Plot(
      Kind kind,
      String xTitle,
      String yTitle,
      List<String> metrics,
      Set<String> leftOut,
      Map<String, String> names) {
    this(kind, xTitle, yTitle, metrics, leftOut, names, Set.of());
  }

  /// The same, with series that are drawn only when they are asked for.
  public Plot onDemand(String... series) {
    return new Plot(kind, xTitle, yTitle, metrics, leftOut, names, Set.of(series));
  }

  /// What ends a series' name to tell it from others of the same contender; empty for most.
  public String variant(String series) {
    return names.keySet().stream()
        .filter(name -> name.startsWith("-") && series.endsWith(name))
        .findFirst()
        .orElse("");
  }

  /// Whose series it is: its name without the variant.
  public String contender(String series) {
    return series.substring(0, series.length() - variant(series).length());
  }

  /// Whether a row is drawn where these series are asked for, by their own names or by their contender's.
  ///
  /// @param series none: all that are not drawn on demand only
  public boolean draws(Row row, Set<String> series) {
    String contender = contender(row.series());
    boolean asked =
        series.isEmpty()
            ? !onDemand.contains(contender)
            : series.contains(row.series()) || series.contains(contender);
    return asked && draws(row);
  }

  /// Whether rows of this series and metric may be drawn.
  public boolean draws(Row row) {
    String curve = row.series() + "/" + row.metric();
    return metrics.contains(row.metric())
        && leftOut.stream()
            .noneMatch(ending -> row.series().endsWith(ending) || curve.endsWith(ending));
  }
}
