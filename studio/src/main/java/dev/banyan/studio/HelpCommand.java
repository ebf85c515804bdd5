package dev.banyan.studio;

import dev.banyan.cli.console.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    header = "Explain banyan, or one of its commands.",
    description = "'banyan help COMMAND' prints the same as 'banyan COMMAND --help'.",
    footer = {"", "Examples:", "  banyan help", "  banyan help put", "  banyan help sim run"})
public final class HelpCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      completionCandidates = HelpCandidates.Commands.class,
      description =
          "The command, and perhaps one of its subcommands. If none is given, all commands are listed.")
  private List<String> path = new ArrayList<>();

  @Override
  public Integer call() {
    CommandLine command = spec.root().commandLine();
    for (String name : path) {
      CommandLine next = command.getSubcommands().get(name);
      if (next == null) {
        throw UserError.usage(
            "there is no command '"
                + name
                + "': see '"
                + command.getCommandSpec().qualifiedName()
                + " --help' for all");
      }
      command = next;
    }
    command.usage(spec.commandLine().getOut());
    return 0;
  }
}
