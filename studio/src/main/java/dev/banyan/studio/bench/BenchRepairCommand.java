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
    header = "How soon a dead router's children have a parent again.",
    description = {
      "A tree of real nodes over loopback. Again and again a router that has children is cut off: all its connections are"
          + " reset. The time of a kill is until the last of its clients is attached again (withRouters...: the last of"
          + " its clients and routers).",
    })
final class BenchRepairCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Mixin private BenchTreeOptions tree;

  @Option(
      names = "--nodes",
      defaultValue = "200",
      description = "The root among them. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--router-share",
      defaultValue = "0.15",
      description = "Part of the nodes that are routers. Default: ${DEFAULT-VALUE}.")
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
      description = "After a repair, before the next kill. Default: ${DEFAULT-VALUE}.")
  private String pause = "";

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Picks the victims. Default: ${DEFAULT-VALUE}.")
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
