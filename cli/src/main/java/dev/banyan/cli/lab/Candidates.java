package dev.banyan.cli.lab;

import dev.banyan.cli.Banyan;
import dev.banyan.cli.help.CompletionCommand;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.scenario.Scenarios;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.OwnFigure;
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
public abstract class Candidates implements Iterable<String> {

  public static final class Commands extends Candidates {
    Commands() {
      super(() ->
          Arrays.stream(Banyan.class.getAnnotation(Command.class).subcommands())
              .map(type -> type.getAnnotation(Command.class).name())
              .toList());
    }
  }

  public static final class Engines extends Candidates {
    Engines() {
      super(() -> namesOf(IoEngine.values()));
    }
  }

  public static final class Shells extends Candidates {
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
