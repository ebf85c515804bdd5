package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "worker",
    header = "Run a worker: a replica of the store.",
    description = {
      "Runs a leaf of the tree and its share of the key-value store, until SIGTERM or Ctrl-C, which is a clean stop."
          + " Programs on the same machine reach the store through the worker's door: HTTP on loopback, or 'banyan put',"
          + " 'get', 'watch' and the others.",
      "",
      "A worker dials out only and listens to nobody but the door. While no root answers it keeps trying, and says so;"
          + " writes made meanwhile reach the others later.",
    },
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfWorker.class,
    footer = {
      "",
      "Each option may also be set in the environment (--heartbeat as BANYAN_HEARTBEAT) or in the file. The command line"
          + " beats the environment, which beats the file.",
      "",
      "Examples:",
      "  banyan worker --root tree.example.org:7070",
      "  banyan worker --root 127.0.0.1:7070 --door 127.0.0.1:7172",
    })
public final class WorkerCommand extends NodeCommand {
  WorkerCommand() {
    super(NodeKind.CLIENT);
  }
}
