package dev.banyan.cli;

import dev.banyan.cli.figures.FigureList;
import dev.banyan.sim.Scenario;
import dev.banyan.sim.Scenarios;
import dev.banyan.sim.figures.Figure;
import dev.banyan.sim.figures.OwnFigure;
import dev.banyan.transport.IoEngine;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// Words that a shell offers for a value, and that help lists: as people write them, in small letters. Gathered when
/// somebody asks for them: every start of the program makes these objects.
abstract class Candidates implements Iterable<String> {

  static final class Commands extends Candidates {
    Commands() {
      super(() ->
          Arrays.stream(Banyan.class.getAnnotation(Command.class).subcommands())
              .map(type -> type.getAnnotation(Command.class).name())
              .toList());
    }
  }

  static final class Engines extends Candidates {
    Engines() {
      super(() -> namesOf(IoEngine.values()));
    }
  }

  static final class Shells extends Candidates {
    Shells() {
      super(() -> namesOf(CompletionCommand.Shell.values()));
    }
  }

  static final class Topologies extends Candidates {
    Topologies() {
      super(() -> OwnSetup.TOPOLOGIES);
    }
  }

  static final class FigureNames extends Candidates {
    FigureNames() {
      super(() ->
          Stream.concat(FigureList.all().stream().map(Figure::name), Stream.of(OwnFigure.NAME))
              .toList());
    }
  }

  static final class ScenarioNames extends Candidates {
    ScenarioNames() {
      super(() -> Scenarios.all().stream().map(Scenario::name).toList());
    }
  }

  private final Supplier<List<String>> words;

  private Candidates(Supplier<List<String>> words) {
    this.words = words;
  }

  private static List<String> namesOf(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return words.get().iterator();
  }
}
