package dev.banyan.lab.report;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What a figure's pictures show, as a table for a terminal: a line for each point of a series, a column for each metric;
/// means, and one standard deviation where there were several seeds.
final class ResultTable {

  /// A longer table is no overview.
  private static final int MOST_LINES = 40;

  private ResultTable() {}

  /// @param rows of the figure
  /// @return no lines, if there is nothing that a table would show
  static List<String> lines(Figure figure, List<Row> rows) {
    if (figure.plot().kind() == Plot.Kind.OVER_TIME || figure.plot().kind() == Plot.Kind.TREE) {
      return List.of();
    }
    List<String> metrics = metrics(figure);
    Map<List<String>, Map<String, String>> cells = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Row row : rows) {
      if (metrics.contains(row.metric())) {
        seen.add(row.metric());
        cells
            .computeIfAbsent(List.of(row.x(), row.series()), k -> new LinkedHashMap<>())
            .put(row.metric(), cell(row));
      }
    }
    if (cells.isEmpty() || cells.size() > MOST_LINES) {
      return List.of();
    }
    List<String> columns = metrics.stream().filter(seen::contains).toList();
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(figure.plot().xTitle(), "series"));
    columns.forEach(metric -> head.add(metric.replace('_', ' ')));
    table.add(head);
    for (String x : xs(rows, metrics)) {
      cells.forEach((point, values) -> {
        if (point.getFirst().equals(x)) {
          List<String> line = new ArrayList<>(point);
          columns.forEach(metric -> line.add(values.getOrDefault(metric, "")));
          table.add(line);
        }
      });
    }
    List<String> lines = new ArrayList<>();
    lines.add(figure.label() + ": " + figure.title());
    lines.addAll(aligned(table));
    return lines;
  }

  private static List<String> metrics(Figure figure) {
    return Stream.concat(
            Stream.of(figure.plot()), figure.sequels().stream().map(Figure.Sequel::plot))
        .flatMap(plot -> plot.metrics().stream())
        .distinct()
        .toList();
  }

  private static List<String> xs(List<Row> rows, List<String> metrics) {
    return rows.stream()
        .filter(row -> metrics.contains(row.metric()))
        .map(Row::x)
        .distinct()
        .toList();
  }

  private static String cell(Row row) {
    return row.stdev() > 0 ? number(row.mean()) + " ± " + number(row.stdev()) : number(row.mean());
  }

  /// To three digits that say something, or to whole numbers.
  private static String number(double value) {
    double size = Math.abs(value);
    int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /// Columns as wide as their widest cell; numbers to the right.
  private static List<String> aligned(List<List<String>> table) {
    int columns = table.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : table) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> line : table) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String padding = " ".repeat(widths[i] - line.get(i).length());
        text.append(i == 0 ? "  " : "   ");
        text.append(i < 2 ? line.get(i) + padding : padding + line.get(i));
      }
      lines.add(text.toString().stripTrailing());
    }
    return lines;
  }
}
