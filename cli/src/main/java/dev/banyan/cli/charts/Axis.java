package dev.banyan.cli.charts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// From numbers to places between 0 and 1, and which numbers are written there.
///
/// @param logarithmic numbers above 0 only
/// @param least at 0, as it is or as its logarithm
/// @param most at 1
/// @param marked the numbers written
public record Axis(
    String title, boolean logarithmic, double least, double most, List<Double> marked) {

  /// Room beyond the outermost points of a logarithmic axis.
  private static final double MARGIN = 0.04;

  /// Room above the highest point of an axis that begins at 0.
  private static final double HEADROOM = 1.06;

  /// Numbers written on an axis, about.
  private static final int WANTED = 8;

  /// More than so many points are not written each.
  private static final int MOST_POINTS = 8;

  public Axis {
    marked = List.copyOf(marked);
  }

  /// From 0 to the largest of some numbers.
  public static Axis fromZero(String title, Collection<Double> values) {
    return upTo(title, values.stream().mapToDouble(Double::doubleValue).max().orElse(1) * HEADROOM);
  }

  /// From 0.
  public static Axis upTo(String title, double most) {
    double end = most > 0 ? most : 1;
    double step = step(end);
    List<Double> marked = new ArrayList<>();
    for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
      marked.add(i * step);
    }
    return new Axis(title, false, 0, end, marked);
  }

  /// 1, 2 or 5 times a power of ten.
  private static double step(double range) {
    double rough = range / WANTED;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  /// Around some numbers above 0; decades are written, with their double and half if they are few.
  public static Axis decades(String title, Collection<Double> values) {
    double[] ends = logarithms(values);
    List<Double> marked = new ArrayList<>();
    double range = ends[1] - ends[0];
    int every = (int) Math.max(1, Math.ceil(range / WANTED));
    double[] leads = range < 1.3 ? new double[] {1, 2, 5} : new double[] {1};
    for (int decade = (int) Math.floor(ends[0]); decade <= ends[1]; decade++) {
      for (double lead : leads) {
        double log = decade + Math.log10(lead);
        if (Math.floorMod(decade, every) == 0 && log >= ends[0] && log <= ends[1]) {
          marked.add(lead * Math.pow(10, decade));
        }
      }
    }
    return new Axis(title, true, ends[0], ends[1], marked);
  }

  /// Around some numbers above 0, each of which is written, if they are few.
  public static Axis points(String title, Collection<Double> values) {
    TreeSet<Double> points = new TreeSet<>(values);
    if (points.size() > MOST_POINTS) {
      return decades(title, values);
    }
    double[] ends = logarithms(values);
    return new Axis(title, true, ends[0], ends[1], List.copyOf(points));
  }

  private static double[] logarithms(Collection<Double> values) {
    double least = Math.log10(values.stream().mapToDouble(Double::doubleValue).min().orElse(1));
    double most = Math.log10(values.stream().mapToDouble(Double::doubleValue).max().orElse(10));
    double margin = most > least ? MARGIN * (most - least) : 0.5;
    return new double[] {least - margin, most + margin};
  }

  /// 0 is the beginning, 1 the end.
  double place(double value) {
    double at = logarithmic ? Math.log10(value) : value;
    return (at - least) / (most - least);
  }

  /// What is written at a marked number.
  String label(double value) {
    double largest = marked.isEmpty() ? value : marked.getLast();
    return logarithmic && largest >= Numbers.LONGEST ? Numbers.power(value) : Numbers.plain(value);
  }
}
