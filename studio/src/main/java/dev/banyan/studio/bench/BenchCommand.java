package dev.banyan.studio.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    header =
        "Measure: what a router carries, how many nodes fit, how fast the store, repairs, large joins and sealing are.",
    description = {
      "Most benchmarks run real nodes over loopback on this machine; each prints medians over its runs."
          + " docs/performance.md explains the numbers and what to expect. Do not use the machine for anything"
          + " else meanwhile.",
    },
    synopsisSubcommandLabel = "BENCHMARK",
    commandListHeading = "%nBenchmarks:%n",
    subcommands = {
      BenchFanoutCommand.class,
      BenchScaleCommand.class,
      BenchStoreCommand.class,
      BenchRepairCommand.class,
      BenchInterestCommand.class,
      BenchCapsuleCommand.class,
      BenchSimCommand.class,
      BenchJmhCommand.class,
    },
    footer = {
      "",
      "Examples:",
      "  banyan bench fanout",
      "  banyan bench fanout --rate 10000 --count 50000",
      "  banyan bench scale --nodes 2000 --duration 10m",
    })
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
