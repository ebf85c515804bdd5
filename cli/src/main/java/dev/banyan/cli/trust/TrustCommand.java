package dev.banyan.cli.trust;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "trust",
    header = "Say who belongs to a group: keys, certificates, tokens, revocations.",
    description = {
      "The operator of a group has one key, in a folder that is kept off line. With it the operator signs the"
          + " group's configuration, the certificate of each node, tokens by which a node can join once, and"
          + " revocations. docs/trust.md explains the files.",
      "",
      "The key service, 'banyan trust serve', admits workers with tokens, and gives members new secrets.",
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    subcommands = {
      TrustInitCommand.class,
      TrustIssueCommand.class,
      TrustTokenCommand.class,
      TrustRevokeCommand.class,
      TrustListCommand.class,
      TrustShowCommand.class,
      TrustServeCommand.class,
      TrustRotateCommand.class,
      TrustRosterCommand.class,
      TrustPlatformCommand.class,
      TrustMeasureCommand.class,
    },
    footer = {
      "",
      "Examples:",
      "  banyan trust init",
      "  banyan trust issue router-1 --kind router",
      "  banyan trust revoke router-1",
    })
public final class TrustCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
