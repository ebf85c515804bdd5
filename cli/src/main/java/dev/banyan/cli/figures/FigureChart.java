package dev.banyan.cli.figures;

import dev.banyan.sim.figures.Metric;
import dev.banyan.sim.figures.Plot;
import dev.banyan.sim.figures.Row;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws the rows of a figure: means, and one standard deviation to both sides.
final class FigureChart {

  /// An error bar that reached zero would have no end on a logarithmic axis.
  private static final double MOST_OF_MEAN = 0.95;

  /// Names below the picture.
  private static final int MOST_BELOW = 3;

  /// Of a legend beside it, about.
  private static final int LEGEND_WIDTH = 320;

  /// Share of white in the palest shade of a colour, about.
  private static final double PALEST = 0.95;

  private final Plot plot;
  private final String title;
  private final Map<String, List<Row>> curves = new LinkedHashMap<>();

  /// By series and metric.
  private final Map<String, Double> exponents = new LinkedHashMap<>();

  /// @param rows of the figure, drawn or not
  FigureChart(String title, Plot plot, List<Row> rows) {
    this.plot = plot;
    this.title = title;
    for (Row row : rows) {
      if (plot.draws(row) && (row.mean() > 0 || !logarithmic())) {
        curves.computeIfAbsent(legend(row), k -> new ArrayList<>()).add(row);
      } else if (row.metric().endsWith(Metric.GROWTH_EXPONENT)) {
        exponents.put(row.series() + "/" + row.metric(), row.mean());
      }
    }
  }

  /// Whether nothing of y has no place in the picture.
  private boolean logarithmic() {
    return plot.kind() == Plot.Kind.GROWTH || plot.kind() == Plot.Kind.CURVES;
  }

  /// `paper: tree`, `banyan: root`; or the series alone, where nothing else sets curves apart.
  private String legend(Row row) {
    String series = row.series();
    String variant =
        plot.names().keySet().stream()
            .filter(name -> name.startsWith("-") && series.endsWith(name))
            .findFirst()
            .orElse("");
    String contender = series.substring(0, series.length() - variant.length());
    List<String> parts = new ArrayList<>();
    parts.add(contender);
    if (plot.names().containsKey(variant)) {
      parts.add(plot.names().getOrDefault(variant, variant));
    }
    if (plot.metrics().size() > 1) {
      parts.add(plot.names().getOrDefault(row.metric(), row.metric()));
    }
    parts.removeIf(String::isEmpty);
    return String.join(": ", parts);
  }

  /// Writes a PNG and an SVG, if there is anything to draw.
  ///
  /// @return whether there was
  boolean save(Path folder, String name) throws IOException {
    if (curves.isEmpty()) {
      return false;
    }
    System.setProperty("java.awt.headless", "true");
    Pictures.save(chart(), folder, name);
    return true;
  }

  private Chart<?, ?> chart() {
    return switch (plot.kind()) {
      case BARS -> bars();
      case OVER_TIME -> overTime();
      case TREE ->
          new TreeChart(curves.values().stream().flatMap(List::stream).toList()).chart(title);
      case CURVES, GROWTH, LEVELS -> curves();
    };
  }

  /// The first metric of every series; the second of the first series only, as it is the same in all.
  private XYChart overTime() {
    String left = plot.metrics().getFirst();
    String right = plot.metrics().getLast();
    TimeChart chart =
        new TimeChart(title, plot.xTitle(), plot.yTitle(), plot.names().getOrDefault(right, right));
    int number = 0;
    boolean counted = false;
    for (Map.Entry<String, List<Row>> curve : curves.entrySet()) {
      String metric = curve.getValue().getFirst().metric();
      if (metric.equals(left)) {
        Color color = color(number);
        draw(chart, curve.getKey(), curve.getValue(), TimeChart.Axis.LEFT, color, number++ == 0);
      } else if (!counted) {
        counted = true;
        String name = plot.names().getOrDefault(right, right);
        draw(chart, name, curve.getValue(), TimeChart.Axis.RIGHT, Pictures.FAINT, false);
      }
    }
    return chart.chart();
  }

  private static void draw(
      TimeChart chart,
      String name,
      List<Row> rows,
      TimeChart.Axis axis,
      Color color,
      boolean wide) {
    double[] seconds = numbers(rows, row -> Double.parseDouble(row.x()));
    double[] means = numbers(rows, Row::mean);
    if (rows.stream().anyMatch(row -> row.stdev() > 0)) {
      chart.spread(name, seconds, means, numbers(rows, Row::stdev), axis, color);
    }
    chart.line(name, seconds, means, axis, color, wide);
  }

  private static double[] numbers(List<Row> rows, ToDoubleFunction<Row> of) {
    return rows.stream().mapToDouble(of).toArray();
  }

  private XYChart curves() {
    XYChart chart =
        new XYChartBuilder()
            .width(width())
            .height(Pictures.HEIGHT)
            .title(title)
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    Pictures.style(chart.getStyler());
    aside(chart.getStyler());
    chart.getStyler().setYAxisLogarithmic(logarithmic());
    chart.getStyler().setXAxisLogarithmic(plot.kind() != Plot.Kind.CURVES);
    int number = 0;
    for (Map.Entry<String, List<Row>> curve : curves.entrySet()) {
      List<Row> rows = curve.getValue();
      XYSeries series =
          chart.addSeries(
              curve.getKey() + growth(rows),
              numbers(rows, row -> Double.parseDouble(row.x())),
              numbers(rows, Row::mean),
              numbers(rows, FigureChart::errorBar));
      series.setMarker(SeriesMarkers.CIRCLE);
      series.setMarkerColor(colorOf(rows, number));
      series.setLineColor(colorOf(rows, number));
      series.setLineStyle(SeriesLines.SOLID);
      series.setLineWidth(1.8f);
      number++;
    }
    return chart;
  }

  private int width() {
    return curves.size() > MOST_BELOW ? Pictures.WIDTH + LEGEND_WIDTH : Pictures.WIDTH;
  }

  /// A legend with many names stands beside the picture: below, it would be cut.
  private void aside(Styler styler) {
    if (curves.size() > MOST_BELOW) {
      styler.setLegendPosition(Styler.LegendPosition.OutsideE);
      styler.setLegendLayout(Styler.LegendLayout.Vertical);
    }
  }

  private String growth(List<Row> rows) {
    Row first = rows.getFirst();
    String series = first.series() + "/";
    Double exponent = exponents.get(series + first.metric() + "_" + Metric.GROWTH_EXPONENT);
    if (exponent == null) { // The only metric that grows has no name.
      exponent = exponents.get(series + Metric.GROWTH_EXPONENT);
    }
    return exponent == null ? "" : String.format(Locale.ROOT, " (grows with n^%.2f)", exponent);
  }

  private CategoryChart bars() {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(width())
            .height(Pictures.HEIGHT)
            .title(title)
            .xAxisTitle(plot.xTitle())
            .yAxisTitle(plot.yTitle())
            .build();
    Pictures.style(chart.getStyler());
    aside(chart.getStyler());
    chart.getStyler().setYAxisMin(0.0);
    Set<String> groups = new LinkedHashSet<>();
    curves.values().forEach(rows -> rows.forEach(row -> groups.add(row.x())));
    int number = 0;
    for (Map.Entry<String, List<Row>> curve : curves.entrySet()) {
      Map<String, Row> byGroup = new LinkedHashMap<>();
      curve.getValue().forEach(row -> byGroup.put(row.x(), row));
      List<Double> means = new ArrayList<>();
      List<Double> bars = new ArrayList<>();
      for (String group : groups) {
        Row row = byGroup.get(group);
        means.add(row == null ? 0.0 : row.mean());
        bars.add(row == null ? 0.0 : errorBar(row));
      }
      chart
          .addSeries(curve.getKey(), List.copyOf(groups), means, bars)
          .setFillColor(colorOf(curve.getValue(), number++));
    }
    return chart;
  }

  private static double errorBar(Row row) {
    return Math.min(row.stdev(), row.mean() * MOST_OF_MEAN);
  }

  /// Where a series has several metrics, it has one colour, and they are shades of it: else there would be more curves
  /// than colours.
  private Color colorOf(List<Row> rows, int number) {
    if (plot.metrics().size() == 1) {
      return color(number);
    }
    List<String> series =
        curves.values().stream().map(others -> others.getFirst().series()).distinct().toList();
    Row row = rows.getFirst();
    int shade = plot.metrics().indexOf(row.metric());
    return Pictures.paler(
        color(series.indexOf(row.series())), PALEST * shade / plot.metrics().size());
  }

  private static Color color(int number) {
    return Pictures.COLORS.get(number % Pictures.COLORS.size());
  }
}
