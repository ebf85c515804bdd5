package dev.banyan.lab.figures;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.check.TreeMetrics;
import dev.banyan.sim.run.ScenarioResult;
import dev.banyan.sim.scenario.churn.JoinsAndRemovals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// Figures 2 and 3 (§7): nodes join one after the other, one in ten a router, and are removed at random until only the
/// root is left; on the node that ships, in virtual time, every second a sample. With more nodes than the paper's 35 the
/// joins take as long, and so come faster.
///
/// There is no curve `paper`: the published simulator has neither heartbeats nor removals.
public final class TreeOverTime implements Figure {

  /// Where [#ORPHANED] and what follows stand: they are of a whole run.
  public static final String RUN = "run";

  public static final String NODES = "nodes";
  public static final String CLIENTS = "clients";
  public static final String MAX_IMBALANCE = "max_imbalance";
  public static final String MEAN_CLIENT_DEPTH = "mean_client_depth";

  public static final String ROUTERS_JOINED = "routers_joined";
  public static final String NODES_MOST = "nodes_most";
  public static final String NODES_AT_THE_END = "nodes_at_the_end";
  public static final String IMBALANCE_AT_THE_START = "imbalance_at_the_start";
  public static final String IMBALANCE_MOST = "imbalance_most";
  public static final String IMBALANCE_BEFORE_REMOVALS = "imbalance_before_removals";
  public static final String IMBALANCE_AT_THE_END = "imbalance_at_the_end";
  public static final String DEPTH_AT_THE_START = "depth_at_the_start";
  public static final String DEPTH_MOST = "depth_most";
  public static final String DEPTH_AT_THE_END = "depth_at_the_end";

  /// Times that a node lost its parent.
  public static final String ORPHANED = "orphaned";

  /// Times that a node that had lost its parent found another.
  public static final String REATTACHED = "reattached";

  /// Those of them with one join request.
  public static final String REATTACHED_AT_ONCE = "reattached_with_one_join_request";

  public static final String NEEDLESS_REJOINS = "needless_rejoins";

  private static final Set<String> ON_THE_WAY = Set.of(MAX_IMBALANCE, MEAN_CLIENT_DEPTH);

  private static final double ROUTER_SHARE = 0.1;
  private static final Duration JOINS = Duration.ofSeconds(105);
  private static final Duration REST = Duration.ofSeconds(45);
  private static final int PAPERS = 35;

  /// The measured value (of figure 2 or 3) has this name.
  private final String metric;

  private TreeOverTime(String metric) {
    this.metric = metric;
  }

  /// Figure 2, then figure 3. They share their runs.
  public static List<Figure> both() {
    return List.of(new TreeOverTime(MAX_IMBALANCE), new TreeOverTime(MEAN_CLIENT_DEPTH));
  }

  /// Nodes, and the number of seeds that time allows.
  private record Size(int nodes, int quickSeeds, int fullSeeds) {
    String variant() {
      return nodes == PAPERS ? "" : "-" + nodes;
    }
  }

  private static final List<Size> SIZES =
      List.of(
          new Size(PAPERS, Integer.MAX_VALUE, Integer.MAX_VALUE),
          new Size(1_000, 1, 10),
          new Size(10_000, 0, 3));

  @Override
  public String name() {
    return metric.equals(MAX_IMBALANCE) ? "2" : "3";
  }

  @Override
  public String title() {
    return title(PAPERS);
  }

  private String title(int nodes) {
    String what =
        metric.equals(MAX_IMBALANCE)
            ? "maximum tree imbalance and participating nodes"
            : "mean client distance from the root and participating clients";
    return "%s, %,d nodes".formatted(what, nodes);
  }

  @Override
  public String explanation() {
    return metric.equals(MAX_IMBALANCE)
        ? """
        Nodes join one after the other until %d s, one in ten of them a router; from %d s on they are cut off in random \
        order until only the root is left. Imbalance is the largest difference in clients between two child routers of \
        one router, at that second; a router that joins beside a full one makes a spike, and rebalancing (threshold 3) \
        ends it. Lines are means over the seeds, bands one standard deviation; the grey line, on the right axis, is the \
        number of nodes. In virtual time, on the node that ships; the published simulator has no removals. With more \
        nodes joins come as much faster.\
        """
            .formatted(JOINS.toSeconds(), JOINS.plus(REST).toSeconds())
        : """
        The runs of figure 2: how many links clients are away from the root, in the mean. The first clients hang on the \
        root; routers that join take them over, and clients move down; as routers are cut off they come back. Lines are \
        means over the seeds, bands one standard deviation; the grey line, on the right axis, is the number of clients.\
        """;
  }

  @Override
  public String measuredFor() {
    return "joins-and-removals";
  }

  @Override
  public boolean keeps(Trial.Value value) {
    boolean others = ON_THE_WAY.contains(value.metric()) && !value.metric().equals(metric);
    return !others && (metric.equals(MAX_IMBALANCE) || !value.x().equals(RUN));
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (Size size : SIZES) {
      int seeds = quick ? size.quickSeeds : size.fullSeeds;
      if (seeds > 0) {
        trials.add(new Life("paper-rules", TreeConfig.Rules.PAPER, size, seeds));
        trials.add(new Life("banyan", TreeConfig.Rules.DEFAULT, size, seeds));
      }
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return plot(Set.of("-1000", "-10000"), "");
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel("-1000", title(1_000), plot(Set.of("banyan", "paper-rules", "-10000"), "-1000")),
        new Sequel(
            "-10000", title(10_000), plot(Set.of("banyan", "paper-rules", "-1000"), "-10000")));
  }

  private String right() {
    return metric.equals(MAX_IMBALANCE) ? NODES : CLIENTS;
  }

  private Plot plot(Set<String> leftOut, String variant) {
    boolean imbalance = metric.equals(MAX_IMBALANCE);
    return new Plot(
        Plot.Kind.OVER_TIME,
        "virtual time (s); joins until %d, removals from %d to %d"
            .formatted(
                JOINS.toSeconds(),
                JOINS.plus(REST).toSeconds(),
                JOINS.multipliedBy(2).plus(REST).toSeconds()),
        imbalance ? "maximum imbalance (clients)" : "mean client depth (links)",
        List.of(metric, right()),
        leftOut,
        names(variant));
  }

  private Map<String, String> names(String variant) {
    Map<String, String> names = new LinkedHashMap<>();
    if (!variant.isEmpty()) {
      names.put(variant, "");
    }
    names.put(metric, metric.equals(MAX_IMBALANCE) ? "imbalance" : "depth");
    names.put(right(), right().equals(NODES) ? "participating nodes" : "participating clients");
    return names;
  }

  private record Life(String rules, TreeConfig.Rules treeRules, Size size, int mostSeeds)
      implements Trial {

    @Override
    public String series() {
      return rules + size.variant();
    }

    @Override
    public String configuration() {
      return "%d nodes, joins in %s, rest %s".formatted(size.nodes, JOINS, REST);
    }

    @Override
    public double expectedSeconds() {
      return size.nodes == PAPERS ? 0.5 : 0.004 * size.nodes;
    }

    @Override
    public List<Value> measure(long seed) {
      boolean papers = size.nodes == PAPERS;
      JoinsAndRemovals life =
          new JoinsAndRemovals(
              size.nodes,
              ROUTER_SHARE,
              JOINS.dividedBy(size.nodes),
              false,
              treeRules,
              REST,
              papers);
      ClusterOptions options = ClusterOptions.of(seed, life.name()).withTraceLines(0);
      ScenarioResult result = life.run(papers ? options : options.forScale());
      List<Value> values = new ArrayList<>();
      result.samples().forEach(sample -> add(sample, values));
      whole(result, values);
      return values;
    }

    private static void add(TreeMetrics.Sample sample, List<Value> values) {
      String x = String.valueOf(Duration.ofNanos(sample.atNanos()).toSeconds());
      values.add(new Value(x, NODES, sample.attached()));
      values.add(new Value(x, CLIENTS, sample.clients()));
      values.add(new Value(x, MAX_IMBALANCE, sample.maxImbalance()));
      if (!Double.isNaN(sample.meanClientDepth())) {
        values.add(new Value(x, MEAN_CLIENT_DEPTH, sample.meanClientDepth()));
      }
    }

    private static void whole(ScenarioResult result, List<Value> values) {
      List<TreeMetrics.Sample> samples = result.samples();
      List<TreeMetrics.Sample> peopled =
          samples.stream().filter(sample -> !Double.isNaN(sample.meanClientDepth())).toList();
      TreeMetrics.Sample full =
          samples.stream()
              .filter(sample -> sample.atNanos() < JOINS.plus(REST).toNanos())
              .toList()
              .getLast();
      put(values, ROUTERS_JOINED, full.routers());
      put(values, NODES_MOST, most(samples, TreeMetrics.Sample::attached));
      put(values, NODES_AT_THE_END, samples.getLast().nodes());
      put(values, IMBALANCE_AT_THE_START, samples.getFirst().maxImbalance());
      put(values, IMBALANCE_MOST, most(samples, TreeMetrics.Sample::maxImbalance));
      put(values, IMBALANCE_BEFORE_REMOVALS, full.maxImbalance());
      put(values, IMBALANCE_AT_THE_END, samples.getLast().maxImbalance());
      if (!peopled.isEmpty()) {
        put(values, DEPTH_AT_THE_START, peopled.getFirst().meanClientDepth());
        put(values, DEPTH_MOST, most(peopled, TreeMetrics.Sample::meanClientDepth));
        put(values, DEPTH_AT_THE_END, peopled.getLast().meanClientDepth());
      }
      put(values, ORPHANED, result.parents().lost());
      put(values, REATTACHED, result.parents().foundAnew());
      put(values, REATTACHED_AT_ONCE, result.parents().foundAnewWithOneJoinRequest());
      put(values, NEEDLESS_REJOINS, result.parents().needlesslyLeft().size());
    }

    private static double most(
        List<TreeMetrics.Sample> samples, ToDoubleFunction<TreeMetrics.Sample> value) {
      return samples.stream().mapToDouble(value).max().orElse(0);
    }

    private static void put(List<Value> values, String metric, double value) {
      values.add(new Value(RUN, metric, value));
    }
  }
}
