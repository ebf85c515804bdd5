package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "router",
    header = "Run a router.",
    description = {
      "Runs a node that forwards between its children and its parent, until SIGTERM or Ctrl-C, which is a clean stop.",
      "",
      "It needs no data and keeps none. While no root answers it keeps trying, and says so.",
    },
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfRouter.class,
    footer = {
      "",
      "Each option may also be set in the environment (--child-routers as BANYAN_CHILD_ROUTERS) or in the file. The"
          + " command line beats the environment, which beats the file.",
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
