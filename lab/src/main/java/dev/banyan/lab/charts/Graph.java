package dev.banyan.lab.charts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/// Named nodes and lines between them.
///
/// @param kinds what the looks of nodes mean
public record Graph(String title, List<Node> nodes, List<Link> links, Map<String, Look> kinds)
    implements Drawing {

  /// From one level to the next, in points.
  private static final double LEVEL = 62;

  /// Above the uppermost nodes and below the lowest ones, in levels.
  private static final double ABOVE = 0.2;

  private static final double BELOW = 0.45;

  /// Beside the outermost nodes, as a share of the width between them.
  private static final double BESIDE = 0.06;

  /// From a node to its name.
  private static final double NAME_BESIDE = 0.016;

  private static final double NAME_BELOW = 0.13;

  /// @param x from 0 at the left to 1 at the right
  /// @param level from 0 at the top
  /// @param side where its name stands
  public record Node(String name, Look look, double x, int level, Side side) {}

  /// Of a node.
  public enum Side {
    LEFT,
    RIGHT,
    BELOW
  }

  /// Indices of nodes.
  public record Link(int from, int to) {}

  public Graph {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
    kinds = new LinkedHashMap<>(kinds);
  }

  private int lowest() {
    return nodes.stream().mapToInt(Node::level).max().orElse(0);
  }

  @Override
  public int plotHeight() {
    return (int) Math.ceil(LEVEL * (lowest() + ABOVE + BELOW));
  }

  @Override
  public Plot plot() {
    XYPlot plot = new XYPlot();
    Ink.dress(plot);
    plot.setRangeGridlinesVisible(false);
    plot.setDomainAxis(hidden(-BESIDE, 1 + BESIDE));
    plot.setRangeAxis(hidden(-lowest() - BELOW, ABOVE));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDataset(0, lines());
    plot.setRenderer(0, lineRenderer());
    XYSeriesCollection marks = new XYSeriesCollection();
    XYLineAndShapeRenderer markRenderer = new XYLineAndShapeRenderer(false, true);
    for (Map.Entry<String, Look> kind : kinds.entrySet()) {
      XYSeries series = new XYSeries(kind.getKey());
      nodes.stream()
          .filter(node -> node.look.equals(kind.getValue()))
          .forEach(node -> series.add(node.x, -node.level));
      kind.getValue().put(markRenderer, marks.getSeriesCount());
      marks.addSeries(series);
    }
    plot.setDataset(1, marks);
    plot.setRenderer(1, markRenderer);
    nodes.forEach(node -> plot.addAnnotation(name(node)));
    return plot;
  }

  private static NumberAxis hidden(double from, double to) {
    NumberAxis axis = new NumberAxis();
    axis.setVisible(false);
    axis.setRange(from, to);
    return axis;
  }

  /// One curve that is broken between two links.
  private XYSeriesCollection lines() {
    XYSeries series = new XYSeries("links", false, true);
    for (Link link : links) {
      for (int end : new int[] {link.from, link.to}) {
        series.add(nodes.get(end).x, -nodes.get(end).level);
      }
      series.add(nodes.get(link.to).x, Double.NaN);
    }
    return new XYSeriesCollection(series);
  }

  private static XYLineAndShapeRenderer lineRenderer() {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setSeriesPaint(0, Ink.FAINT);
    renderer.setSeriesStroke(0, Ink.line(1.2f));
    renderer.setSeriesVisibleInLegend(0, false);
    return renderer;
  }

  private static XYTextAnnotation name(Node node) {
    XYTextAnnotation name =
        switch (node.side) {
          case LEFT -> at(node, -NAME_BESIDE, 0, TextAnchor.BOTTOM_RIGHT);
          case RIGHT -> at(node, NAME_BESIDE, 0, TextAnchor.BOTTOM_LEFT);
          case BELOW -> at(node, 0, NAME_BELOW, TextAnchor.TOP_CENTER);
        };
    name.setFont(Ink.LETTERS);
    name.setPaint(Ink.DARK);
    return name;
  }

  private static XYTextAnnotation at(Node node, double right, double down, TextAnchor anchor) {
    XYTextAnnotation name = new XYTextAnnotation(node.name, node.x + right, -node.level - down);
    name.setTextAnchor(anchor);
    return name;
  }
}
