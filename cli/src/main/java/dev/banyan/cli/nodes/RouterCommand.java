package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "router",
    header = "Run a router.",
    description = {
      "Runs a node that forwards messages between its children and its parent. It runs until SIGTERM or Ctrl-C,"
          + " which stops it cleanly.",
      "",
      "A router stores no data. While no root answers, it keeps trying and says so.",
    },
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfRouter.class,
    footer = {
      "",
      "Each option can also be set by an environment variable",
      "(--child-routers by BANYAN_CHILD_ROUTERS) or in the configuration file.",
      "The command line comes first, then the environment, then the file.",
      "",
      "Examples:",
      "  banyan router --root tree.example.org:7070 --listen 0.0.0.0:7070 --advertise r1.example.org:7070",
      "  BANYAN_ROOT=127.0.0.1:7070 banyan router",
    })
public final class RouterCommand extends NodeCommand {
  RouterCommand() {
    super(NodeKind.ROUTER);
  }
}
