package dev.banyan.studio;

import dev.banyan.cli.help.ProgramVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "version",
    header = "Print which version this is.",
    description =
        "Prints the version of banyan and of the Java it runs on, as 'banyan --version' does.",
    footer = {"", "Example:", "  banyan version"})
public final class VersionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    for (String line : new ProgramVersion().getVersion()) {
      spec.commandLine().getOut().println(line);
    }
    return 0;
  }
}
