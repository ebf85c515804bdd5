package dev.banyan.studio.bench;

import dev.banyan.bench.BenchmarkException;
import dev.banyan.bench.Progress;
import dev.banyan.bench.Report;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.node.text.Reason;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How a benchmark is run and its report printed: the same for all of them.
final class BenchOutput {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Print the report as one line of JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Say nothing on standard error while it runs.")
  private boolean quiet;

  /// A benchmark with its options filled in.
  interface Benchmark {
    Report run(Progress progress) throws InterruptedException;
  }

  /// Runs it and prints its report: on standard output, progress on standard error.
  int run(Benchmark benchmark) throws InterruptedException {
    Report report;
    try {
      report = benchmark.run(quiet ? line -> {} : this::say);
    } catch (IllegalArgumentException e) {
      throw UserError.usage(Reason.of(e));
    } catch (BenchmarkException e) {
      throw UserError.failed(Reason.of(e));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.line(report.fields()));
    } else {
      report.fields().forEach((name, value) -> print(out, name, value));
    }
    out.flush();
    return 0;
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  /// One line for each figure; the single runs, which were said already, are for `--json`.
  private static void print(PrintWriter out, String name, Object value) {
    boolean details = value instanceof List<?> || value instanceof Map<?, ?>;
    if (!details && value != null) {
      out.printf("%-28s %s%n", name, text(value));
    }
  }

  private static String text(Object value) {
    if (value instanceof Double number) {
      return Math.abs(number) >= 100
          ? String.format("%,.0f", number)
          : String.format("%.4g", number);
    }
    return value instanceof Long || value instanceof Integer
        ? String.format("%,d", ((Number) value).longValue())
        : String.valueOf(value);
  }
}
