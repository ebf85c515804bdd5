package dev.banyan.studio.bench;

import dev.banyan.bench.RepairBenchmark;
import dev.banyan.node.settings.Durations;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Measure how soon a dead router's children have a parent again.",
    description = {
      "Runs a tree of real nodes over loopback. Again and again a router that has children is cut off: all its"
          + " connections are reset. The time of a kill ends when the last of the router's clients is attached"
          + " again (withRouters...: the last of its clients and routers).",
    })
final class BenchRepairCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Mixin private BenchTreeOptions tree;

  @Option(
      names = "--nodes",
      defaultValue = "200",
      description = "Number of nodes, including the root. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--router-share",
      defaultValue = "0.15",
      description = "Share of the nodes that are routers. Default: ${DEFAULT-VALUE}.")
  private double routerShare;

  @Option(
      names = "--kills",
      defaultValue = "100",
      description = "Routers to kill. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--pause",
      paramLabel = "TIME",
      defaultValue = "1s",
      description =
          "How long to wait after a repair before the next kill. Default: ${DEFAULT-VALUE}.")
  private String pause = "";

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed that picks the routers to kill. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        RepairBenchmark.run(
            new RepairBenchmark.Options(
                nodes,
                routerShare,
                kills,
                Duration.ofNanos(Durations.parse(pause)),
                tree.setup(),
                seed),
            progress));
  }
}
