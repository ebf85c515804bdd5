package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "root",
    header = "Run the root of a tree.",
    description =
        "Runs the node that others join through, until SIGTERM or Ctrl-C, which is a clean stop. A root that restarts on"
            + " the same address gets its tree back, subtrees whole.",
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfRoot.class,
    footer = {
      "",
      "Each option may also be set in the environment (--child-routers as BANYAN_CHILD_ROUTERS) or in the file. The"
          + " command line beats the environment, which beats the file.",
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
