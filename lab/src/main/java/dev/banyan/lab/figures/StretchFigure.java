package dev.banyan.lab.figures;

import dev.banyan.lab.underlay.MulticastCost;
import dev.banyan.lab.underlay.StretchTrial;
import dev.banyan.protocol.TreeConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// What it costs that nobody asks how far hosts are from each other: stretch and stress of multicasts on a generated
/// internet, see [MulticastCost]; beside a copy to each worker, and beside a network that multicasts by itself.
public final class StretchFigure implements Figure {

  private static final String STRETCH_MEAN = "stretch_mean";
  private static final String STRETCH_MEDIAN = "stretch_median";
  private static final String STRETCH_P95 = "stretch_p95";
  private static final String STRETCH_MAX = "stretch_max";
  private static final String RELATIVE_DELAY = "relative_delay";
  private static final String STRESS_MEAN = "stress_mean";
  private static final String STRESS_MAX = "stress_max";
  private static final String RESOURCES = "normalized_resource_usage";

  /// Ends the name of the series of a tree that is less deep.
  private static final String WIDE = "-branching-16";

  private static final TreeConfig.Capacity WIDE_CAPACITY =
      new TreeConfig.Capacity(16, TreeConfig.Capacity.DEFAULT.clients());

  private static final List<Integer> WORKERS = List.of(64, 256, 1_024);

  /// Of the largest: it takes a second.
  private static final int QUICK_SEEDS = 2;

  /// Measures with a number of workers and a seed.
  @FunctionalInterface
  private interface Way {
    MulticastCost measure(int workers, long seed);
  }

  @Override
  public String name() {
    return "stretch";
  }

  @Override
  public String title() {
    return "delay of multicasts, to the direct way's";
  }

  @Override
  public String explanation() {
    return """
    Real nodes on hosts of a generated internet (transit-stub, 1,056 routers, about 0.1 s from host \
    to host), which multicast to everybody. Stretch: the time over the tree, to the latency of the \
    direct way. Stress: copies of one multicast on one physical line, both directions together. \
    “unicast” sends a copy to each, “ip-multicast” is a network that copies by itself; both are \
    computed, and their stretch is 1. The tree takes no account of latency, and looks like it. By the \
    paper's rules it is much the same (series paper-rules, drawn on demand).\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (int workers : WORKERS) {
      boolean few = quick && workers == WORKERS.getLast();
      ways(quick)
          .forEach((series, way) ->
              trials.add(new Entry(series, workers, few ? QUICK_SEEDS : Integer.MAX_VALUE, way)));
    }
    return trials;
  }

  private static SequencedMap<String, Way> ways(boolean quick) {
    SequencedMap<String, Way> ways = new LinkedHashMap<>();
    ways.put("paper-rules", over(TreeConfig.DEFAULT.withRules(TreeConfig.Rules.PAPER)));
    ways.put("banyan", over(TreeConfig.DEFAULT));
    if (!quick) {
      ways.put("banyan" + WIDE, over(TreeConfig.DEFAULT.withCapacity(WIDE_CAPACITY)));
    }
    ways.put("unicast", StretchTrial::unicast);
    ways.put("ip-multicast", StretchTrial::ipMulticast);
    return ways;
  }

  private static Way over(TreeConfig config) {
    return (workers, seed) -> StretchTrial.tree(workers, config, seed);
  }

  @Override
  public Plot plot() {
    return new Plot(
            Plot.Kind.LEVELS,
            "workers",
            "stretch (time over the tree / direct way)",
            List.of(STRETCH_MEDIAN, STRETCH_P95),
            Set.of("unicast/" + STRETCH_P95, "ip-multicast"),
            Map.of(WIDE, "branching 16", STRETCH_MEDIAN, "median", STRETCH_P95, "p95"))
        .onDemand("paper-rules");
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-stress",
            "copies of a multicast on a physical line",
            new Plot(
                    Plot.Kind.GROWTH,
                    "workers",
                    "link stress (copies on one line)",
                    List.of(STRESS_MAX, STRESS_MEAN),
                    Set.of("ip-multicast/" + STRESS_MEAN),
                    Map.of(WIDE, "branching 16", STRESS_MAX, "most", STRESS_MEAN, "mean"))
                .onDemand("paper-rules")));
  }

  private record Entry(String series, int workers, int mostSeeds, Way way) implements Trial {

    @Override
    public String configuration() {
      return workers + " workers";
    }

    @Override
    public double expectedSeconds() {
      return 0.0007 * workers;
    }

    @Override
    public List<Value> measure(long seed) {
      MulticastCost cost = way.measure(workers, seed);
      String x = String.valueOf(workers);
      return List.of(
          new Value(x, STRETCH_MEAN, cost.stretchMean()),
          new Value(x, STRETCH_MEDIAN, cost.stretchMedian()),
          new Value(x, STRETCH_P95, cost.stretchP95()),
          new Value(x, STRETCH_MAX, cost.stretchMost()),
          new Value(x, RELATIVE_DELAY, cost.relativeDelay()),
          new Value(x, STRESS_MEAN, cost.stressMean()),
          new Value(x, STRESS_MAX, cost.stressMost()),
          new Value(x, RESOURCES, cost.resources()));
    }
  }
}
