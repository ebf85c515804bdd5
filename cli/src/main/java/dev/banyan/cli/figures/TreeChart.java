package dev.banyan.cli.figures;

import dev.banyan.sim.figures.Row;
import dev.banyan.sim.figures.TopologyFigure;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws a tree: the root on top, workers at the bottom, a line for each link.
final class TreeChart {

  private static final double LABEL_BELOW = 0.22;

  /// Beside a router no link is above it on the outer side, but one below.
  private static final double LABEL_ASIDE = 0.42;

  private static final double LABEL_ABOVE = 0.06;

  private record Node(int number, int parent, int depth, boolean routes) {}

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Double> places = new TreeMap<>();
  private double nextPlace;

  /// @param rows of a [TopologyFigure]
  TreeChart(List<Row> rows) {
    Map<Integer, Map<String, Integer>> byNode = new TreeMap<>();
    for (Row row : rows) {
      byNode
          .computeIfAbsent(Integer.valueOf(row.x()), k -> new TreeMap<>())
          .put(row.metric(), (int) row.mean());
    }
    byNode.forEach((number, values) ->
        nodes.add(
            new Node(
                number,
                values.getOrDefault(TopologyFigure.PARENT, -1),
                values.getOrDefault(TopologyFigure.DEPTH, 0),
                values.getOrDefault(TopologyFigure.ROUTES, 0) > 0)));
    nodes.stream().filter(node -> node.parent < 0).forEach(this::place);
  }

  /// Leaves side by side, everybody else over the middle of its children.
  private double place(Node node) {
    List<Node> children = nodes.stream().filter(child -> child.parent == node.number).toList();
    double at = 0;
    if (children.isEmpty()) {
      at = nextPlace++;
    } else {
      for (Node child : children) {
        at += place(child) / children.size();
      }
    }
    places.put(node.number, at);
    return at;
  }

  XYChart chart(String title) {
    XYChart chart =
        new XYChartBuilder().width(Pictures.WIDTH).height(Pictures.HEIGHT).title(title).build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setAxisTicksVisible(false);
    chart.getStyler().setPlotGridLinesVisible(false);
    chart.getStyler().setXAxisMin(-0.7);
    chart.getStyler().setXAxisMax(nextPlace - 0.3);
    chart.getStyler().setYAxisMin(-deepest() - 0.5);
    chart.getStyler().setYAxisMax(0.3);
    chart.getStyler().setAnnotationTextFontColor(Pictures.INK);
    for (Node node : nodes) {
      if (node.parent >= 0) {
        link(chart, node);
      }
    }
    kind(chart, "root", nodes.stream().filter(node -> node.parent < 0).toList());
    kind(chart, "routers", nodes.stream().filter(node -> node.parent >= 0 && node.routes).toList());
    kind(chart, "workers", nodes.stream().filter(node -> !node.routes).toList());
    return chart;
  }

  private int deepest() {
    return nodes.stream().mapToInt(Node::depth).max().orElse(0);
  }

  private void link(XYChart chart, Node node) {
    XYSeries line =
        chart.addSeries(
            "link " + node.number,
            new double[] {placeOf(node.number), placeOf(node.parent)},
            new double[] {-node.depth, 1.0 - node.depth});
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(Pictures.FAINT);
    line.setLineStyle(SeriesLines.SOLID);
    line.setLineWidth(1.8f);
    line.setShowInLegend(false);
  }

  private double placeOf(int number) {
    return places.getOrDefault(number, 0.0);
  }

  private void kind(XYChart chart, String name, List<Node> some) {
    if (some.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            name,
            some.stream().mapToDouble(node -> placeOf(node.number)).toArray(),
            some.stream().mapToDouble(node -> -node.depth).toArray());
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(markerOf(name));
    series.setMarkerColor(colorOf(name));
    for (Node node : some) {
      double x = placeOf(node.number) + (node.routes ? LABEL_ASIDE : 0);
      double y = -node.depth + (node.routes ? LABEL_ABOVE : -LABEL_BELOW);
      String label = node.parent < 0 ? name : singular(name) + " " + node.number;
      chart.addAnnotation(new AnnotationText(label, x, y, false));
    }
  }

  private static String singular(String name) {
    return name.substring(0, name.length() - 1);
  }

  private static Marker markerOf(String name) {
    return name.equals("workers") ? SeriesMarkers.CIRCLE : SeriesMarkers.SQUARE;
  }

  private static Color colorOf(String name) {
    return switch (name) {
      case "root" -> Pictures.RED;
      case "routers" -> Pictures.BLUE;
      default -> Pictures.INK;
    };
  }
}
