package dev.banyan.cli.charts;

import dev.banyan.cli.charts.Surface.Align;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/// Lines, areas and words, in points, y downwards.
public final class Pen {

  /// Of most words.
  static final float SIZE = 9;

  static final Color INK = new Color(0x20, 0x2a, 0x36);
  static final Color GRID = new Color(0xe3, 0xe6, 0xea);

  /// Behind what is looked at.
  static final Color FAINT = new Color(0xa0, 0xa6, 0xad);

  /// How a line is drawn.
  ///
  /// @param dash lengths of line and gap in turn; none is a solid line
  record Line(Color color, float width, float... dash) {}

  private final Surface to;

  Pen(Surface to) {
    this.to = to;
  }

  static double width(String words, float size) {
    return Letters.width(words, size);
  }

  void line(double x1, double y1, double x2, double y2, Line line) {
    stroke(new Line2D.Double(x1, y1, x2, y2), line);
  }

  void stroke(Shape shape, Line line) {
    to.stroke(shape, line.color, line.width, line.dash);
  }

  void fill(Shape shape, Color color) {
    to.fill(shape, color);
  }

  /// Parallel slanted lines in a rectangle.
  ///
  /// @param slope of the lines: 1 falls, -1 rises
  void hatch(Rectangle2D area, int slope, double gap, Line line) {
    double height = area.getHeight();
    for (double at = area.getX() - height; at < area.getMaxX(); at += gap) {
      // From (at, top or bottom) across the height, cut at both sides.
      double from = Math.max(0, area.getX() - at);
      double until = Math.min(height, area.getMaxX() - at);
      if (from < until) {
        double y1 = slope > 0 ? area.getY() + from : area.getMaxY() - from;
        double y2 = slope > 0 ? area.getY() + until : area.getMaxY() - until;
        line(at + from, y1, at + until, y2, line);
      }
    }
  }

  /// @param y of the line that letters stand on
  void text(String words, double x, double y, Align align, float size) {
    to.text(new Surface.Text(words, x, y, align, size, false));
  }

  /// Reads from bottom to top.
  ///
  /// @param y of its middle
  void upright(String words, double x, double y, float size) {
    to.text(new Surface.Text(words, x, y, Align.CENTER, size, true));
  }
}
