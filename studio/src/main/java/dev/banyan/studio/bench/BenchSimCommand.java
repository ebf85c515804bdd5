package dev.banyan.studio.bench;

import dev.banyan.bench.SimulatorBenchmark;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Measure the simulator: events per second, and a large tree that joins.",
    description = {
      "One tree sends heartbeats and multicasts. A larger one starts all at once, joins, and gets one multicast."
          + " Runs on one thread, without checkers.",
    })
final class BenchSimCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Option(names = "--nodes", defaultValue = "1000", description = "Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--events",
      defaultValue = "5000000",
      description = "Events in each run, after as many to warm up. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Option(
      names = "--encoded",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Send messages as bytes of the real codec, as in checked runs. Default: yes.")
  private boolean encoded;

  @Option(names = "--runs", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--large",
      paramLabel = "NODES",
      defaultValue = "100000",
      description = "Nodes of the large tree; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int large;

  @Option(
      names = "--branching",
      defaultValue = "16",
      description =
          "How many routers, and how many clients, a router of the large tree accepts. Default: ${DEFAULT-VALUE}.")
  private int branching;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        SimulatorBenchmark.run(
            new SimulatorBenchmark.Options(nodes, events, encoded, runs, large, branching, seed),
            progress));
  }
}
