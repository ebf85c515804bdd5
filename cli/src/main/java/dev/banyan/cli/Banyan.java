package dev.banyan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `banyan` command. Each subcommand is a class of its own, listed in the annotation below.
///
/// Results go to standard output, everything else to standard error, so that output can be piped.
@Command(
    name = "banyan",
    description =
        "A self-organising, sharded multicast tree and the key-value store on its leaves.",
    mixinStandardHelpOptions = true,
    versionProvider = Banyan.Version.class)
public final class Banyan implements Runnable {

  @Spec private CommandSpec spec;

  /// Runs the command line and exits with its status: 0 for success, 1 for a failure, 2 for wrong usage.
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Banyan()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Banyan.class.getPackage().getImplementationVersion();
      return new String[] {
        "banyan " + (version == null ? "development build" : version),
        "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
      };
    }
  }
}
