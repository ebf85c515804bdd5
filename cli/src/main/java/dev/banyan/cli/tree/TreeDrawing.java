package dev.banyan.cli.tree;

import dev.banyan.node.inspect.Topology;
import dev.banyan.node.text.SafeText;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Draws a [Topology] for a terminal: a line per node, branches of box characters.
///
/// @param workers whether workers get a line each; otherwise each router says how many it has
/// @param earlier an earlier survey, to tell rates by
public record TreeDrawing(boolean workers, Optional<Topology> earlier) {

  public List<String> lines(Topology topology) {
    List<String> lines = new ArrayList<>();
    Message.SurveyAnswer root = topology.routers().get(topology.root());
    if (root == null) {
      return lines;
    }
    lines.add(
        (root.kind() == NodeKind.ROOT ? "root " : "router ")
            + root.node()
            + " "
            + root.address()
            + (root.rooted() ? "" : "  NO ROOT ABOVE")
            + "  "
            + subtree(root.clients(), root.routers()));
    Set<NodeId> drawn = new HashSet<>();
    drawn.add(root.node());
    drawChildren(topology, root, "", 1, drawn, lines);
    lines.addAll(topology.silentLines());
    lines.replaceAll(SafeText::oneLine);
    return lines;
  }

  private void drawChildren(
      Topology topology,
      Message.SurveyAnswer parent,
      String indent,
      int depth,
      Set<NodeId> drawn,
      List<String> lines) {
    List<Message.Neighbour> children =
        parent.children().stream()
            .filter(child -> workers || child.kind().routes())
            .sorted(Comparator.comparing((Message.Neighbour child) -> !child.kind().routes()))
            .toList();
    int hidden = parent.children().size() - children.size();
    for (int i = 0; i < children.size(); i++) {
      Message.Neighbour child = children.get(i);
      boolean last = i == children.size() - 1 && hidden == 0;
      lines.add(indent + (last ? "└─ " : "├─ ") + describe(topology, parent.node(), child, depth));
      Optional<Message.SurveyAnswer> below = topology.answerOf(child.node());
      if (below.isPresent() && drawn.add(child.node())) {
        drawChildren(
            topology, below.get(), indent + (last ? "   " : "│  "), depth + 1, drawn, lines);
      }
    }
    if (hidden > 0) {
      lines.add(indent + "└─ " + hidden + (hidden == 1 ? " worker" : " workers"));
    }
  }

  private String describe(Topology topology, NodeId parent, Message.Neighbour child, int depth) {
    StringBuilder line = new StringBuilder();
    line.append(child.kind().routes() ? "router " : "worker ").append(child.node());
    if (child.kind().routes()) {
      line.append(' ').append(child.address());
      line.append("  ").append(subtree(child.clients(), child.routers()));
    }
    line.append("  depth ").append(depth);
    line.append("  tags ").append(child.interest().tags());
    line.append("  ").append(traffic(topology, parent, child));
    line.append("  heard ").append(age(child.heartbeatAgeMicros())).append(" ago");
    Message.Condition condition = child.condition();
    if (condition.congested()) {
      line.append("  CONGESTED");
      if (condition.takesBytesPerSecond() > 0) {
        line.append(", takes ").append(rate(condition.takesBytesPerSecond()));
      }
    }
    if (condition.silent()) {
      line.append("  SILENT");
    }
    if (condition.dialable() == Dialable.NO) {
      line.append("  UNREACHABLE");
    }
    return line.toString();
  }

  private String traffic(Topology topology, NodeId parent, Message.Neighbour child) {
    return earlier
        .flatMap(before -> topology.rate(before, parent, child))
        .map(rate -> String.format(Locale.ROOT, "%.1f msg/s", rate))
        .orElseGet(() -> child.framesOut() + " down, " + child.framesIn() + " up");
  }

  private static String subtree(int clients, int routers) {
    return clients
        + (clients == 1 ? " worker, " : " workers, ")
        + routers
        + (routers == 1 ? " router below" : " routers below");
  }

  private static String rate(long bytesPerSecond) {
    return bytesPerSecond < 10_000_000
        ? (bytesPerSecond + 999) / 1_000 + " kB/s"
        : bytesPerSecond / 1_000_000 + " MB/s";
  }

  private static String age(long micros) {
    return micros < 1_000_000
        ? micros / 1_000 + " ms"
        : String.format(Locale.ROOT, "%.1f s", micros / 1e6);
  }
}
