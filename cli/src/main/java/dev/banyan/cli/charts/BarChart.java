package dev.banyan.cli.charts;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/// Bars in groups, one group for each name on the x axis.
///
/// @param groups names on the x axis
public record BarChart(
    String title, String xTitle, String yTitle, List<String> groups, List<Series> series)
    implements Drawing {

  /// Of a group's width, left free.
  private static final double FREE = 0.2;

  /// Bars of one kind, a value for each group; NaN where there is none.
  ///
  /// @param spread to both sides of each value
  public record Series(String name, Look look, double[] values, double[] spread) {}

  public BarChart {
    groups = List.copyOf(groups);
    series = List.copyOf(series);
  }

  private Axis y() {
    List<Double> tops = new ArrayList<>();
    for (Series each : series) {
      for (int i = 0; i < each.values.length; i++) {
        if (Double.isFinite(each.values[i])) {
          tops.add(each.values[i] + each.spread[i]);
        }
      }
    }
    return Axis.fromZero(yTitle, tops);
  }

  private Legend legend() {
    return new Legend(
        series.stream()
            .map(each -> new Legend.Entry(each.name, each.look, Legend.Kind.BAR))
            .toList());
  }

  @Override
  public int height() {
    return (int) Math.ceil(Frame.around(y()).below() + legend().height() + 4);
  }

  @Override
  public void draw(Pen pen) {
    Axis y = y();
    Frame frame = Frame.around(y);
    frame.drawY(pen, y);
    double group = 1.0 / groups.size();
    double width = group * (1 - FREE) / series.size();
    for (int g = 0; g < groups.size(); g++) {
      for (int s = 0; s < series.size(); s++) {
        Series each = series.get(s);
        if (Double.isFinite(each.values[g])) {
          double from = frame.x(g * group + group * FREE / 2 + s * width);
          double to = frame.x(g * group + group * FREE / 2 + (s + 1) * width);
          bar(pen, frame, y, each, g, from, to);
        }
      }
    }
    frame.drawNames(pen, xTitle, groups);
    legend().draw(pen, frame.below());
  }

  private static void bar(
      Pen pen, Frame frame, Axis y, Series each, int group, double from, double to) {
    double value = each.values[group];
    double top = frame.y(y.place(value));
    Bar.draw(
        pen, new Rectangle2D.Double(from, top, to - from - 0.8, frame.bottom() - top), each.look);
    double spread = each.spread[group];
    if (spread > 0) {
      double low = frame.y(y.place(Math.max(0, value - spread)));
      double high = frame.y(y.place(value + spread));
      Pen.Line line = new Pen.Line(Pen.INK, 0.7f);
      double middle = (from + to) / 2;
      double cap = Math.min(2.2, (to - from) / 3);
      pen.line(middle, low, middle, high, line);
      pen.line(middle - cap, low, middle + cap, low, line);
      pen.line(middle - cap, high, middle + cap, high, line);
    }
  }
}
