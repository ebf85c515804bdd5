package dev.banyan.lab.report;

import dev.banyan.lab.charts.Axis;
import dev.banyan.lab.charts.BarChart;
import dev.banyan.lab.charts.Curve;
import dev.banyan.lab.charts.Drawing;
import dev.banyan.lab.charts.Look;
import dev.banyan.lab.charts.Pictures;
import dev.banyan.lab.charts.XyChart;
import dev.banyan.lab.figures.Metric;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Draws the rows of a figure: means, and one standard deviation to both sides.
final class FigureChart {

  /// Look the same in every figure.
  private static final List<String> CONTENDERS =
      List.of("paper", "paper-rules", "banyan", "banyan-no-reallocation");

  /// Of how many nodes there are, behind what is looked at.
  private static final Look BEHIND = new Look(7, 0);

  private final Plot plot;
  private final String title;
  private final List<Line> lines = new ArrayList<>();

  /// All that a picture of this kind may show, so that each looks the same where another is missing.
  private final List<String> contenders;

  /// By series and metric.
  private final Map<String, Double> exponents = new LinkedHashMap<>();

  /// The rows of a series and a metric.
  private record Line(String contender, String variant, String metric, List<Row> rows) {}

  /// @param rows of the figure, drawn or not
  /// @param series those that are drawn; none: those that the plot draws unasked
  FigureChart(String title, Plot plot, List<Row> rows, Set<String> series) {
    this.plot = plot;
    this.title = title;
    this.contenders =
        rows.stream()
            .filter(plot::draws)
            .map(row -> plot.contender(row.series()))
            .distinct()
            .toList();
    for (Row row : rows) {
      if (plot.draws(row, series) && (row.mean() > 0 || !logarithmic())) {
        lineOf(row).rows.add(row);
      } else if (row.metric().endsWith(Metric.GROWTH_EXPONENT)) {
        exponents.put(row.series() + "/" + row.metric(), row.mean());
      }
    }
  }

  private Line lineOf(Row row) {
    for (Line line : lines) {
      if (line.rows.getFirst().series().equals(row.series()) && line.metric.equals(row.metric())) {
        return line;
      }
    }
    Line line =
        new Line(
            plot.contender(row.series()),
            plot.variant(row.series()),
            row.metric(),
            new ArrayList<>());
    lines.add(line);
    return line;
  }

  /// Whether nothing of y has no place in the picture.
  private boolean logarithmic() {
    return plot.kind() == Plot.Kind.GROWTH || plot.kind() == Plot.Kind.CURVES;
  }

  /// Writes the picture in every kind of file, if there is anything to draw.
  ///
  /// @return whether there was
  boolean save(Path folder, String name) throws IOException {
    if (lines.isEmpty()) {
      return false;
    }
    Pictures.save(drawing(), folder, name);
    return true;
  }

  private Drawing drawing() {
    return switch (plot.kind()) {
      case BARS -> bars();
      case OVER_TIME -> overTime();
      case TREE ->
          new TreeChart(lines.stream().flatMap(line -> line.rows.stream()).toList()).drawing(title);
      case CURVES, GROWTH, LEVELS -> curves();
    };
  }

  // --- names and looks

  /// `paper: tree`, `banyan: root`; or the series alone, where nothing else sets curves apart.
  private String legend(Line line) {
    String whole = plot.names().get(line.rows.getFirst().series() + "/" + line.metric);
    if (whole != null) {
      return whole;
    }
    List<String> parts = new ArrayList<>();
    parts.add(line.contender);
    if (plot.names().containsKey(line.variant)) {
      parts.add(plot.names().getOrDefault(line.variant, line.variant));
    }
    if (distinct(Line::metric).size() > 1) {
      parts.add(plot.names().getOrDefault(line.metric, line.metric));
    }
    parts.removeIf(String::isEmpty);
    return String.join(": ", parts);
  }

  private String growth(Line line) {
    String series = line.rows.getFirst().series() + "/";
    Double exponent = exponents.get(series + line.metric + "_" + Metric.GROWTH_EXPONENT);
    if (exponent == null) { // The only metric that grows has no name.
      exponent = exponents.get(series + Metric.GROWTH_EXPONENT);
    }
    return exponent == null ? "" : String.format(Locale.ROOT, ", grows as n^%.2f", exponent);
  }

  private List<String> distinct(Function<Line, String> part) {
    return lines.stream().map(part).distinct().toList();
  }

  /// By colour who it is, by dashes or shade what of it; where there is one contender only, its variants or else its
  /// metrics have colours.
  private Look look(Line line) {
    List<String> variants = distinct(Line::variant);
    List<String> metrics =
        plot.metrics().stream().filter(distinct(Line::metric)::contains).toList();
    int metric = metrics.indexOf(line.metric);
    int variant = variants.indexOf(line.variant);
    if (distinct(Line::contender).size() > 1) {
      return new Look(numberOf(line.contender), metric * variants.size() + variant);
    }
    return variants.size() > 1 ? new Look(variant, metric) : new Look(metric, 0);
  }

  private int numberOf(String contender) {
    if (CONTENDERS.contains(contender)) {
      return CONTENDERS.indexOf(contender);
    }
    List<String> others = contenders.stream().filter(name -> !CONTENDERS.contains(name)).toList();
    return others.indexOf(contender) + (others.size() < contenders.size() ? CONTENDERS.size() : 0);
  }

  // --- kinds

  private XyChart curves() {
    List<Curve> curves = new ArrayList<>();
    for (Line line : lines) {
      curves.add(
          new Curve(
              legend(line) + growth(line),
              look(line),
              numbers(line.rows, FigureChart::number),
              numbers(line.rows, Row::mean),
              numbers(line.rows, Row::stdev),
              Curve.Style.POINTS));
    }
    List<Double> xs = rows().map(FigureChart::number).toList();
    Axis x =
        plot.kind() == Plot.Kind.CURVES
            ? Axis.fromZero(plot.xTitle(), xs)
            : Axis.points(plot.xTitle(), xs);
    return new XyChart(title, x, y(rows().toList()), curves);
  }

  private Axis y(List<Row> rows) {
    List<Double> tops = rows.stream().map(row -> row.mean() + row.stdev()).toList();
    if (!logarithmic()) {
      return Axis.fromZero(plot.yTitle(), tops);
    }
    Stream<Double> bottoms =
        rows.stream().map(row -> row.mean() - row.stdev()).filter(bottom -> bottom > 0);
    Stream<Double> means = rows.stream().map(Row::mean);
    return Axis.decades(
        plot.yTitle(), Stream.of(tops.stream(), bottoms, means).flatMap(each -> each).toList());
  }

  /// The first metric of every series; the second of the first series only, as it is the same in all.
  private XyChart overTime() {
    String left = plot.metrics().getFirst();
    String right = plot.metrics().getLast();
    List<Line> looked = lines.stream().filter(line -> line.metric.equals(left)).toList();
    Optional<Line> counted = lines.stream().filter(line -> line.metric.equals(right)).findFirst();
    List<Curve> curves =
        looked.stream().map(line -> overTime(line.contender, look(line), line.rows)).toList();
    String name = plot.names().getOrDefault(right, right);
    return new XyChart(
        title,
        Axis.upTo(plot.xTitle(), rows().mapToDouble(FigureChart::number).max().orElse(1)),
        y(looked.stream().flatMap(line -> line.rows.stream()).toList()),
        curves,
        counted.map(line -> Axis.fromZero(name, line.rows.stream().map(Row::mean).toList())),
        counted.map(line -> overTime(name, BEHIND, line.rows)).stream().toList(),
        List.of());
  }

  private static Curve overTime(String name, Look look, List<Row> rows) {
    boolean spread = rows.stream().anyMatch(row -> row.stdev() > 0);
    return new Curve(
        name,
        look,
        numbers(rows, FigureChart::number),
        numbers(rows, Row::mean),
        spread ? numbers(rows, Row::stdev) : new double[0],
        Curve.Style.LINE);
  }

  private BarChart bars() {
    Set<String> groups = new LinkedHashSet<>();
    rows().forEach(row -> groups.add(row.x()));
    List<BarChart.Series> series = new ArrayList<>();
    for (Line line : lines) {
      Map<String, Row> byGroup = new LinkedHashMap<>();
      line.rows.forEach(row -> byGroup.put(row.x(), row));
      double[] means = new double[groups.size()];
      double[] spreads = new double[groups.size()];
      int i = 0;
      for (String group : groups) {
        Row row = byGroup.get(group);
        means[i] = row == null ? Double.NaN : row.mean();
        spreads[i++] = row == null ? 0 : row.stdev();
      }
      series.add(new BarChart.Series(legend(line), look(line), means, spreads));
    }
    return new BarChart(title, plot.xTitle(), plot.yTitle(), List.copyOf(groups), series);
  }

  private Stream<Row> rows() {
    return lines.stream().flatMap(line -> line.rows.stream());
  }

  private static double number(Row row) {
    return Double.parseDouble(row.x());
  }

  private static double[] numbers(List<Row> rows, ToDoubleFunction<Row> of) {
    return rows.stream().mapToDouble(of).toArray();
  }
}
