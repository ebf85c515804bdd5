package dev.banyan.lab.figures;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.trial.Flood;
import dev.banyan.sim.trial.SteadyTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/// Plumtree's measures where nothing fails: how many frames too many a multicast to everybody costs, and how many links it
/// crosses until the last has it; beside a [Flood], computed.
public final class RedundancyFigure implements Figure {

  private static final String RATIO = "delivery_ratio";
  private static final List<Integer> NODES = List.of(100, 1_000, 10_000);

  /// With as many nodes a run takes seconds.
  private static final int LARGE = 10_000;

  private static final int LARGE_SEEDS = 5;

  /// HyParView's active view, with 10,000 nodes.
  private static final int NEIGHBOURS = 5;

  @Override
  public String name() {
    return "redundancy";
  }

  @Override
  public String title() {
    return "links until the last has a multicast";
  }

  @Override
  public String explanation() {
    return """
    Plumtree's measures on a tree of real nodes at rest, one in ten of them a router: a multicast to \
    everybody reaches each node once, so that its redundancy is 0, and takes as many links as the \
    tree is deep, up and down. “flood” is computed: each node passes on what it hears first, over a \
    random overlay with five neighbours each. The curves of paper-rules and banyan lie on each \
    other.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (int nodes : NODES) {
      if (!quick || nodes < LARGE) {
        SteadyTrial papers = new SteadyTrial(nodes, TreeConfig.Rules.PAPER);
        SteadyTrial ours = new SteadyTrial(nodes, TreeConfig.Rules.DEFAULT);
        trials.add(new Entry("paper-rules", nodes, papers::measure));
        trials.add(new Entry("banyan", nodes, ours::measure));
        trials.add(new Entry("flood", nodes, new Flood(nodes, NEIGHBOURS)::measure));
      }
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return plot("last delivery hop (links)", Metric.LAST_HOP);
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-frames",
            "frames received too many, for each node that received one",
            plot("relative message redundancy", Metric.REDUNDANCY)));
  }

  private static Plot plot(String yTitle, String metric) {
    return new Plot(Plot.Kind.LEVELS, "nodes", yTitle, List.of(metric), Set.of(), Map.of());
  }

  private record Entry(String series, int nodes, LongFunction<SteadyTrial.Measured> measuring)
      implements Trial {

    @Override
    public String configuration() {
      return nodes + " nodes";
    }

    @Override
    public int mostSeeds() {
      return nodes < LARGE ? Integer.MAX_VALUE : LARGE_SEEDS;
    }

    @Override
    public double expectedSeconds() {
      return 0.0001 * nodes;
    }

    @Override
    public List<Value> measure(long seed) {
      SteadyTrial.Measured measured = measuring.apply(seed);
      String x = String.valueOf(nodes);
      return List.of(
          new Value(x, Metric.REDUNDANCY, measured.redundancy()),
          new Value(x, Metric.LAST_HOP, measured.lastHop()),
          new Value(x, RATIO, measured.ratio()));
    }
  }
}
