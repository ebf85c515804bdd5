package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;

/// Names below a picture, in as many columns as fit, so that none is cut.
final class Legend {

  private static final double ROW = 13;
  private static final double SAMPLE = 24;
  private static final double GAP = 16;

  /// Free at both ends.
  private static final double SIDE = 8;

  /// Above the first row.
  private static final double TOP = 6;

  /// What its sample shows.
  enum Kind {
    MARKED_LINE,
    LINE,
    MARK,
    BAR
  }

  record Entry(String name, Look look, Kind kind) {}

  private final List<Entry> entries;

  /// Of each column; there are as many as fit, and no more than fill the last row best.
  private final double[] widths;

  Legend(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    int columns = Math.max(1, entries.size());
    while (columns > 1 && sum(widths(columns)) - GAP > Drawing.WIDTH - 2 * SIDE) {
      columns--;
    }
    int rows = Math.ceilDiv(Math.max(1, entries.size()), columns);
    int even = Math.ceilDiv(Math.max(1, entries.size()), rows);
    widths = widths(sum(widths(even)) - GAP > Drawing.WIDTH - 2 * SIDE ? columns : even);
  }

  private double[] widths(int columns) {
    double[] widest = new double[columns];
    for (int i = 0; i < entries.size(); i++) {
      double width = SAMPLE + 5 + Pen.width(entries.get(i).name, Pen.SIZE) + GAP;
      widest[i % columns] = Math.max(widest[i % columns], width);
    }
    return widest;
  }

  private static double sum(double[] widths) {
    return Arrays.stream(widths).sum();
  }

  double height() {
    return entries.isEmpty() ? 0 : TOP + ROW * Math.ceilDiv(entries.size(), widths.length);
  }

  /// @param top its upper edge
  void draw(Pen pen, double top) {
    double left = (Drawing.WIDTH - (sum(widths) - GAP)) / 2;
    double x = left;
    for (int i = 0; i < entries.size(); i++) {
      int column = i % widths.length;
      x = column == 0 ? left : x + widths[column - 1];
      double y = top + TOP + ROW * Math.floorDiv(i, widths.length) + ROW / 2;
      Entry entry = entries.get(i);
      sample(pen, entry, x, y);
      pen.text(entry.name, x + SAMPLE + 5, y + 3, Surface.Align.LEFT, Pen.SIZE);
    }
  }

  private static void sample(Pen pen, Entry entry, double x, double y) {
    Look look = entry.look;
    switch (entry.kind) {
      case BAR -> Bar.draw(pen, new Rectangle2D.Double(x + 4, y - 4.5, SAMPLE - 8, 9), look);
      case LINE -> pen.line(x, y, x + SAMPLE, y, look.line());
      case MARK -> marker(pen, look, x, y);
      case MARKED_LINE -> {
        pen.line(x, y, x + SAMPLE, y, look.line());
        marker(pen, look, x, y);
      }
    }
  }

  private static void marker(Pen pen, Look look, double x, double y) {
    Color color = look.color();
    look.marker().draw(pen, x + SAMPLE / 2, y, look.radius(), color, look.filled());
  }
}
