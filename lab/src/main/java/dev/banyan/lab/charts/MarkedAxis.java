package dev.banyan.lab.charts;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/// A logarithmic axis with numbers where they are wanted. Between whole decades fine marks tell that it is one.
final class MarkedAxis extends LogAxis {

  private static final long serialVersionUID = 1;

  /// Least distance of one number to the next, in points.
  private static final double APART = 4;

  private final List<Double> marked;

  MarkedAxis(String title, List<Double> marked) {
    super(title);
    this.marked = List.copyOf(marked);
    setMinorTickMarksVisible(true);
  }

  @Override
  public List<NumberTick> refreshTicks(
      Graphics2D g2, AxisState state, Rectangle2D dataArea, RectangleEdge edge) {
    boolean across = RectangleEdge.isTopOrBottom(edge);
    double free = Double.NEGATIVE_INFINITY;
    List<NumberTick> ticks = new ArrayList<>();
    for (double value : marked) {
      String label = label(value);
      double half = Ink.width(label) / 2;
      double at = valueToJava2D(value, dataArea, edge);
      boolean fits = !across || at - half > free;
      ticks.add(tick(TickType.MAJOR, value, fits ? label : "", across));
      if (fits) {
        free = at + half + APART;
      }
    }
    if (hasEveryDecade()) {
      double first = marked.getFirst() / 10;
      for (double decade = first; decade < getUpperBound(); decade *= 10) {
        for (int lead = 2; lead <= 9; lead++) {
          if (getRange().contains(lead * decade)) {
            ticks.add(tick(TickType.MINOR, lead * decade, "", across));
          }
        }
      }
    }
    return ticks;
  }

  private boolean hasEveryDecade() {
    return !marked.isEmpty()
        && marked.stream().allMatch(Numbers::isDecade)
        && Math.round(Math.log10(marked.getLast() / marked.getFirst())) == marked.size() - 1;
  }

  private static NumberTick tick(TickType type, double value, String label, boolean across) {
    TextAnchor anchor = across ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
    return new NumberTick(type, value, label, anchor, TextAnchor.CENTER, 0);
  }

  /// What is written at a marked number: powers of ten where the largest would be too long.
  private String label(double value) {
    return marked.getLast() >= Numbers.LONGEST
        ? Numbers.power(value)
        : Numbers.plain().format(value);
  }
}
