package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import dev.banyan.sim.trial.SimBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the simulator does in a second on one core: events of a tree that beats and multicasts; and how long a large
/// tree takes to join and to hear one multicast. No checkers run.
public final class SimulatorBenchmark {

  /// @param nodes of the tree that beats and multicasts
  /// @param events of it to measure in each run, after as many to warm up
  /// @param encoded whether its messages travel as the bytes of the real codec
  /// @param runs of each
  /// @param largeNodes of the tree that hears one multicast; 0 for none
  /// @param branching routers, and clients, that one of its routers takes
  public record Options(
      int nodes, long events, boolean encoded, int runs, int largeNodes, int branching, long seed) {

    public Options {
      require(nodes >= 2, "nodes: at least 2, not " + nodes);
      require(events > 0, "events must be positive");
      require(runs >= 1, "runs must be positive");
      require(
          largeNodes == 0 || largeNodes >= 2, "large nodes: 0, or at least 2, not " + largeNodes);
      require(branching >= 2, "branching: at least 2, not " + branching);
    }
  }

  /// Medians over the runs.
  ///
  /// @param large empty when none was asked for
  public record Result(Options options, List<SimBench.Steady> steady, List<SimBench.Scale> large)
      implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      Fields fields =
          new Fields()
              .put("eventsPerSecond", Figures.median(steady, SimBench.Steady::eventsPerSecond))
              .put("nodes", options.nodes)
              .put("events", options.events)
              .put("encoded", options.encoded)
              .put("seed", options.seed);
      if (!large.isEmpty()) {
        fields
            .put("largeNodes", options.largeNodes)
            .put("largeSeconds", Figures.median(large, Result::largeSeconds))
            .put("largeJoinSeconds", Figures.median(large, SimBench.Scale::joinSeconds))
            .put("largeJoined", large.stream().mapToLong(SimBench.Scale::joined).min().orElse(0))
            .put("largeHeard", large.stream().mapToLong(SimBench.Scale::heard).min().orElse(0))
            .put("largeEventsPerSecond", Figures.median(large, SimBench.Scale::eventsPerSecond))
            .put("largeHeapBytesPerNode", Figures.median(large, SimBench.Scale::heapBytesPerNode));
      }
      return fields
          .put("runs", steady.stream().map(run -> Figures.rounded(run.eventsPerSecond())).toList())
          .put("largeRuns", large.stream().map(run -> Figures.rounded(largeSeconds(run))).toList())
          .toMap();
    }

    private static double largeSeconds(SimBench.Scale run) {
      return run.joinSeconds() + run.multicastSeconds();
    }
  }

  private SimulatorBenchmark() {}

  public static Result run(Options options, Progress progress) {
    Consumer<String> said = line -> progress.say("  " + line);
    List<SimBench.Steady> steady = new ArrayList<>();
    for (int i = 1; i <= options.runs; i++) {
      SimBench.Steady run =
          SimBench.steady(options.nodes, options.encoded, options.events, options.seed, said);
      steady.add(run);
      progress.say(
          "run "
              + i
              + " of "
              + options.runs
              + ": "
              + Figures.rounded(run.eventsPerSecond())
              + " events/s");
    }
    List<SimBench.Scale> large = new ArrayList<>();
    for (int i = 1; i <= options.runs && options.largeNodes > 0; i++) {
      SimBench.Scale run =
          SimBench.scale(options.largeNodes, options.branching, options.seed, said);
      large.add(run);
      progress.say(
          "large run "
              + i
              + " of "
              + options.runs
              + ": "
              + run.joined()
              + " nodes joined in "
              + Figures.rounded(run.joinSeconds())
              + " s, "
              + run.heard()
              + " clients heard a multicast "
              + Figures.rounded(run.multicastSeconds())
              + " s later");
    }
    return new Result(options, steady, large);
  }
}
