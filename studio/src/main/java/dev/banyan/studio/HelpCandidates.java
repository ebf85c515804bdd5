package dev.banyan.studio;

import dev.banyan.cli.help.Candidates;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/// Words for the commands that explain others.
abstract class HelpCandidates extends Candidates {

  static final class Commands extends HelpCandidates {
    Commands() {
      super(() ->
          Studio.COMMANDS.stream().map(type -> type.getAnnotation(Command.class).name()).toList());
    }
  }

  static final class Shells extends HelpCandidates {
    Shells() {
      super(() -> namesOf(CompletionCommand.Shell.values()));
    }
  }

  private HelpCandidates(Supplier<List<String>> words) {
    super(words);
  }
}
