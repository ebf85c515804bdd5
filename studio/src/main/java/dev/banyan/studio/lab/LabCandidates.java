package dev.banyan.studio.lab;

import dev.banyan.cli.help.Candidates;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.OwnFigure;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.scenario.Scenarios;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Words for the laboratory's commands.
abstract class LabCandidates extends Candidates {

  static final class Topologies extends LabCandidates {
    Topologies() {
      super(() -> OwnSetup.TOPOLOGIES);
    }
  }

  static final class FigureNames extends LabCandidates {
    FigureNames() {
      super(() ->
          Stream.concat(FigureList.all().stream().map(Figure::name), Stream.of(OwnFigure.NAME))
              .toList());
    }
  }

  static final class ScenarioNames extends LabCandidates {
    ScenarioNames() {
      super(() -> Scenarios.all().stream().map(Scenario::name).toList());
    }
  }

  private LabCandidates(Supplier<List<String>> words) {
    super(words);
  }
}
