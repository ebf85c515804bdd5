package dev.banyan.studio.lab;

import dev.banyan.bench.FilterTable;
import dev.banyan.cli.console.UserError;
import dev.banyan.lab.claims.ClaimsFigure;
import dev.banyan.lab.figures.AllocationFigure;
import dev.banyan.lab.figures.Contender;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.FilterMemory;
import dev.banyan.lab.figures.HeartbeatFigure;
import dev.banyan.lab.figures.MassDeathFigure;
import dev.banyan.lab.figures.OwnFigure;
import dev.banyan.lab.figures.PublishedSimulator;
import dev.banyan.lab.figures.RealNode;
import dev.banyan.lab.figures.RedundancyFigure;
import dev.banyan.lab.figures.StretchFigure;
import dev.banyan.lab.figures.SweepFigures;
import dev.banyan.lab.figures.TopologyComparison;
import dev.banyan.lab.figures.TopologyFigure;
import dev.banyan.lab.figures.TreeOverTime;
import dev.banyan.lab.figures.YcsbFigure;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.tasks.NodeRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// All figures there are. A new one, or a new curve, is added here.
public final class FigureList {

  private FigureList() {}

  /// The node that ships: by the paper's rules, by its own but with tasks to whoever has the fewest, and as it is.
  private static List<RealNode> realNodes(RealNode.Span span) {
    return List.of(
        new RealNode("paper-rules", NodeRules.PAPER, span),
        new RealNode("banyan-no-reallocation", NodeRules.NO_REALLOCATION, span),
        new RealNode("banyan", NodeRules.BANYAN, span));
  }

  private static List<Contender> withPublished(RealNode.Span span) {
    List<Contender> contenders = new ArrayList<>(List.of(new PublishedSimulator()));
    contenders.addAll(realNodes(span));
    return contenders;
  }

  /// In the order of the paper.
  public static List<Figure> all() {
    List<Figure> all = new ArrayList<>(TreeOverTime.both());
    all.addAll(
        SweepFigures.of(
            withPublished(RealNode.Span.WHOLE),
            withPublished(RealNode.Span.SETTLED),
            List.copyOf(realNodes(RealNode.Span.SETTLED))));
    all.add(new TopologyFigure());
    all.add(new AllocationFigure());
    all.add(new FilterTable());
    all.add(new FilterMemory());
    all.add(new MassDeathFigure());
    all.add(new RedundancyFigure());
    all.add(new StretchFigure());
    all.add(new HeartbeatFigure());
    all.add(new YcsbFigure(realNodes(RealNode.Span.LAST_HALF)));
    all.add(new TopologyComparison());
    all.add(new ClaimsFigure());
    all.sort(Comparator.comparing(FigureList::place));
    return List.copyOf(all);
  }

  /// A configuration of the user's own.
  ///
  /// @param upwardPruning for all real nodes; if it is not said, each by its own rules, and the published simulator too
  public static Figure own(Setup setup, Optional<Boolean> upwardPruning) {
    return OwnFigure.of(setup, pruning(upwardPruning), ownContenders(upwardPruning));
  }

  /// Several, which differ in one thing.
  ///
  /// @param varied what that is
  /// @param setups by its value
  /// @param growing whether it is a size
  public static Figure own(
      String varied,
      SequencedMap<String, Setup> setups,
      boolean growing,
      Optional<Boolean> upwardPruning) {
    return OwnFigure.varying(
        varied, setups, growing, pruning(upwardPruning), ownContenders(upwardPruning));
  }

  private static String pruning(Optional<Boolean> upwardPruning) {
    return upwardPruning
        .map(pruned -> pruned ? ", pruned upward" : ", not pruned upward")
        .orElse("");
  }

  private static List<? extends Contender> ownContenders(Optional<Boolean> upwardPruning) {
    if (upwardPruning.isEmpty()) {
      return withPublished(RealNode.Span.WHOLE);
    }
    return realNodes(RealNode.Span.WHOLE).stream()
        .map(node -> node.withUpwardPruning(upwardPruning.get()))
        .toList();
  }

  /// Numbers by their size, then what has only a name.
  private static int place(Figure figure) {
    return figure.numbered() ? Integer.parseInt(figure.name()) : Integer.MAX_VALUE;
  }

  /// Those with the given names, each once, in the order of the paper; all if there are none.
  public static List<Figure> named(List<String> names) {
    List<Figure> all = all();
    if (names.isEmpty()) {
      return all;
    }
    List<String> wanted = new ArrayList<>();
    for (String name : names) {
      String bare = name.startsWith("figure") ? name.substring("figure".length()) : name;
      if (all.stream().noneMatch(figure -> figure.name().equals(bare))) {
        throw UserError.usage(
            "there is no figure '%s': there are %s, and own"
                .formatted(name, String.join(", ", all.stream().map(Figure::name).toList())));
      }
      wanted.add(bare);
    }
    return all.stream().filter(figure -> wanted.contains(figure.name())).toList();
  }
}
