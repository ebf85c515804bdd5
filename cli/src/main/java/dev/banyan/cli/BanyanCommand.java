package dev.banyan.cli;

import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.cli.help.ProgramVersion;
import dev.banyan.cli.help.UnbrokenWords;
import dev.banyan.cli.inspect.InspectCommand;
import dev.banyan.cli.nodes.RootCommand;
import dev.banyan.cli.nodes.RouterCommand;
import dev.banyan.cli.nodes.UpCommand;
import dev.banyan.cli.nodes.WorkerCommand;
import dev.banyan.cli.store.DelCommand;
import dev.banyan.cli.store.DoorFailure;
import dev.banyan.cli.store.GetCommand;
import dev.banyan.cli.store.HistoryCommand;
import dev.banyan.cli.store.KeysCommand;
import dev.banyan.cli.store.PutCommand;
import dev.banyan.cli.store.StatusCommand;
import dev.banyan.cli.store.WatchCommand;
import dev.banyan.cli.tree.ExplainCommand;
import dev.banyan.cli.tree.RebalanceCommand;
import dev.banyan.cli.tree.TreeCommand;
import dev.banyan.cli.trust.TrustCommand;
import dev.banyan.client.BanyanException;
import dev.banyan.node.text.SafeText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `banyan` command. Each subcommand is a class of its own; those that run and ask nodes are listed here, and a
/// program with more of them hands over its own list.
///
/// Results go to standard output, everything else to standard error, so that output can be piped.
@Command(
    name = "banyan",
    header = "A self-organising, sharded multicast tree and the key-value store on its leaves.",
    description = {
      "",
      "A root, routers and workers find each other over TCP and form a tree. Each worker holds the part of the"
          + " store that it uses. What one worker writes reaches all workers that are interested in it. Start with"
          + " 'banyan demo', or with 'banyan up' for a local cluster to try things on.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    optionListHeading = "%n",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; one line on standard error says why",
      "2:wrong usage or configuration",
      "3:there is no such key",
      "4:the condition of a write does not hold",
      "5:a worker has stopped and could not hand over everything that only it held"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  BANYAN_DOOR         the worker's door that put, get and the like use",
      "  BANYAN_ROOT         the address of the root",
      "  BANYAN_CONFIG       the configuration file of a root, router or worker",
      "  BANYAN_TRUST        the operator's folder that trust uses",
      "  BANYAN_...          any other setting (see 'banyan worker --help')",
      "  BANYAN_LOG          the log level: ERROR, WARN, INFO, DEBUG",
      "  BANYAN_JAVA_HOME    the JDK to run on; BANYAN_OPTS: more options for it",
      "",
      "'banyan COMMAND --help' explains a command.",
    })
public final class BanyanCommand implements Runnable {

  /// What nodes are run and asked with.
  public static final List<Class<?>> COMMANDS =
      List.of(
          UpCommand.class,
          RootCommand.class,
          RouterCommand.class,
          WorkerCommand.class,
          PutCommand.class,
          GetCommand.class,
          DelCommand.class,
          WatchCommand.class,
          KeysCommand.class,
          HistoryCommand.class,
          StatusCommand.class,
          TreeCommand.class,
          ExplainCommand.class,
          RebalanceCommand.class,
          TrustCommand.class,
          InspectCommand.class);

  @Spec private CommandSpec spec;

  /// Runs the command line and exits with its status.
  public static void main(String[] args) {
    System.exit(run(commandLine(COMMANDS), args));
  }

  /// Carries out what the arguments say.
  ///
  /// @return the exit status: 0 for success, others as the help of the command says
  public static int run(CommandLine banyan, String[] args) {
    int code = banyan.execute(args);
    if (code == 0 && Terminal.outputFails()) {
      System.err.println("banyan: " + Terminal.OUTPUT_FAILS);
      return UserError.FAILED;
    }
    return code;
  }

  /// @param commands its subcommands, each a class with picocli's annotations, in the order in which help lists them
  public static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine banyan = new CommandLine(new BanyanCommand());
    // Each as a command line of its own: only so does picocli transform its model (the settings as
    // options).
    commands.forEach(command -> banyan.addSubcommand(new CommandLine(command)));
    banyan
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(BanyanCommand::onMistake)
        .setExecutionExceptionHandler(BanyanCommand::onFailure);
    banyan.getSubcommands().values().forEach(BanyanCommand::describe);
    UnbrokenWords.in(banyan);
    return banyan;
  }

  /// What all subcommands have in common.
  private static void describe(CommandLine command) {
    command.getSubcommands().values().forEach(BanyanCommand::describe);
    CommandSpec spec = command.getCommandSpec();
    spec.mixinStandardHelpOptions(true);
    spec.versionProvider(new ProgramVersion());
    spec.usageMessage()
        .sortOptions(false)
        .descriptionHeading("%n")
        .optionListHeading("%n")
        .parameterListHeading("%n");
    if (spec.usageMessage().exitCodeList().isEmpty()) {
      spec.usageMessage()
          .exitCodeListHeading("%nExit codes:%n")
          .exitCodeList(
              new TreeMap<>(
                  Map.of("0", "done", "1", "failed; one line says why", "2", "wrong usage")));
    }
  }

  /// Wrong usage: one line, and where to read on.
  private static int onMistake(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    String line =
        mistake instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : uncapitalised(String.valueOf(mistake.getMessage()));
    command
        .getErr()
        .println(
            "banyan: "
                + SafeText.oneLine(line)
                + "; see '"
                + command.getCommandSpec().qualifiedName()
                + " --help'");
    command.getErr().flush();
    return UserError.USAGE;
  }

  private static String unmatched(UnmatchedArgumentException mistake) {
    String first = mistake.getUnmatched().isEmpty() ? "" : mistake.getUnmatched().getFirst();
    boolean command =
        !first.startsWith("-") && !mistake.getCommandLine().getSubcommands().isEmpty();
    String line =
        command
            ? "there is no command '" + first + "'"
            : "'" + first + "' is " + (first.startsWith("-") ? "no option here" : "one too many");
    return line
        + mistake.getSuggestions().stream()
            .findFirst()
            .map(near -> ": did you mean '" + near.replace("banyan ", "") + "'?")
            .orElse("");
  }

  private static String uncapitalised(String message) {
    String bare = message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
    return bare.isEmpty() ? bare : Character.toLowerCase(bare.charAt(0)) + bare.substring(1);
  }

  private static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
    if (failure instanceof BanyanException refused) {
      return onFailure(DoorFailure.of(refused), command, parsed);
    }
    Optional<UserError> mistake = UserError.from(failure);
    if (mistake.isPresent()) {
      command.getErr().println("banyan: " + SafeText.oneLine(mistake.get().line()));
      command.getErr().flush();
      return mistake.get().exitCode();
    }
    command.getErr().println("banyan: this is a fault of banyan itself, please report it:");
    failure.printStackTrace(command.getErr());
    return UserError.FAILED;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
