package dev.banyan.lab.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.plot.DefaultDrawingSupplier;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;

/// How a series is told from the others, on paper without colour, too: by colour and marker whose it is, by dashes and
/// filling what of it.
///
/// @param who counts those that are compared, from 0
/// @param what counts what is drawn of each, from 0
public record Look(int who, int what) {

  /// Okabe and Ito's, which people with any vision of colours tell apart; black first, yellow not.
  private static final List<Color> COLORS =
      List.of(
          new Color(0x33, 0x33, 0x33),
          new Color(0x00, 0x72, 0xb2),
          new Color(0xd5, 0x5e, 0x00),
          new Color(0x00, 0x9e, 0x73),
          new Color(0xaa, 0x33, 0x88),
          new Color(0x56, 0xb4, 0xe9),
          new Color(0xe6, 0x9f, 0x00),
          new Color(0x88, 0x88, 0x88));

  private static final Shape[] SHAPES = DefaultDrawingSupplier.createStandardSeriesShapes();

  /// Half the width of those.
  private static final double RADIUS = 3;

  /// Square, circle, triangle, diamond, triangles that point down, to the left and to the right, and a pillar: flat ones
  /// are hard to see on a line.
  private static final int[] MARKERS = {0, 1, 2, 3, 5, 9, 7, 8};

  private static final float[][] DASHES = {{}, {5, 2.5f}, {1.5f, 2}, {6, 2, 1.5f, 2}};

  /// The first ones larger, so that they are seen where another lies on them.
  private static final double LARGEST = 4.4;

  private static final double SMALLER = 0.5;
  private static final double SMALLEST = 2.8;
  private static final float WIDEST = 2.4f;
  private static final float NARROWER = 0.6f;
  private static final float NARROWEST = 1.1f;
  private static final float EDGE = 1;
  private static final int SAMPLE = 12;

  /// Share of white in the second and third shade of a bar.
  private static final double[] WHITE = {0, 0.45, 0.75};

  private static final double HATCH_GAP = 4.5;
  private static final float HATCH_WIDTH = 0.9f;

  Color color() {
    return COLORS.get(who % COLORS.size());
  }

  /// Around (0, 0).
  Shape marker() {
    double scale = Math.max(SMALLEST, LARGEST - SMALLER * who) / RADIUS;
    return AffineTransform.getScaleInstance(scale, scale)
        .createTransformedShape(SHAPES[MARKERS[who % MARKERS.length]]);
  }

  boolean filled() {
    return what % 2 == 0;
  }

  Stroke line() {
    return Ink.line(Math.max(NARROWEST, WIDEST - NARROWER * who), DASHES[what % DASHES.length]);
  }

  /// Has a series of a renderer look so.
  void put(XYLineAndShapeRenderer renderer, int series) {
    renderer.setSeriesPaint(series, color());
    renderer.setSeriesStroke(series, line());
    renderer.setSeriesShape(series, marker());
    renderer.setUseFillPaint(true);
    renderer.setSeriesFillPaint(series, filled() ? color() : Color.WHITE);
    renderer.setDrawOutlines(true);
    renderer.setUseOutlinePaint(true);
    renderer.setSeriesOutlinePaint(series, filled() ? Color.WHITE : color());
    renderer.setSeriesOutlineStroke(series, Ink.line(filled() ? EDGE / 2 : EDGE));
    renderer.setLegendLine(new Line2D.Double(-SAMPLE, 0, SAMPLE, 0));
  }

  /// Of a bar.
  Color shade() {
    double white = WHITE[what % WHITE.length];
    return new Color(
        mix(color().getRed(), white),
        mix(color().getGreen(), white),
        mix(color().getBlue(), white));
  }

  private static int mix(int part, double white) {
    return (int) Math.round(part + (255 - part) * white);
  }

  /// What of a bar is filled: all of it, or all but slanted stripes, which rise for one and fall for the next.
  Shape hatched(Rectangle2D bar) {
    int slope = who % 3;
    if (slope == 0) {
      return bar;
    }
    Path2D lines = new Path2D.Double();
    double height = bar.getHeight();
    for (double x = bar.getX() - height; x < bar.getMaxX(); x += HATCH_GAP) {
      lines.append(
          slope == 1
              ? new Line2D.Double(x, bar.getMaxY(), x + height, bar.getY())
              : new Line2D.Double(x, bar.getY(), x + height, bar.getMaxY()),
          false);
    }
    Area filled = new Area(bar);
    filled.subtract(new Area(new BasicStroke(HATCH_WIDTH).createStrokedShape(lines)));
    return filled;
  }
}
