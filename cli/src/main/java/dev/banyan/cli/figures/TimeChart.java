package dev.banyan.cli.figures;

import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Curves over time with two axes of their own: what is looked at on the left, how many there are on the right.
public final class TimeChart {

  /// Where a curve belongs.
  public enum Axis {
    LEFT,
    RIGHT
  }

  /// Room above the highest point.
  private static final double HEADROOM = 1.12;

  /// Least part of the time that has room for its name.
  private static final double NAMED_SHARE = 1.0 / 12;

  private final XYChart chart;
  private final double[] tops = {2, 2};
  private double end;

  public TimeChart(String title, String timeTitle, String left, String right) {
    chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title(title)
            .xAxisTitle(timeTitle)
            .build();
    var style = chart.getStyler();
    Pictures.style(style);
    style.setXAxisMin(0.0);
    style.setXAxisDecimalPattern("0");
    style.setAxisTickLabelsFont(style.getAxisTickLabelsFont().deriveFont(Font.PLAIN, 10f));
    style.setYAxisGroupPosition(1, YAxisPosition.Right);
    chart.setYAxisGroupTitle(0, left);
    chart.setYAxisGroupTitle(1, right);
  }

  /// A curve of steps: between two points the value is the earlier one's. Points that change nothing are left out.
  public void steps(String name, double[] seconds, double[] values, Axis axis, Color color) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    double previous = Double.NaN;
    for (int i = 0; i < seconds.length; i++) {
      boolean first = xs.isEmpty();
      if (first || Double.compare(values[i], previous) != 0 || i == seconds.length - 1) {
        if (!first) {
          xs.add(seconds[i]);
          ys.add(previous);
        }
        xs.add(seconds[i]);
        ys.add(values[i]);
      }
      previous = values[i];
    }
    add(name, array(xs), array(ys), axis, color);
  }

  /// A curve from point to point.
  ///
  /// @param wide to be seen where the next one lies on it
  void line(String name, double[] seconds, double[] values, Axis axis, Color color, boolean wide) {
    add(name, seconds, values, axis, color).setLineWidth(wide ? 3.2f : 1.8f);
  }

  private XYSeries add(String name, double[] seconds, double[] values, Axis axis, Color color) {
    XYSeries series = chart.addSeries(name, seconds, values);
    series.setYAxisGroup(axis.ordinal());
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineWidth(1.8f);
    for (int i = 0; i < seconds.length; i++) {
      end = Math.max(end, seconds[i]);
      if (Double.isFinite(values[i])) {
        double top = Math.ceil(values[i] * HEADROOM);
        tops[axis.ordinal()] = Math.max(tops[axis.ordinal()], top);
      }
    }
    return series;
  }

  /// Thin lines on both sides of a curve, as far away as its values are spread.
  void spread(
      String name, double[] seconds, double[] values, double[] spreads, Axis axis, Color color) {
    Color pale = new Color(color.getRed(), color.getGreen(), color.getBlue(), 70);
    double[] below = new double[values.length];
    double[] above = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      below[i] = Math.max(0, values[i] - spreads[i]);
      above[i] = values[i] + spreads[i];
    }
    edge(name + " less", seconds, below, axis, pale);
    edge(name + " more", seconds, above, axis, pale);
  }

  private void edge(String name, double[] seconds, double[] values, Axis axis, Color color) {
    XYSeries series = add(name, seconds, values, axis, color);
    series.setLineWidth(0.9f);
    series.setShowInLegend(false);
  }

  /// Names a part of the time; call when all curves are there.
  public void phase(String name, double from, double to) {
    chart.getStyler().setAnnotationLineColor(Pictures.FAINT);
    chart.getStyler().setAnnotationTextFontColor(Pictures.INK);
    if (from > 0) {
      chart.addAnnotation(new AnnotationLine(from, true, false));
    }
    if (to - from > end * NAMED_SHARE) {
      chart.addAnnotation(new AnnotationText(name, (from + to) / 2, tops[0] * 0.97, false));
    }
  }

  public XYChart chart() {
    for (Axis axis : Axis.values()) {
      chart.getStyler().setYAxisMin(axis.ordinal(), 0.0);
      chart.getStyler().setYAxisMax(axis.ordinal(), tops[axis.ordinal()]);
    }
    return chart;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
