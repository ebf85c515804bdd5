package dev.banyan.cli.tree;

import dev.banyan.node.inspect.Explanation;
import dev.banyan.node.inspect.LinkFilter;
import dev.banyan.node.inspect.Topology;
import dev.banyan.node.text.SafeText;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.KeyTag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Draws an [Explanation] for a terminal: the tree, each link with a mark and the reason.
///
/// @param all whether workers to which an update does not go get a line each
public record ExplanationDrawing(boolean all) {

  private static final String LEGEND =
      "● carried and wanted  ◌ carried for nothing  ? carried, and nobody could say  · not carried";

  public List<String> lines(Explanation explanation) {
    List<String> lines = new ArrayList<>();
    Topology topology = explanation.topology();
    topology
        .answerOf(topology.root())
        .ifPresent(top -> {
          lines.add(
              (top.kind() == NodeKind.ROOT ? "root " : "router ")
                  + top.node()
                  + " "
                  + top.address()
                  + (top.kind() == NodeKind.ROOT ? "" : upward(explanation, top.node())));
          Set<NodeId> drawn = new HashSet<>();
          drawn.add(top.node());
          drawChildren(explanation, top, "", drawn, lines);
        });
    lines.addAll(topology.silentLines());
    explanation
        .silentWorkers()
        .forEach((node, why) -> lines.add("no answer from worker " + node + ": " + why));
    lines.add(LEGEND);
    lines.add(summary(explanation));
    lines.replaceAll(SafeText::oneLine);
    return lines;
  }

  private static String summary(Explanation explanation) {
    long wanted = explanation.count(Explanation.Verdict.WANTED);
    long useless = explanation.count(Explanation.Verdict.FALSE_POSITIVE);
    long unclear = explanation.count(Explanation.Verdict.UNCERTAIN);
    return "%d of %d links carry an update of %s down: %d wanted, %d for nothing, %d unknown"
        .formatted(
            wanted + useless + unclear,
            explanation.judgements().size(),
            SafeText.escaped(explanation.key().getFirst().name()),
            wanted,
            useless,
            unclear);
  }

  private void drawChildren(
      Explanation explanation,
      Message.SurveyAnswer parent,
      String indent,
      Set<NodeId> drawn,
      List<String> lines) {
    List<Message.Neighbour> children =
        parent.children().stream()
            .filter(child -> all || child.kind().routes() || child.interest().carries() != 0)
            .sorted(Comparator.comparing((Message.Neighbour child) -> !child.kind().routes()))
            .toList();
    int hidden = parent.children().size() - children.size();
    for (int i = 0; i < children.size(); i++) {
      Message.Neighbour child = children.get(i);
      boolean last = i == children.size() - 1 && hidden == 0;
      lines.add(indent + (last ? "└─ " : "├─ ") + describe(explanation, parent.node(), child));
      explanation
          .topology()
          .answerOf(child.node())
          .ifPresent(below -> {
            if (drawn.add(child.node())) {
              drawChildren(explanation, below, indent + (last ? "   " : "│  "), drawn, lines);
            }
          });
    }
    if (hidden > 0) {
      lines.add(indent + "└─ · " + hidden + (hidden == 1 ? " worker" : " workers"));
    }
  }

  private static String describe(Explanation explanation, NodeId parent, Message.Neighbour child) {
    Explanation.Judgement judgement =
        explanation
            .of(parent, child.node())
            .orElse(new Explanation.Judgement(child.interest().carries(), 0, false));
    String node =
        child.kind().routes()
            ? "router " + child.node() + " " + child.address()
            : "worker " + child.node();
    return mark(judgement.verdict())
        + " "
        + node
        + "  "
        + reason(explanation, judgement, child.interest())
        + upward(explanation, child.node());
  }

  private static String mark(Explanation.Verdict verdict) {
    return switch (verdict) {
      case NOT_CARRIED -> "·";
      case WANTED -> "●";
      case FALSE_POSITIVE -> "◌";
      case UNCERTAIN -> "?";
    };
  }

  private static String reason(
      Explanation explanation, Explanation.Judgement judgement, Message.LinkInterest interest) {
    LinkFilter filter = new LinkFilter(interest);
    String which = " (" + filter.text() + ", version " + interest.version() + ")";
    return switch (judgement.verdict()) {
      case NOT_CARRIED -> "not wanted" + which;
      case WANTED ->
          "wants "
              + (interest.all() ? "everything" : names(explanation.key(), judgement.wanted()))
              + which;
      case FALSE_POSITIVE ->
          names(explanation.key(), judgement.carried())
              + " passes for wanted"
              + which
              + ", nobody below wants it";
      case UNCERTAIN ->
          names(explanation.key(), judgement.carried())
              + " passes for wanted"
              + which
              + odds(filter.falsePositiveRate());
    };
  }

  private static String odds(double rate) {
    return rate == 0
        ? ", who below could not be asked"
        : String.format(Locale.ROOT, ", perhaps for nothing (1 key in %,.0f is)", 1 / rate);
  }

  private static String names(List<KeyTag> key, long mask) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      if ((mask >>> i & 1) != 0) {
        names.add(name(key.get(i)));
      }
    }
    return String.join(", ", names);
  }

  private static String name(KeyTag tag) {
    return tag.prefix() ? "prefix " + SafeText.escaped(tag.name()) : "the key";
  }

  /// What becomes there of an update from below; nothing where nobody has said.
  private static String upward(Explanation explanation, NodeId node) {
    return explanation
        .saidBy(node)
        .filter(said -> said.upward().size() == explanation.key().size())
        .map(said -> "  up: " + upward(explanation.key(), said))
        .orElse("");
  }

  private static String upward(List<KeyTag> key, Message.NodeInterest said) {
    for (int i = 0; i < key.size(); i++) {
      Message.Upward each = said.upward().get(i);
      if (each != Message.Upward.UNWANTED) {
        return upward(name(key.get(i)), each);
      }
    }
    return "stops, nobody outside wants it, as answered for version " + said.answered();
  }

  private static String upward(String tag, Message.Upward why) {
    return switch (why) {
      case UNWANTED -> "stops, nobody outside wants it";
      case NO_PARENT -> "stops, there is no parent";
      case UNKNOWN -> "goes on, " + tag + " was never asked about from here";
      case UNANSWERED -> "goes on, " + tag + " is not answered yet";
      case WANTED -> "goes on, " + tag + " is wanted outside";
      case EVERYTHING -> "goes on, somebody outside wants everything";
      case INBOX -> "goes on, " + tag + " is an inbox";
      case RULE -> "goes on, as everything does here";
    };
  }
}
