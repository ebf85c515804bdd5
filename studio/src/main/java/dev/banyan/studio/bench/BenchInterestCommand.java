package dev.banyan.studio.bench;

import dev.banyan.bench.LargeInterestBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "interest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "A worker that wants very many keys joins, and changes its mind about a few.",
    description = {
      "A root and two chains of routers run in a process of their own; the joiner comes to the end of one, a client that"
          + " publishes to that of the other. Times are from just after the joiner dialed the root: until it has a parent,"
          + " until an update of its first key came (firstUpdate), until updates of a random sample had come too"
          + " (untilUpdates), and until it knew of all keys whether anybody else wants them (answered). Bytes are those of"
          + " the frames in which it told its interest, and of its filter at its parent.",
    })
final class BenchInterestCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Option(
      names = "--keys",
      defaultValue = "1000000",
      description = "Keys the joiner wants. Default: ${DEFAULT-VALUE}.")
  private int keys;

  @Option(
      names = "--depth",
      paramLabel = "ROUTERS",
      defaultValue = "1",
      description = "Routers between the root and the joiner. Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Option(
      names = "--sample",
      paramLabel = "KEYS",
      defaultValue = "100",
      description = "Keys whose updates are waited for. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--change",
      paramLabel = "KEYS",
      defaultValue = "100",
      description =
          "Keys that change afterwards: half of them are dropped, and as many others wanted. Default: ${DEFAULT-VALUE}.")
  private int change;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "Joiners, one after the other. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--tree-jvm",
      paramLabel = "OPTION",
      description = "An option of the JVM in which root and routers run. May be repeated.")
  private List<String> treeJvm = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    return output.run(progress ->
        LargeInterestBenchmark.run(
            new LargeInterestBenchmark.Options(
                keys, depth, sample, change, runs, List.copyOf(treeJvm)),
            progress));
  }
}
