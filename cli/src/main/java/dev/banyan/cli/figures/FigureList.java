package dev.banyan.cli.figures;

import dev.banyan.bench.FilterTable;
import dev.banyan.cli.UserError;
import dev.banyan.sim.figures.Contender;
import dev.banyan.sim.figures.Figure;
import dev.banyan.sim.figures.FilterMemory;
import dev.banyan.sim.figures.PublishedSimulator;
import dev.banyan.sim.figures.RealNode;
import dev.banyan.sim.figures.SweepFigures;
import dev.banyan.sim.tasks.NodeRules;
import java.util.ArrayList;
import java.util.List;

/// All figures there are. A new one, or a new curve, is added here.
public final class FigureList {

  private FigureList() {}

  private static Contender paperRules(RealNode.Span span) {
    return new RealNode("paper-rules", NodeRules.PAPER, span);
  }

  private static Contender noReallocation(RealNode.Span span) {
    return new RealNode("banyan-no-reallocation", NodeRules.NO_REALLOCATION, span);
  }

  private static List<Contender> growth() {
    return List.of(
        new PublishedSimulator(),
        paperRules(RealNode.Span.WHOLE),
        noReallocation(RealNode.Span.WHOLE));
  }

  private static List<Contender> fixed() {
    return List.of(
        new PublishedSimulator(),
        paperRules(RealNode.Span.SETTLED),
        noReallocation(RealNode.Span.SETTLED));
  }

  private static List<Contender> reallocated() {
    return List.of(paperRules(RealNode.Span.SETTLED), noReallocation(RealNode.Span.SETTLED));
  }

  /// In the order of the paper.
  public static List<Figure> all() {
    List<Figure> all =
        new ArrayList<>(SweepFigures.of(growth(), fixed(), reallocated()));
    all.add(new FilterTable());
    all.add(new FilterMemory());
    return List.copyOf(all);
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
            "there is no figure '%s': there are %s"
                .formatted(name, String.join(", ", all.stream().map(Figure::name).toList())));
      }
      wanted.add(bare);
    }
    return all.stream().filter(figure -> wanted.contains(figure.name())).toList();
  }

  /// The name of its files, without their ending: `figure4`, `table1`.
  public static String fileName(Figure figure) {
    return Character.isDigit(figure.name().charAt(0)) ? "figure" + figure.name() : figure.name();
  }
}
