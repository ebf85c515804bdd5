package dev.banyan.sim.figures;

import dev.banyan.sim.reference.Pace;
import dev.banyan.sim.reference.Rules;
import dev.banyan.sim.reference.Setup;
import dev.banyan.sim.reference.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Figures 4, 5, 6, 8 and 9 of the paper: the configurations in which its simulator was measured.
public final class SweepFigures {

  /// Figures 4 to 6 have keys from 0, and with them the published fault.
  private static final Workload FOUR_SETS = new Workload(4, 5, 0);

  /// The set-up of figure 5 was not published. One task for each node, and writes about one second apart, follow from
  /// its packets and duration. Of the workloads tried this one fits best: root and total packets of 12 of the 13
  /// published points within 8%, of the 13th (4 routers) within 12%.
  private static final Workload FIGURE_5 = new Workload(4, 8, 0);

  private static final int FIGURE_5_NODES = 340;

  /// What was to be 10 ms between tasks, in effect.
  public static final Pace EVERY_10_MS = Pace.published(11.1, 1);

  private static final Pace EVERY_1_MS = Pace.published(2, 1);
  private static final Pace SLOW_WRITES = Pace.published(11.1, 0.01);

  private static final int FIXED_TASKS = 512;
  private static final int HEIGHTS = 5;

  private static final List<String> GROWTH_METRICS =
      andOfNodes(
          Metric.ROOT_PACKETS,
          Metric.ROOT_KEY_UPDATES,
          Metric.TOTAL_PACKETS,
          Metric.UPDATES,
          Metric.DATA_PACKETS_PER_UPDATE);

  private static final List<Workload> WORKLOADS =
      List.of(Workload.of(4, 2), Workload.of(2, 2), Workload.of(1, 2), Workload.of(1, 1));

  static final List<String> WORKLOAD_METRICS =
      andOfNodes(
          Metric.ROOT_PACKETS,
          Metric.ROOT_KEY_UPDATES,
          Metric.ROUTER_0_PACKETS,
          Metric.ROUTER_1_PACKETS,
          Metric.IR_MEAN,
          Metric.ROUTER_PACKETS_MEAN,
          Metric.DATA_PACKETS_PER_UPDATE,
          Metric.TOTAL_PACKETS,
          Metric.UPDATES,
          Metric.TASK_QUEUED_MILLIS,
          Metric.TASK_MILLIS,
          Metric.WORKERS_PER_SET);

  /// Figures 4 and 6 have runs in common.
  private static final String GROWTH = "growth";

  /// Figures 8 and 9 have runs in common.
  private static final String ON_FIGURE_7 = "workloads";

  private static final Set<String> NOT_DRAWN = Set.of("-512-tasks", "-1ms", "-key-zero");

  private SweepFigures() {}

  private static List<String> andOfNodes(String... metrics) {
    return Stream.concat(Arrays.stream(metrics), Metric.OF_NODES.stream()).toList();
  }

  /// All five, each with a curve for every contender that takes its configurations.
  ///
  /// @param growth for figures 4 to 6, which are measured from the first join on
  /// @param fixed for figure 8: workers stay where they are
  /// @param reallocated for figure 9: workers and tasks come together by their keys
  public static List<Figure> of(
      List<Contender> growth, List<Contender> fixed, List<Contender> reallocated) {
    return List.of(
        figure4(growth), figure5(growth), figure6(growth), figure8(fixed), figure9(reallocated));
  }

  private static Figure figure4(List<Contender> contenders) {
    List<SweepFigure.Point> points = new ArrayList<>();
    for (int height = 1; height <= HEIGHTS; height++) {
      int workers = workersAt(height);
      String x = String.valueOf(workers);
      int twice = 2 * workers;
      points.add(point("", x, tree(height, twice, EVERY_10_MS)));
      points.add(point("-flat", x, star(height, Rules.UNSHARDED, twice, EVERY_10_MS)));
      points.add(point("-512-tasks", x, tree(height, FIXED_TASKS, EVERY_10_MS)));
      points.add(
          point("-flat-512-tasks", x, star(height, Rules.UNSHARDED, FIXED_TASKS, EVERY_10_MS)));
      points.add(point("-1ms", x, tree(height, twice, EVERY_1_MS)));
      Pace fitted = Pace.fittedTo512Tasks(workers);
      points.add(point("-512-tasks-1ms", x, tree(height, FIXED_TASKS, fitted)));
    }
    return new SweepFigure(
        "4",
        GROWTH,
        "congestion at the root over network size",
        contenders,
        points,
        GROWTH_METRICS,
        growth(Map.of("", "tree", "-flat", "flat, unsharded")));
  }

  private static Figure figure6(List<Contender> contenders) {
    List<SweepFigure.Point> points = new ArrayList<>();
    for (int height = 1; height <= HEIGHTS; height++) {
      int workers = workersAt(height);
      String x = String.valueOf(workers);
      int twice = 2 * workers;
      points.add(point("", x, star(height, Rules.PUBLISHED, twice, EVERY_10_MS)));
      points.add(point("-tree", x, tree(height, twice, EVERY_10_MS)));
      points.add(point("-512-tasks", x, star(height, Rules.PUBLISHED, FIXED_TASKS, EVERY_10_MS)));
      points.add(point("-1ms", x, star(height, Rules.PUBLISHED, twice, EVERY_1_MS)));
      Pace fitted = Pace.fittedTo512Tasks(workers);
      points.add(point("-512-tasks-1ms", x, star(height, Rules.PUBLISHED, FIXED_TASKS, fitted)));
    }
    return new SweepFigure(
        "6",
        GROWTH,
        "congestion at the root of a sharded broadcast domain",
        contenders,
        points,
        GROWTH_METRICS,
        growth(Map.of("", "star, sharded", "-tree", "tree")));
  }

  private static Plot growth(Map<String, String> names) {
    return new Plot(
        Plot.Kind.GROWTH,
        "workers",
        "packets at the root",
        List.of(Metric.ROOT_PACKETS),
        NOT_DRAWN,
        names);
  }

  private static Figure figure5(List<Contender> contenders) {
    List<SweepFigure.Point> points = new ArrayList<>();
    for (int routers : new int[] {4, 8, 16, 32, 48, 64, 80, 96, 112}) {
      points.add(figure5Point("", 3, routers));
    }
    for (int routers : new int[] {16, 48, 80, 84}) {
      points.add(figure5Point("-b4", 4, routers));
    }
    return new SweepFigure(
        "5",
        "5",
        "congestion of root and routers over the number of routers",
        contenders,
        points,
        andOfNodes(
            Metric.LOAD_P50,
            Metric.LOAD_P75,
            Metric.LOAD_P90,
            Metric.LOAD_P95,
            Metric.LOAD_MAX,
            Metric.LOAD_MEAN,
            Metric.ROUTER_PACKETS_MEAN,
            Metric.ROOT_PACKETS,
            Metric.ROOT_KEY_UPDATES,
            Metric.TOTAL_PACKETS,
            Metric.UPDATES),
        new Plot(
            Plot.Kind.CURVES,
            "routers among 340 nodes",
            "packets (root and routers)",
            List.of(Metric.LOAD_P50, Metric.LOAD_P75, Metric.LOAD_P90, Metric.LOAD_P95),
            Set.of("-b4"),
            Map.of(
                Metric.LOAD_P50,
                "p50",
                Metric.LOAD_P75,
                "p75",
                Metric.LOAD_P90,
                "p90",
                Metric.LOAD_P95,
                "p95")));
  }

  private static SweepFigure.Point figure5Point(String variant, int branching, int routers) {
    return point(
        variant,
        String.valueOf(routers),
        Setup.tree(
            branching,
            routers,
            FIGURE_5_NODES - routers,
            Rules.PUBLISHED,
            FIGURE_5,
            FIGURE_5_NODES,
            SLOW_WRITES));
  }

  private static Figure figure8(List<Contender> contenders) {
    List<SweepFigure.Point> points = new ArrayList<>();
    for (Workload workload : WORKLOADS) {
      points.add(figure8Point("", workload, Rules.SHARDED));
      Workload fromZero = new Workload(workload.sets(), workload.keysPerSet(), 0);
      points.add(figure8Point("-key-zero", fromZero, Rules.PUBLISHED));
    }
    return new SweepFigure(
        "8",
        ON_FIGURE_7,
        "congestion of the first routers over the workload, static",
        contenders,
        points,
        WORKLOAD_METRICS,
        workloadPlot());
  }

  /// The same workloads. Of the published reallocation there is no code, and so no curve `paper`.
  private static Figure figure9(List<Contender> contenders) {
    return new SweepFigure(
        "9",
        ON_FIGURE_7,
        "congestion of the first routers over the workload, by keys",
        contenders,
        WORKLOADS.stream().map(workload -> figure8Point("", workload, Rules.SHARDED)).toList(),
        WORKLOAD_METRICS,
        workloadPlot());
  }

  static Plot workloadPlot() {
    return new Plot(
        Plot.Kind.BARS,
        "workload W(sets x keys)",
        "packets",
        List.of(Metric.ROOT_PACKETS, Metric.ROUTER_0_PACKETS, Metric.ROUTER_1_PACKETS),
        NOT_DRAWN,
        Map.of(
            Metric.ROOT_PACKETS,
            "root",
            Metric.ROUTER_0_PACKETS,
            "first router",
            Metric.ROUTER_1_PACKETS,
            "second router"));
  }

  /// Figure 7's tree: binary, 6 routers, 8 workers.
  private static SweepFigure.Point figure8Point(String variant, Workload workload, Rules rules) {
    return point(
        variant, workload.label(), Setup.tree(2, 6, 8, rules, workload, FIXED_TASKS, EVERY_10_MS));
  }

  private static int workersAt(int height) {
    int workers = 3;
    for (int i = 0; i < height; i++) {
      workers *= 3;
    }
    return workers;
  }

  /// The full ternary tree with that many levels of routers below the root.
  private static Setup tree(int height, int tasks, Pace pace) {
    int workers = workersAt(height);
    return Setup.tree(3, (workers - 3) / 2, workers, Rules.PUBLISHED, FOUR_SETS, tasks, pace);
  }

  private static Setup star(int height, Rules rules, int tasks, Pace pace) {
    return Setup.star(workersAt(height), rules, FOUR_SETS, tasks, pace);
  }

  private static SweepFigure.Point point(String variant, String x, Setup setup) {
    boolean checksOnly = variant.endsWith("-1ms") || variant.endsWith("-b4");
    return new SweepFigure.Point(variant, x, setup, !checksOnly);
  }
}
