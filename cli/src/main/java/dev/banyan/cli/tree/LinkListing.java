package dev.banyan.cli.tree;

import dev.banyan.node.inspect.LinkFilter;
import dev.banyan.node.inspect.Topology;
import dev.banyan.node.text.SafeText;
import dev.banyan.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The links of a [Topology] as a table, one line each: what was chosen to say what the child wants, what that costs,
/// and how well it does.
public final class LinkListing {

  private static final List<String> HEAD =
      List.of(
          "parent",
          "child",
          "",
          "filter",
          "tags",
          "bytes",
          "version",
          "answered",
          "expected",
          "down",
          "unwanted",
          "measured",
          "up",
          "unwanted");

  /// Columns of text; the others are numbers.
  private static final int TEXTS = 4;

  private LinkListing() {}

  /// @param workers whether links to workers get a line too
  public static List<String> lines(Topology topology, boolean workers) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Message.SurveyAnswer router : topology.routers().values()) {
      for (Message.Neighbour child : router.children()) {
        if (workers || child.kind().routes()) {
          rows.add(row(router, child));
        }
      }
    }
    List<String> lines = new ArrayList<>(aligned(rows));
    lines.addAll(topology.silentLines());
    lines.replaceAll(SafeText::oneLine);
    return lines;
  }

  private static List<String> row(Message.SurveyAnswer router, Message.Neighbour child) {
    Message.LinkInterest interest = child.interest();
    LinkFilter filter = new LinkFilter(interest);
    var measured = LinkFilter.measured(child.unwantedOut(), child.framesOut());
    return List.of(
        router.node().toString(),
        child.node().toString(),
        child.kind().routes() ? "router" : "worker",
        filter.text(),
        count(interest.tags()),
        count(interest.sizeBytes()),
        count(interest.version()),
        count(interest.answered()),
        LinkFilter.percent(filter.falsePositiveRate()),
        count(child.framesOut()),
        count(child.unwantedOut()),
        measured.isPresent() ? LinkFilter.percent(measured.getAsDouble()) : "-",
        count(child.framesIn()),
        count(child.unwantedIn()));
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> aligned(row, widths)).toList();
  }

  private static String aligned(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(i < TEXTS ? row.get(i) + padding : padding + row.get(i));
    }
    return line.toString();
  }
}
