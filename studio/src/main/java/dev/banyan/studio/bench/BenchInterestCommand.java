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
    header = "Join a worker that wants very many keys, then change a few of them.",
    description = {
      "Runs a root and two chains of routers in their own process. The joiner comes to the end of one chain, and a"
          + " client that publishes to the end of the other. Times start just after the joiner has dialed the"
          + " root. They end when it has a parent; when an update of its first key has come (firstUpdate); when"
          + " updates of a random sample of keys have come too (untilUpdates); and when it knows for every key"
          + " whether anybody else wants it (answered). Bytes are those of the frames that carried its interest,"
          + " and of its filter at its parent.",
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
      description = "How many keys to wait for updates of. Default: ${DEFAULT-VALUE}.")
  private int sample;

  @Option(
      names = "--change",
      paramLabel = "KEYS",
      defaultValue = "100",
      description =
          "How many keys change afterwards: half of them are dropped, and as many others added. Default:"
              + " ${DEFAULT-VALUE}.")
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
