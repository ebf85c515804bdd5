package dev.banyan.lab.charts;

import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.IntervalXYDataset;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/// Points that belong together.
///
/// @param spread to both sides of each y; empty where there is none
/// @param style how the points are joined
public record Curve(
    String name, Look look, double[] xs, double[] ys, double[] spread, Style style) {

  private static final float BAND = 0.18f;
  private static final double CAP = 4.4;
  private static final float THIN = 0.8f;

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

  /// @param y what it is drawn over; nothing goes below its end
  IntervalXYDataset data(Axis y) {
    YIntervalSeries series = new YIntervalSeries(name, false, true);
    for (int i = 0; i < xs.length; i++) {
      double around = spread.length == 0 ? 0 : spread[i];
      if (style == Style.STEPS && i > 0) {
        series.add(xs[i], ys[i - 1], ys[i - 1], ys[i - 1]);
      }
      series.add(xs[i], ys[i], Math.max(y.least(), ys[i] - around), ys[i] + around);
    }
    YIntervalSeriesCollection data = new YIntervalSeriesCollection();
    data.addSeries(series);
    return data;
  }

  XYLineAndShapeRenderer renderer() {
    return switch (style) {
      case POINTS -> points();
      case LINE -> band();
      case STEPS -> dressed(new XYLineAndShapeRenderer(true, false));
    };
  }

  private XYLineAndShapeRenderer points() {
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDefaultLinesVisible(true);
    renderer.setDrawXError(false);
    renderer.setErrorPaint(look.color());
    renderer.setErrorStroke(Ink.line(THIN));
    renderer.setCapLength(CAP);
    return dressed(renderer);
  }

  private XYLineAndShapeRenderer band() {
    DeviationRenderer renderer = new DeviationRenderer(true, false);
    renderer.setAlpha(BAND);
    XYLineAndShapeRenderer dressed = dressed(renderer);
    dressed.setSeriesFillPaint(0, look.color());
    return dressed;
  }

  private XYLineAndShapeRenderer dressed(XYLineAndShapeRenderer renderer) {
    look.put(renderer, 0);
    renderer.setDrawSeriesLineAsPath(true);
    return renderer;
  }
}
