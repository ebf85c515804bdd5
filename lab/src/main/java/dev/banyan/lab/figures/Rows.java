package dev.banyan.lab.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Puts the values of many trials together.
public final class Rows {

  private record Key(String series, String x, String metric) {}

  private final String figure;
  private final Map<Key, List<Double>> values = new LinkedHashMap<>();

  public Rows(String figure) {
    this.figure = figure;
  }

  /// Adds what a trial measured. Call in the order of trials, then of seeds: it is the order of rows and of sums, and so
  /// the same whatever ran first.
  public void add(String series, List<Trial.Value> measured) {
    for (Trial.Value value : measured) {
      values
          .computeIfAbsent(new Key(series, value.x(), value.metric()), k -> new ArrayList<>())
          .add(value.value());
    }
  }

  public List<Row> rows() {
    List<Row> rows = new ArrayList<>(values.size());
    values.forEach((key, samples) ->
        rows.add(
            new Row(
                figure,
                key.series(),
                key.x(),
                key.metric(),
                mean(samples),
                stdev(samples),
                samples.size())));
    return rows;
  }

  /// A row for each curve's growth: mean and deviation of the exponents that its seeds have, each fitted for itself. x is
  /// the range, `9..729`.
  ///
  /// @param metrics whose growth is of interest; with more than one, their names begin the rows' metrics
  public List<Row> growth(List<String> metrics) {
    Map<Key, Map<String, List<Double>>> curves = new LinkedHashMap<>();
    values.forEach((key, samples) -> {
      if (metrics.contains(key.metric)) {
        String prefix = metrics.size() == 1 ? "" : key.metric + "_";
        Key curve = new Key(key.series, "", prefix + Metric.GROWTH_EXPONENT);
        curves.computeIfAbsent(curve, k -> new LinkedHashMap<>()).put(key.x, samples);
      }
    });
    List<Row> rows = new ArrayList<>();
    curves.forEach((curve, points) -> {
      List<Double> exponents = exponents(points);
      if (!exponents.isEmpty()) {
        List<String> xs = List.copyOf(points.keySet());
        rows.add(
            new Row(
                figure,
                curve.series,
                xs.getFirst() + ".." + xs.getLast(),
                curve.metric,
                mean(exponents),
                stdev(exponents),
                exponents.size()));
      }
    });
    return rows;
  }

  private static List<Double> exponents(Map<String, List<Double>> points) {
    List<Double> exponents = new ArrayList<>();
    int seeds = points.values().stream().mapToInt(List::size).min().orElse(0);
    for (int i = 0; i < seeds; i++) {
      List<Point> logs = new ArrayList<>();
      for (Map.Entry<String, List<Double>> point : points.entrySet()) {
        logs.add(new Point(Double.parseDouble(point.getKey()), point.getValue().get(i)));
      }
      growthExponent(logs).ifPresent(exponents::add);
    }
    return exponents;
  }

  private static double mean(List<Double> samples) {
    double sum = 0;
    for (double sample : samples) {
      sum += sample;
    }
    return sum / samples.size();
  }

  private static double stdev(List<Double> samples) {
    if (samples.size() < 2) {
      return 0;
    }
    double mean = mean(samples);
    double squares = 0;
    for (double sample : samples) {
      squares += (sample - mean) * (sample - mean);
    }
    return Math.sqrt(squares / (samples.size() - 1));
  }

  /// A point of a curve.
  record Point(double x, double y) {}

  /// The exponent e of the power law y = c * x^e that fits best, by least squares of the logarithms; absent where there
  /// are fewer than two points with both above 0.
  static OptionalDouble growthExponent(List<Point> points) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (Point point : points) {
      if (point.x > 0 && point.y > 0) {
        double logX = Math.log(point.x);
        double logY = Math.log(point.y);
        n++;
        sumX += logX;
        sumY += logY;
        sumXx += logX * logX;
        sumXy += logX * logY;
      }
    }
    double spread = n * sumXx - sumX * sumX;
    return n < 2 || spread <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((n * sumXy - sumX * sumY) / spread);
  }
}
