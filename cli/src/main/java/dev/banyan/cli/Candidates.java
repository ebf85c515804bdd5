package dev.banyan.cli;

import dev.banyan.sim.Scenario;
import dev.banyan.sim.Scenarios;
import dev.banyan.transport.IoEngine;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// Words that a shell offers for a value, and that help lists: as people write them, in small letters.
abstract class Candidates implements Iterable<String> {

  static final class Engines extends Candidates {
    Engines() {
      super(namesOf(IoEngine.values()));
    }
  }

  static final class Shells extends Candidates {
    Shells() {
      super(namesOf(CompletionCommand.Shell.values()));
    }
  }

  static final class Topologies extends Candidates {
    Topologies() {
      super(OwnSetup.TOPOLOGIES);
    }
  }

  static final class ScenarioNames extends Candidates {
    ScenarioNames() {
      super(Scenarios.all().stream().map(Scenario::name).toList());
    }
  }

  private final List<String> words;

  private Candidates(List<String> words) {
    this.words = words;
  }

  private static List<String> namesOf(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Override
  public Iterator<String> iterator() {
    return words.iterator();
  }
}
