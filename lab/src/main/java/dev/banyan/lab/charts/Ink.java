package dev.banyan.lab.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleInsets;

/// What all pictures have in common: letters, greys, thin lines.
final class Ink {

  static final Color DARK = new Color(0x20, 0x2a, 0x36);
  static final Color GRID = new Color(0xe3, 0xe6, 0xea);

  /// Behind what is looked at.
  static final Color FAINT = new Color(0xa0, 0xa6, 0xad);

  static final Font LETTERS = new Font(Font.SANS_SERIF, Font.PLAIN, 9);
  static final Font SMALL = LETTERS.deriveFont(8f);
  static final Font TITLE = LETTERS.deriveFont(11f);

  private static final Stroke EDGE = new BasicStroke(0.8f);
  private static final float FINE = 0.6f;
  private static final float TICK = 3.5f;

  /// Around a plot: the number at the end of an axis stands over its edge.
  private static final RectangleInsets AROUND = new RectangleInsets(8, 2, 2, 12);

  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);

  private Ink() {}

  /// Of words, in points.
  static double width(String words) {
    return LETTERS.getStringBounds(words, MEASURE).getWidth();
  }

  static void dress(XYPlot plot) {
    blank(plot);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(FINE));
  }

  static void dress(CategoryPlot plot) {
    blank(plot);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(FINE));
  }

  private static void blank(Plot plot) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setInsets(AROUND);
  }

  static void dress(Axis axis) {
    axis.setLabelFont(LETTERS);
    axis.setLabelPaint(DARK);
    axis.setTickLabelFont(LETTERS);
    axis.setTickLabelPaint(DARK);
    axis.setAxisLinePaint(DARK);
    axis.setAxisLineStroke(EDGE);
    axis.setTickMarkPaint(DARK);
    axis.setTickMarkStroke(EDGE);
    axis.setTickMarkOutsideLength(TICK);
    axis.setMinorTickMarkOutsideLength(TICK / 2);
  }

  /// @param dash lengths of line and gap in turn; none is a solid line
  static Stroke line(float width, float... dash) {
    return new BasicStroke(
        width,
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        1,
        dash.length == 0 ? null : dash.clone(),
        0);
  }
}
