package dev.banyan.lab.charts;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RectangularShape;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.renderer.category.BarPainter;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/// Bars in groups, one group for each name on the x axis.
///
/// @param groups names on the x axis
public record BarChart(
    String title, String xTitle, String yTitle, List<String> groups, List<Series> series)
    implements Drawing {

  /// Of a group's width, left free.
  private static final double FREE = 0.2;

  private static final double BETWEEN_BARS = 0.04;
  private static final float EDGE = 0.7f;
  private static final double SAMPLE_WIDTH = 16;
  private static final double SAMPLE_HEIGHT = 9;
  private static final Color NOTHING = new Color(255, 255, 255, 0);

  /// Bars of one kind, a value for each group; NaN where there is none.
  ///
  /// @param spread to both sides of each value
  public record Series(String name, Look look, double[] values, double[] spread) {}

  public BarChart {
    groups = List.copyOf(groups);
    series = List.copyOf(series);
  }

  @Override
  public int plotHeight() {
    return USUAL_HEIGHT;
  }

  @Override
  public Plot plot() {
    CategoryAxis names = new CategoryAxis(xTitle);
    Ink.dress(names);
    names.setTickMarksVisible(false);
    names.setLowerMargin(0.01);
    names.setUpperMargin(0.01);
    names.setCategoryMargin(FREE);
    CategoryPlot plot = new CategoryPlot();
    Ink.dress(plot);
    plot.setDomainAxis(names);
    plot.setRangeAxis(y().drawn());
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDataset(0, data());
    plot.setRenderer(0, bars());
    plot.setDataset(1, data());
    plot.setRenderer(1, spreads());
    return plot;
  }

  private Axis y() {
    List<Double> tops = new ArrayList<>();
    for (Series each : series) {
      for (int i = 0; i < each.values.length; i++) {
        if (Double.isFinite(each.values[i])) {
          tops.add(each.values[i] + each.spread[i]);
        }
      }
    }
    return Axis.fromZero(yTitle, tops);
  }

  private DefaultStatisticalCategoryDataset data() {
    DefaultStatisticalCategoryDataset data = new DefaultStatisticalCategoryDataset();
    for (Series each : series) {
      for (int i = 0; i < groups.size(); i++) {
        boolean there = Double.isFinite(each.values[i]);
        // Named even where there is no bar, so that groups keep their order.
        data.add(
            there ? each.values[i] : null, there ? each.spread[i] : null, each.name, groups.get(i));
      }
    }
    return data;
  }

  private BarRenderer bars() {
    BarRenderer bars = new BarRenderer();
    bars.setBarPainter(new Hatching());
    bars.setShadowVisible(false);
    bars.setItemMargin(BETWEEN_BARS);
    for (int i = 0; i < series.size(); i++) {
      Look look = series.get(i).look;
      bars.setSeriesPaint(i, look.shade());
      bars.setSeriesOutlinePaint(i, look.color());
      bars.setLegendShape(
          i,
          look.hatched(
              new Rectangle2D.Double(
                  -SAMPLE_WIDTH / 2, -SAMPLE_HEIGHT / 2, SAMPLE_WIDTH, SAMPLE_HEIGHT)));
    }
    return bars;
  }

  /// The same bars again, of which nothing is seen but the spread.
  private BarRenderer spreads() {
    StatisticalBarRenderer spreads = new StatisticalBarRenderer();
    spreads.setItemMargin(BETWEEN_BARS);
    spreads.setErrorIndicatorPaint(Ink.DARK);
    spreads.setErrorIndicatorStroke(Ink.line(EDGE));
    for (int i = 0; i < series.size(); i++) {
      spreads.setSeriesPaint(i, NOTHING);
      spreads.setSeriesVisibleInLegend(i, false);
    }
    return spreads;
  }

  /// Fills bars with the stripes of their series.
  private final class Hatching implements BarPainter {

    @Override
    public void paintBar(
        Graphics2D g2,
        BarRenderer renderer,
        int row,
        int column,
        RectangularShape bar,
        RectangleEdge base) {
      g2.setPaint(renderer.getItemPaint(row, column));
      g2.fill(series.get(row).look.hatched(bar.getBounds2D()));
      g2.setPaint(renderer.getItemOutlinePaint(row, column));
      g2.setStroke(Ink.line(EDGE));
      g2.draw(bar);
    }

    @Override
    public void paintBarShadow(
        Graphics2D g2,
        BarRenderer renderer,
        int row,
        int column,
        RectangularShape bar,
        RectangleEdge base,
        boolean pegged) {
      // Print has no shadows.
    }
  }
}
