package dev.banyan.sim.figures;

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

  /// The exponent e of the power law mean = c * x^e that fits the rows best, by least squares of the logarithms; absent
  /// where there are fewer than two rows with both above 0.
  ///
  /// @param rows of one series and metric, with numbers for x
  public static OptionalDouble growthExponent(List<Row> rows) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (Row row : rows) {
      double x = Double.parseDouble(row.x());
      if (x > 0 && row.mean() > 0) {
        double logX = Math.log(x);
        double logY = Math.log(row.mean());
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
