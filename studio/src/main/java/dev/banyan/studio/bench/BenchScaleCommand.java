package dev.banyan.studio.bench;

import dev.banyan.bench.ScaleBenchmark;
import dev.banyan.node.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Run many real nodes over loopback, with heartbeats.",
    description = {
      "Starts a root, then routers, then clients. Waits until all are attached and settled, and watches them for a"
          + " while. Nobody is killed, so every lost parent is a needless re-join. Nodes run in their own"
          + " processes. A link within one process needs two open files, so raise the limit (ulimit -n) or use"
          + " more processes.",
    })
final class BenchScaleCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Mixin private BenchTreeOptions tree;

  @Option(
      names = "--nodes",
      defaultValue = "2000",
      description = "Number of nodes, including the root. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--router-share",
      defaultValue = "0.1",
      description = "Share of the nodes that are routers. Default: ${DEFAULT-VALUE}.")
  private double routerShare;

  @Option(names = "--processes", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private int processes;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to watch. Default: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "15s",
      description =
          "How long to wait between the last join and the watch. Default: ${DEFAULT-VALUE}.")
  private String settle = "";

  @Option(
      names = "--joining",
      paramLabel = "NODES",
      defaultValue = "200",
      description =
          "How many nodes of a process may look for a parent at the same time. Default: ${DEFAULT-VALUE}.")
  private int joining;

  @Option(
      names = "--node-jvm",
      paramLabel = "OPTION",
      description =
          "An option of the nodes' JVMs. May be repeated. Default: -XX:+UseSerialGC -XX:+UseCompactObjectHeaders.")
  private List<String> nodeJvm = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        ScaleBenchmark.run(
            new ScaleBenchmark.Options(
                nodes,
                routerShare,
                processes,
                Duration.ofNanos(Durations.parse(duration)),
                Duration.ofNanos(Durations.parse(settle)),
                joining,
                tree.setup(),
                nodeJvm.isEmpty() ? ScaleBenchmark.NODE_JVM : List.copyOf(nodeJvm)),
            progress));
  }
}
