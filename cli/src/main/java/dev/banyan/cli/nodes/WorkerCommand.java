package dev.banyan.cli.nodes;

import dev.banyan.protocol.NodeKind;
import picocli.CommandLine.Command;

@Command(
    name = "worker",
    header = "Run a worker: a replica of the store.",
    description = {
      "Runs a leaf of the tree with its part of the key-value store. It runs until SIGTERM or Ctrl-C, which stops"
          + " it cleanly. Programs on the same machine reach the store through the worker's door: over HTTP on"
          + " loopback, or with 'banyan put', 'get', 'watch' and so on.",
      "",
      "A worker only dials out; nothing but its door accepts connections. While no root answers, it keeps trying"
          + " and says so. Writes made in the meantime reach the others later.",
    },
    abbreviateSynopsis = true,
    modelTransformer = SettingOptions.OfWorker.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped cleanly",
      "1:failed; one line on standard error says why",
      "2:wrong usage or configuration",
      "5:stopped, but could not hand over everything that only this worker held"
    },
    footer = {
      "",
      "Each option can also be set by an environment variable",
      "(--heartbeat by BANYAN_HEARTBEAT) or in the configuration file.",
      "The command line comes first, then the environment, then the file.",
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
