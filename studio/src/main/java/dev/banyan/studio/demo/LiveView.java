package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tree as the members see it, drawn for a terminal: routers as branches, each with its workers on the lines below.
final class LiveView {

  private final Map<NodeId, String> names = new LinkedHashMap<>();
  private final int width;

  LiveView(int width) {
    this.width = width;
  }

  synchronized void name(NodeId node, String name) {
    names.put(node, name);
  }

  synchronized List<String> lines(Map<NodeId, Glimpse> seen, Cast cast) {
    List<String> lines = new ArrayList<>();
    Map<NodeId, List<Glimpse>> children = new LinkedHashMap<>();
    List<String> homeless = new ArrayList<>();
    for (Glimpse glimpse : seen.values()) {
      if (glimpse.kind() == NodeKind.ROOT) {
        continue;
      }
      boolean hasPlace = glimpse.placed() && glimpse.parent().filter(seen::containsKey).isPresent();
      if (hasPlace) {
        children.computeIfAbsent(glimpse.parent().get(), _ -> new ArrayList<>()).add(glimpse);
      } else {
        homeless.add(nameOf(glimpse.node()));
      }
    }
    for (Glimpse glimpse : seen.values()) {
      if (glimpse.kind() == NodeKind.ROOT) {
        lines.add(describe(glimpse));
        draw(glimpse.node(), "", children, lines);
      }
    }
    if (!homeless.isEmpty()) {
      lines.addAll(wrapped("looking for a place: ", homeless));
    }
    List<String> hung =
        cast.alive().stream().filter(member -> cast.isHung(member.id())).map(Member::name).toList();
    if (!hung.isEmpty()) {
      lines.addAll(wrapped("hanging: ", hung));
    }
    return lines;
  }

  private void draw(
      NodeId parent, String indent, Map<NodeId, List<Glimpse>> children, List<String> lines) {
    List<Glimpse> below = children.getOrDefault(parent, List.of());
    List<Glimpse> routers = below.stream().filter(child -> child.kind().routes()).toList();
    List<String> workers =
        below.stream()
            .filter(child -> !child.kind().routes())
            .map(child -> nameOf(child.node()))
            .toList();
    for (int i = 0; i < routers.size(); i++) {
      boolean last = i == routers.size() - 1 && workers.isEmpty();
      lines.add(indent + (last ? "└─ " : "├─ ") + describe(routers.get(i)));
      if (indent.length() < width / 2) {
        draw(routers.get(i).node(), indent + (last ? "   " : "│  "), children, lines);
      }
    }
    if (!workers.isEmpty()) {
      List<String> wrapped = wrapped(indent + "└─ ", workers);
      lines.add(wrapped.getFirst());
      wrapped.stream()
          .skip(1)
          .forEach(line -> lines.add(indent + "   " + line.substring(indent.length() + 3)));
    }
  }

  private String describe(Glimpse glimpse) {
    return nameOf(glimpse.node())
        + "  "
        + Counted.of(glimpse.clients(), "worker")
        + (glimpse.routers() == 0 ? "" : ", " + Counted.of(glimpse.routers(), "router"))
        + " below"
        + (glimpse.imbalance() == 0 ? "" : "  imbalance " + glimpse.imbalance());
  }

  private String nameOf(NodeId node) {
    return names.getOrDefault(node, node.toString());
  }

  /// Words behind a heading, as many on a line as fit; further lines are indented as far as the heading goes.
  private List<String> wrapped(String heading, List<String> words) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(heading);
    for (String word : words) {
      if (line.length() + word.length() + 1 > width && line.length() > heading.length()) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(heading.length()));
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString());
    return lines;
  }
}
