package dev.banyan.bench;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the benchmarks of `dev.banyan.bench.jmh`, always with what they allocate and the CPU time they take.
public final class MicroBenchmarks {

  private MicroBenchmarks() {}

  /// @param arguments JMH's own: a regular expression that picks benchmarks, and its options
  /// @throws BenchmarkException when an option is wrong or a benchmark failed
  public static void run(List<String> arguments) {
    try {
      Runner runner =
          new Runner(
              new OptionsBuilder()
                  .parent(new CommandLineOptions(arguments.toArray(String[]::new)))
                  .addProfiler("gc")
                  .addProfiler(CpuProfiler.class)
                  .build());
      runner.run();
    } catch (CommandLineOptionException | RunnerException e) {
      throw new BenchmarkException(String.valueOf(e.getMessage()), e);
    }
  }
}
