package dev.banyan.studio.bench;

import dev.banyan.bench.CapsuleBenchmark;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.settings.Durations;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "capsule",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Seal records into signed batches; verify and open them, whole and cut down.",
    description = {
      "One thread seals records that have one tag each, and signs each batch once. Then it verifies and opens such"
          + " batches: whole ones, and ones that were cut down to a random quarter of their records. Sizes are the"
          + " bytes on top of the value of a record: on the wire in a whole batch (overhead), and at a worker that"
          + " holds a random quarter of a batch, or one record of it, with what proves them (proof).",
    })
final class BenchCapsuleCommand implements Callable<Integer> {

  @Mixin private BenchOutput output;

  @Option(
      names = "--records",
      defaultValue = "64",
      description = "Records in a batch. Default: ${DEFAULT-VALUE}.")
  private int records;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "128",
      description = "Size of each value. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "2s",
      description =
          "How long each of the three is done in a run, and before the first run. Default: ${DEFAULT-VALUE}.")
  private String duration;

  @Option(names = "--runs", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--jdk",
      description =
          "Use the JDK's own ciphers and signatures, though a faster provider may be there.")
  private boolean jdk;

  @Override
  public Integer call() throws InterruptedException {
    Duration runTime =
        Duration.ofNanos(UserError.parsed("--duration", () -> Durations.parse(duration)));
    return output.run(progress ->
        CapsuleBenchmark.run(
            new CapsuleBenchmark.Options(records, size, runTime, runs, jdk), progress));
  }
}
