package dev.banyan.lab.report;

import dev.banyan.lab.figures.Figure;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What `banyan figures` is asked to do.
///
/// @param quick without the parts that only confirm
/// @param seeds trials of each configuration
/// @param seed the first of them
/// @param jobs trials run side by side
/// @param series whose curves are drawn; none: those that each figure draws unasked
/// @param code changes when results may: an unfinished run of other code is not continued
public record FiguresOptions(
    List<Figure> figures,
    Path folder,
    boolean quick,
    int seeds,
    long seed,
    int jobs,
    Set<String> series,
    String code) {

  public FiguresOptions {
    figures = List.copyOf(figures);
    series = Set.copyOf(series);
  }
}
