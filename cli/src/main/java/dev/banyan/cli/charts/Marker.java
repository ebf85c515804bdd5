package dev.banyan.cli.charts;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/// What stands at the points of a curve.
public enum Marker {
  SQUARE(-1, -1, 1, -1, 1, 1, -1, 1),
  TRIANGLE(0, -1.2, 1.15, 0.9, -1.15, 0.9),
  CIRCLE(),
  DIAMOND(0, -1.4, 1.4, 0, 0, 1.4, -1.4, 0),
  TRIANGLE_DOWN(0, 1.2, 1.15, -0.9, -1.15, -0.9),
  PENTAGON(0, -1.2, 1.14, -0.37, 0.7, 0.97, -0.7, 0.97, -1.14, -0.37),
  BAR(-1.3, -0.55, 1.3, -0.55, 1.3, 0.55, -1.3, 0.55),
  PILLAR(-0.55, -1.3, 0.55, -1.3, 0.55, 1.3, -0.55, 1.3);

  private static final float EDGE = 1;

  private final double[] corners;

  Marker(double... corners) {
    this.corners = corners;
  }

  /// @param radius half of its width, about
  /// @param filled with its colour; else with white
  void draw(Pen pen, double x, double y, double radius, Color color, boolean filled) {
    Shape shape = shape(x, y, radius);
    pen.fill(shape, filled ? color : Color.WHITE);
    pen.stroke(shape, new Pen.Line(filled ? Color.WHITE : color, filled ? EDGE / 2 : EDGE));
  }

  private Shape shape(double x, double y, double radius) {
    if (corners.length == 0) {
      return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    Path2D path = new Path2D.Double();
    for (int i = 0; i < corners.length; i += 2) {
      double atX = x + radius * corners[i];
      double atY = y + radius * corners[i + 1];
      if (i == 0) {
        path.moveTo(atX, atY);
      } else {
        path.lineTo(atX, atY);
      }
    }
    path.closePath();
    return path;
  }
}
