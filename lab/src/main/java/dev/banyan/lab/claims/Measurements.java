package dev.banyan.lab.claims;

import dev.banyan.lab.figures.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The rows of a run's figures, to be looked up.
public final class Measurements {

  private final Map<String, List<Row>> figures;

  /// @param figures the rows of each, by its name
  public Measurements(Map<String, List<Row>> figures) {
    this.figures = Map.copyOf(figures);
  }

  boolean has(String figure) {
    return figures.containsKey(figure);
  }

  /// The rows of a curve, in the order of x.
  List<Row> rows(String figure, String series, String metric) {
    return figures.getOrDefault(figure, List.of()).stream()
        .filter(row -> row.series().equals(series) && row.metric().equals(metric))
        .toList();
  }

  Optional<Double> find(String figure, String series, String x, String metric) {
    return rows(figure, series, metric).stream()
        .filter(row -> row.x().equals(x))
        .map(Row::mean)
        .findFirst();
  }

  /// A criterion asks for what its figures do not have.
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1;

    Missing(String what) {
      super(what);
    }
  }

  /// @throws Missing when it was not measured
  double mean(String figure, String series, String x, String metric) {
    return find(figure, series, x, metric)
        .orElseThrow(() -> missing(figure, series, x + " " + metric));
  }

  /// Of a curve with one row for that metric.
  double mean(String figure, String series, String metric) {
    return rows(figure, series, metric).stream()
        .map(Row::mean)
        .findFirst()
        .orElseThrow(() -> missing(figure, series, metric));
  }

  private static Missing missing(String figure, String series, String what) {
    return new Missing("figure " + figure + " has no " + series + " " + what);
  }

  /// A run of the claims' own.
  double claim(String series, int claim, String metric) {
    return mean(ClaimsFigure.NAME, series, String.valueOf(claim), metric);
  }

  /// That no checker found anything wrong in those runs.
  boolean clean(int claim, String... series) {
    for (String one : series) {
      if (claim(one, claim, ClaimsFigure.VIOLATIONS) > 0) {
        return false;
      }
    }
    return true;
  }

  static String format(String format, Object... numbers) {
    return String.format(Locale.ROOT, format, numbers);
  }
}
