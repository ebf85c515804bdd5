package dev.banyan.cli.trust;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.cli.console.UserError;
import dev.banyan.trust.attestation.LaunchSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "measure",
    header = "Print the measurement of a program, by which a key service's policy allows it.",
    description = {
      "Prints a line for a policy: the hash of all that a worker of this installation is started from, which is the class"
          + " path of this command. docs/trust.md says what goes into it. Two installations of the same files have the"
          + " same measurement, wherever they are.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust measure >>policy",
      "  banyan trust measure --files",
    })
public final class TrustMeasureCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  private Optional<String> classPath = Optional.empty();

  @Option(names = "--files", description = "Print each file that goes into it, too, as a comment.")
  private boolean files;

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description = "Measure what is started with this class path, not this command.")
  void classPath(String given) {
    classPath = Optional.of(given);
  }

  @Override
  public Integer call() {
    Crypto crypto = JcaCrypto.fastest();
    try {
      LaunchSet set =
          classPath.isPresent() ? LaunchSet.of(classPath.get()) : LaunchSet.ofThisProcess();
      PrintWriter out = spec.commandLine().getOut();
      if (files) {
        for (Path entry : set.entries()) {
          out.println("# " + entry);
        }
      }
      out.println("measurement " + TrustText.hex(set.measurement(crypto)));
      return 0;
    } catch (IOException e) {
      throw UserError.failed(String.valueOf(e.getMessage()));
    }
  }
}
