package dev.banyan.lab.charts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.data.Range;

/// From where to where, and which numbers are written there.
///
/// @param logarithmic numbers above 0 only
/// @param marked the numbers written at a logarithmic axis; another has round ones in even steps
public record Axis(
    String title, boolean logarithmic, double least, double most, List<Double> marked) {

  /// Room beyond the outermost points of a logarithmic axis, as a share of it.
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
    return new Axis(title, false, 0, most > 0 ? most : 1, List.of());
  }

  /// Around some numbers above 0; decades are written, with their double and half if they are few.
  public static Axis decades(String title, Collection<Double> values) {
    Range ends = ends(values);
    double from = Math.log10(ends.getLowerBound());
    double to = Math.log10(ends.getUpperBound());
    List<Double> marked = new ArrayList<>();
    int every = (int) Math.max(1, Math.ceil((to - from) / WANTED));
    double[] leads = to - from < 1.3 ? new double[] {1, 2, 5} : new double[] {1};
    for (int decade = (int) Math.floor(from); decade <= to; decade++) {
      for (double lead : leads) {
        double value = lead * Math.pow(10, decade);
        if (Math.floorMod(decade, every) == 0 && ends.contains(value)) {
          marked.add(value);
        }
      }
    }
    return new Axis(title, true, ends.getLowerBound(), ends.getUpperBound(), marked);
  }

  /// Around some numbers above 0, each of which is written, if they are few.
  public static Axis points(String title, Collection<Double> values) {
    TreeSet<Double> points = new TreeSet<>(values);
    if (points.size() > MOST_POINTS) {
      return decades(title, values);
    }
    Range ends = ends(values);
    return new Axis(title, true, ends.getLowerBound(), ends.getUpperBound(), List.copyOf(points));
  }

  private static Range ends(Collection<Double> values) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(10);
    double margin = most > least ? Math.pow(most / least, MARGIN) : Math.sqrt(10);
    return new Range(least / margin, most * margin);
  }

  /// As the library draws it.
  ValueAxis drawn() {
    NumberAxis axis = new NumberAxis(title);
    ValueAxis drawn = logarithmic ? new MarkedAxis(title, marked) : axis;
    if (!logarithmic) {
      double step = new NumberTickUnitSource().getCeilingTickUnit(most / WANTED).getSize();
      axis.setTickUnit(new NumberTickUnit(step, Numbers.plain()));
    }
    drawn.setRange(least, most);
    Ink.dress(drawn);
    return drawn;
  }
}
