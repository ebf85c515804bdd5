package dev.banyan.lab.report;

import dev.banyan.lab.charts.Graph;
import dev.banyan.lab.charts.Look;
import dev.banyan.lab.figures.Row;
import dev.banyan.lab.figures.TopologyFigure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A tree: the root on top, workers at the bottom, a line for each link.
final class TreeChart {

  private static final Look ROOT = new Look(0, 0);
  private static final Look ROUTER = new Look(1, 0);
  private static final Look WORKER = new Look(2, 0);

  private record Node(int number, int parent, int depth, boolean routes) {

    String name() {
      return parent < 0 ? "root" : (routes ? "router " : "worker ") + number;
    }

    Look look() {
      return parent < 0 ? ROOT : routes ? ROUTER : WORKER;
    }
  }

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

  /// Where no line is: away from the parent.
  private Graph.Side side(Node node) {
    if (!node.routes) {
      return Graph.Side.BELOW;
    }
    double parent = places.getOrDefault(node.parent, Double.NEGATIVE_INFINITY);
    return places.getOrDefault(node.number, 0.0) < parent ? Graph.Side.LEFT : Graph.Side.RIGHT;
  }

  Graph drawing(String title) {
    double last = Math.max(1, nextPlace - 1);
    Map<Integer, Integer> indices = new LinkedHashMap<>();
    nodes.forEach(node -> indices.put(node.number, indices.size()));
    List<Graph.Node> drawn = new ArrayList<>();
    List<Graph.Link> links = new ArrayList<>();
    for (Node node : nodes) {
      double x = places.getOrDefault(node.number, 0.0) / last;
      drawn.add(new Graph.Node(node.name(), node.look(), x, node.depth, side(node)));
      Integer parent = indices.get(node.parent);
      if (parent != null) {
        links.add(new Graph.Link(parent, drawn.size() - 1));
      }
    }
    Map<String, Look> kinds = new LinkedHashMap<>();
    kinds.put("root", ROOT);
    kinds.put("router", ROUTER);
    kinds.put("worker", WORKER);
    return new Graph(title, drawn, links, kinds);
  }
}
