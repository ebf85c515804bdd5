package dev.banyan.lab.report;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Row;
import java.util.List;
import java.util.Map;

/// What came of a run of figures.
///
/// @param tables the rows of each figure, by its name
/// @param trialNanos by figure (or what several measure together): running time of trials, one after the other; those
///     taken over from an interrupted run not counted
public record FiguresResult(
    Map<String, List<Row>> tables, List<Picture> pictures, Map<String, Long> trialNanos) {

  /// A picture that was written.
  ///
  /// @param name of its files, without their ending
  /// @param provenance from which seeds it is
  public record Picture(Figure figure, String name, String title, String provenance) {}
}
