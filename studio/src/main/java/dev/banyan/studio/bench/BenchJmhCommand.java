package dev.banyan.studio.bench;

import dev.banyan.bench.BenchmarkException;
import dev.banyan.bench.MicroBenchmarks;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Run micro-benchmarks of forwarding, interest, filters and the codec.",
    description = {
      "Runs JMH and reports what each operation allocates (gc.alloc.rate.norm). JMH's own options can follow after"
          + " --.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan bench jmh Forwarding",
      "  banyan bench jmh Codec -- -f 3 -wi 5 -i 10",
    })
final class BenchJmhCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..*",
      paramLabel = "REGEX",
      description = "Run the benchmarks whose names match one of these. Default: all.")
  private List<String> arguments = new ArrayList<>();

  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the results to a file, as JSON.")
  void json(Path file) {
    json = Optional.of(file);
  }

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(arguments);
    json.ifPresent(file -> all.addAll(List.of("-rf", "json", "-rff", file.toString())));
    try {
      MicroBenchmarks.run(all);
    } catch (BenchmarkException e) {
      throw UserError.failed(Reason.of(e));
    }
    return 0;
  }
}
