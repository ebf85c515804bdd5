package dev.banyan.studio.bench;

import dev.banyan.bench.TreeSetup;
import dev.banyan.node.settings.Durations;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How the nodes of a benchmark's tree are set up.
final class BenchTreeOptions {

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "Default: ${DEFAULT-VALUE}.")
  private String heartbeat = "";

  @Option(
      names = "--children",
      paramLabel = "ROUTERS",
      defaultValue = "2",
      description = "How many routers a router accepts. Default: ${DEFAULT-VALUE}.")
  private int children;

  @Option(
      names = "--client-places",
      paramLabel = "CLIENTS",
      defaultValue = "64",
      description = "How many clients a router accepts. Default: ${DEFAULT-VALUE}.")
  private int clientPlaces;

  @Mixin private BenchLoopOptions loops;

  TreeSetup setup() {
    return new TreeSetup(
        Duration.ofNanos(Durations.parse(heartbeat)),
        children,
        clientPlaces,
        loops.loops(),
        loops.engine());
  }
}
