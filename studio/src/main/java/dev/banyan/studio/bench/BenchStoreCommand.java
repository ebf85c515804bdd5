package dev.banyan.studio.bench;

import dev.banyan.bench.StoreBenchmark;
import dev.banyan.node.settings.Durations;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Measure the puts of one worker, replicated to several.",
    description = {
      "Runs a root, a writing worker and the replicas in one process, each with its own sockets. Replicas watch"
          + " the prefix of the keys. A run lasts from the first put until every replica equals the writer. A"
          + " one-way time lasts from just before a put is submitted until a replica's watcher gets it.",
    })
final class BenchStoreCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Mixin private BenchLoopOptions loops;

  @Option(
      names = "--count",
      paramLabel = "PUTS",
      defaultValue = "500000",
      description = "Puts in each run. Default: ${DEFAULT-VALUE}.")
  private long count;

  @Option(
      names = "--replicas",
      defaultValue = "4",
      description = "Workers besides the writer. Default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(
      names = "--value",
      paramLabel = "BYTES",
      defaultValue = "128",
      description = "Size of a value. Default: ${DEFAULT-VALUE}.")
  private int valueBytes;

  @Option(
      names = "--keys",
      defaultValue = "10000",
      description = "Distinct keys, written in turn. Default: ${DEFAULT-VALUE}.")
  private int keys;

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      defaultValue = "0",
      description = "Put at this pace. Default: as fast as the worker takes them.")
  private double rate;

  @Option(names = "--runs", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--warm-up",
      paramLabel = "PUTS",
      defaultValue = "500000",
      description = "Puts at full speed before the first run. Default: ${DEFAULT-VALUE}.")
  private long warmUp;

  @Option(
      names = "--batch",
      paramLabel = "TIME",
      defaultValue = "0",
      description =
          "How long a put may wait for others to share its multicast. Default: not at all.")
  private String batch = "";

  @Option(
      names = "--sealed",
      description = "Workers seal and sign what they write, and check what they get.")
  private boolean sealed;

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        StoreBenchmark.run(
            new StoreBenchmark.Options(
                count,
                replicas,
                valueBytes,
                keys,
                rate,
                runs,
                warmUp,
                Duration.ofNanos(Durations.parse(batch)),
                sealed,
                loops.loops(),
                loops.engine()),
            progress));
  }
}
