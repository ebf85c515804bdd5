package dev.banyan.studio.bench;

import dev.banyan.cli.help.Candidates;
import dev.banyan.transport.IoEngine;
import picocli.CommandLine.Option;

/// Event loops of the processes of a benchmark.
final class BenchLoopOptions {

  @Option(
      names = "--loops",
      defaultValue = "2",
      description = "Event loops of a process. Default: ${DEFAULT-VALUE}.")
  private int loops;

  @Option(
      names = "--engine",
      defaultValue = "auto",
      completionCandidates = Candidates.Engines.class,
      description = "How sockets are driven: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private IoEngine engine = IoEngine.AUTO;

  int loops() {
    return loops;
  }

  IoEngine engine() {
    return engine;
  }
}
