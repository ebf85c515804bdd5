package dev.banyan.cli.charts;

import java.util.List;
import java.util.Optional;

/// The axes around a plot, and where in the picture a place between them is.
///
/// @param left edge of the plot, in points; the others likewise
/// @param top edge
/// @param right edge
/// @param bottom edge
record Frame(double left, double top, double right, double bottom) {

  private static final double PLOT = 236;
  private static final double TICK = 3.5;
  private static final double TITLE = 13;
  private static final double TOP = 8;
  private static final double NUMBERS = 14;
  private static final Pen.Line EDGE = new Pen.Line(Pen.INK, 0.8f);
  private static final Pen.Line FINE = new Pen.Line(Pen.GRID, 0.6f);

  /// With room for the numbers and titles of these axes.
  static Frame around(Axis x, Axis y, Optional<Axis> right) {
    double overhang =
        x.marked().isEmpty() ? 0 : Pen.width(x.label(x.marked().getLast()), Pen.SIZE) / 2;
    double beside =
        right.map(axis -> TICK + 3 + widest(axis) + TITLE + 6).orElse(Math.max(12, overhang));
    return new Frame(TITLE + 5 + widest(y) + 3 + TICK, TOP, Drawing.WIDTH - beside, TOP + PLOT);
  }

  /// Over names.
  static Frame around(Axis y) {
    return new Frame(TITLE + 5 + widest(y) + 3 + TICK, TOP, Drawing.WIDTH - 12.0, TOP + PLOT);
  }

  private static double widest(Axis axis) {
    return axis.marked().stream()
        .mapToDouble(value -> Pen.width(axis.label(value), Pen.SIZE))
        .max()
        .orElse(0);
  }

  /// The upper edge of what may stand below the title of the axis.
  double below() {
    return bottom + TICK + NUMBERS + TITLE + 3;
  }

  double x(double place) {
    return left + place * (right - left);
  }

  double y(double place) {
    return bottom - place * (bottom - top);
  }

  void drawY(Pen pen, Axis axis) {
    for (double value : axis.marked()) {
      double y = y(axis.place(value));
      pen.line(left, y, right, y, FINE);
      pen.line(left - TICK, y, left, y, EDGE);
      pen.text(axis.label(value), left - TICK - 3, y + 3, Surface.Align.RIGHT, Pen.SIZE);
    }
    pen.line(left, top, left, bottom, EDGE);
    pen.upright(axis.title(), TITLE, (top + bottom) / 2, Pen.SIZE);
  }

  void drawRight(Pen pen, Axis axis) {
    for (double value : axis.marked()) {
      double y = y(axis.place(value));
      pen.line(right, y, right + TICK, y, EDGE);
      pen.text(axis.label(value), right + TICK + 3, y + 3, Surface.Align.LEFT, Pen.SIZE);
    }
    pen.line(right, top, right, bottom, EDGE);
    pen.upright(axis.title(), Drawing.WIDTH - 5.0, (top + bottom) / 2, Pen.SIZE);
  }

  /// Numbers that would run into the one before are left out.
  void drawX(Pen pen, Axis axis) {
    double free = Double.NEGATIVE_INFINITY;
    for (double value : axis.marked()) {
      double x = x(axis.place(value));
      String label = axis.label(value);
      double half = Pen.width(label, Pen.SIZE) / 2;
      pen.line(x, bottom, x, bottom + TICK, EDGE);
      if (x - half > free) {
        pen.text(label, x, bottom + TICK + 10, Surface.Align.CENTER, Pen.SIZE);
        free = x + half + 3;
      }
    }
    drawBottom(pen, axis.title());
  }

  /// One name below each equal part of the axis.
  void drawNames(Pen pen, String title, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      pen.text(
          names.get(i),
          x((i + 0.5) / names.size()),
          bottom + TICK + 10,
          Surface.Align.CENTER,
          Pen.SIZE);
    }
    drawBottom(pen, title);
  }

  private void drawBottom(Pen pen, String title) {
    pen.line(left, bottom, right, bottom, EDGE);
    pen.text(
        title,
        (left + right) / 2,
        bottom + TICK + NUMBERS + TITLE - 3,
        Surface.Align.CENTER,
        Pen.SIZE);
  }
}
