package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "root",
    header = "Run the root of a tree.",
    description =
        "Runs the node through which others join the tree. It runs until SIGTERM or Ctrl-C, which stops it"
            + " cleanly. When a root restarts at the same address, its subtrees come back whole.",
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfRoot.class,
    footer = {
      "",
      "Each option can also be set by an environment variable",
      "(--child-routers by BANYAN_CHILD_ROUTERS) or in the configuration file.",
      "The command line comes first, then the environment, then the file.",
      "",
      "Examples:",
      "  banyan root",
      "  banyan root --listen 0.0.0.0:7070 --advertise tree.example.org:7070",
      "  banyan root --config banyan.yaml --check",
    })
public final class RootCommand extends NodeCommand {
  RootCommand() {
    super(NodeKind.ROOT);
  }
}
