package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.geom.Rectangle2D;

/// One bar of a chart, or its sample in the legend.
final class Bar {

  private static final double HATCH_GAP = 4.5;
  private static final float HATCH_WIDTH = 0.9f;
  private static final float EDGE = 0.7f;

  private Bar() {}

  static void draw(Pen pen, Rectangle2D area, Look look) {
    pen.fill(area, look.shade());
    if (look.hatching() != 0) {
      pen.hatch(area, look.hatching(), HATCH_GAP, new Pen.Line(Color.WHITE, HATCH_WIDTH));
    }
    pen.stroke(area, new Pen.Line(look.color(), EDGE));
  }
}
