package dev.banyan.cli.figures;

import dev.banyan.sim.figures.Figure;
import java.nio.file.Path;
import java.util.List;

/// What `banyan figures` is asked to do.
///
/// @param quick without the parts that only confirm
/// @param seeds trials of each configuration
/// @param seed the first of them
/// @param jobs trials run side by side
/// @param code changes when results may: an unfinished run of other code is not continued
public record FiguresOptions(
    List<Figure> figures, Path folder, boolean quick, int seeds, long seed, int jobs, String code) {

  public FiguresOptions {
    figures = List.copyOf(figures);
  }
}
