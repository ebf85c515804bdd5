package dev.banyan.cli.charts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Named nodes and lines between them.
///
/// @param kinds what the looks of nodes mean
public record Graph(String title, List<Node> nodes, List<Link> links, Map<String, Look> kinds)
    implements Drawing {

  private static final double TOP = 14;
  private static final double LEVEL = 62;
  private static final double SIDE = 26;
  private static final Pen.Line LINE = new Pen.Line(Pen.FAINT, 1.2f);

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

  private double bottom() {
    return TOP + LEVEL * nodes.stream().mapToInt(Node::level).max().orElse(0) + 20;
  }

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    kinds.forEach((name, look) -> entries.add(new Legend.Entry(name, look, Legend.Kind.MARK)));
    return new Legend(entries);
  }

  @Override
  public int height() {
    return (int) Math.ceil(bottom() + legend().height() + 4);
  }

  private static double x(Node node) {
    return SIDE + node.x * (WIDTH - 2 * SIDE);
  }

  private static double y(Node node) {
    return TOP + LEVEL * node.level;
  }

  @Override
  public void draw(Pen pen) {
    for (Link link : links) {
      Node from = nodes.get(link.from);
      Node to = nodes.get(link.to);
      pen.line(x(from), y(from), x(to), y(to), LINE);
    }
    for (Node node : nodes) {
      node.look
          .marker()
          .draw(pen, x(node), y(node), node.look.radius(), node.look.color(), node.look.filled());
      switch (node.side) {
        case LEFT -> pen.text(node.name, x(node) - 8, y(node) - 2, Surface.Align.RIGHT, Pen.SIZE);
        case RIGHT -> pen.text(node.name, x(node) + 8, y(node) - 2, Surface.Align.LEFT, Pen.SIZE);
        case BELOW -> pen.text(node.name, x(node), y(node) + 15, Surface.Align.CENTER, Pen.SIZE);
      }
    }
    legend().draw(pen, bottom());
  }
}
