package dev.banyan.cli.charts;

/// Points that belong together.
///
/// @param spread to both sides of each y; empty where there is none
/// @param style how the points are joined
public record Curve(
    String name, Look look, double[] xs, double[] ys, double[] spread, Style style) {

  /// How points are joined, and how their spread is drawn.
  public enum Style {
    /// Markers with a line from one to the next; spread as bars.
    POINTS,
    /// A line without markers; spread as a band behind it.
    LINE,
    /// Between two points y is the earlier one's; without spread.
    STEPS
  }

  public Curve {
    if (xs.length != ys.length || spread.length != 0 && spread.length != ys.length) {
      throw new IllegalArgumentException(name + ": each point needs its x, its y and its spread");
    }
  }

  double low(int i) {
    return ys[i] - (spread.length == 0 ? 0 : spread[i]);
  }

  double high(int i) {
    return ys[i] + (spread.length == 0 ? 0 : spread[i]);
  }
}
