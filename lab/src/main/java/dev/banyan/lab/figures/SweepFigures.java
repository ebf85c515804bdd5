package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Pace;
import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
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

  /// In the way of most pictures: it is what it is without one of its parts.
  static final String NO_REALLOCATION = "banyan-no-reallocation";

  private static final String FIGURE_4 =
      """
      Workers write keys of W(4x5), two tasks each, one task every 10 ms, and the packets that the root sends or receives \
      are counted from the first join on; both axes are logarithmic, so that a power of the number of workers is a \
      straight line. “Flat” is a star without sharding: everybody hears everything through the root, and it grows with \
      the square. The tree is ternary and sharded: its root grows with the number of tasks, which here is the number of \
      workers. The node that ships is measured up to 350 workers (81 in a quick run). By the paper's rules its root has \
      more packets than the published simulator's: a key once used stays wanted, and a join costs the root 6 packets, not 3.\
      """;

  private static final String FIGURE_5_EXPLAINED =
      """
      340 nodes, of which more and more are routers, in a ternary tree. For the root and all routers together the packets \
      that each sends or receives in the whole run; p95 is what 95% of them do not exceed, and up to 16 routers that is \
      the root itself. In the published simulator a tree with fewer than 112 routers has fewer places than workers, and \
      the root takes whoever finds none. It gives a task to the child with the fewest, a child router counting as one \
      child; so most routers have little to do, until with 112 of them all workers are below routers. The node that ships \
      has more workers at each router at the bottom instead. How the published runs were set up is not known: tasks and \
      writes are fitted to their packets. The second picture has the percentiles between.\
      """;

  private static final String FIGURE_6 =
      """
      The same work as in figure 4, in a star whose one router forwards an update only to workers that use its key, beside \
      the tree: does sharding alone do it? In the published simulator both roots grow alike. On the node that ships they do \
      not: interest that fades, tasks that go where their keys are at home, and updates that do not climb where nobody \
      outside wants them help a tree, whose root then hears little, and do not help a star, whose root hears it all.\
      """;

  private static final String FIGURE_8 =
      """
      Figure 7's tree of 6 routers and 8 workers, 512 tasks. In W(SxK) each task picks one of S disjoint sets of K keys \
      and writes to it 3.5 times in the mean; so from left to right more and more workers use the same keys, and in \
      W(1x1) all use one. Three bars for each series: packets that the root, its first and its second child router send \
      or receive, 2,048 of the root's being tasks and results. “paper” counts a whole run of 512 tasks, joins included. \
      There a key is wanted at a worker only while one of its tasks uses it, so that with four sets some updates find \
      nobody. On the node that ships 5,120 tasks run, and the last half is measured and scaled to 512. By the paper's rules \
      a key once used is wanted for ever, and everything climbs to the root: soon all eight workers have used all keys, and \
      every workload looks like the worst. “banyan” sends tasks where their keys are at home: each of four sets ends \
      at two siblings, each of two in half of the tree, and no update crosses the root; its bar is the tasks alone. Where \
      everybody uses the same keys no placement helps, and everything goes everywhere. Error bars are one standard \
      deviation over the seeds.\
      """;

  private static final String FIGURE_9 =
      """
      The same tree, workloads and bars as in figure 8, for what bringing tasks and keys together saves. The paper's code \
      for that was never published, so there is no series “paper”. “banyan-no-reallocation” is Banyan with tasks sent to \
      whoever has the fewest, as in the paper; “banyan” sends them where their keys are at home. They differ in nothing \
      else. With several sets the root keeps nothing but tasks and results (2,048 packets); with one set there is nothing \
      to bring together.\
      """;

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
        FIGURE_4,
        contenders,
        points,
        GROWTH_METRICS,
        growth(Map.of("", "tree", "-flat", "flat, unsharded")),
        List.of());
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
        FIGURE_6,
        contenders,
        points,
        GROWTH_METRICS,
        growth(Map.of("", "star, sharded", "-tree", "tree")),
        List.of());
  }

  private static Plot growth(Map<String, String> names) {
    return new Plot(
            Plot.Kind.GROWTH,
            "workers",
            "packets at the root",
            List.of(Metric.ROOT_PACKETS),
            NOT_DRAWN,
            names)
        .onDemand(NO_REALLOCATION);
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
        FIGURE_5_EXPLAINED,
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
        percentiles(Metric.LOAD_P50, Metric.LOAD_P95),
        List.of(
            new Figure.Sequel(
                "-between",
                "congestion of root and routers over the number of routers: p75 and p90",
                percentiles(Metric.LOAD_P75, Metric.LOAD_P90))));
  }

  private static Plot percentiles(String... metrics) {
    return new Plot(
            Plot.Kind.CURVES,
            "routers among 340 nodes",
            "packets (root and routers)",
            List.of(metrics),
            Set.of("-b4"),
            Map.of(
                Metric.LOAD_P50,
                "p50",
                Metric.LOAD_P75,
                "p75",
                Metric.LOAD_P90,
                "p90",
                Metric.LOAD_P95,
                "p95"))
        .onDemand(NO_REALLOCATION);
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
        "congestion of the root and the first routers over the workload, static",
        FIGURE_8,
        contenders,
        points,
        WORKLOAD_METRICS,
        workloadPlot().onDemand(NO_REALLOCATION),
        List.of());
  }

  /// The same workloads. Of the published reallocation there is no code, and so no curve `paper`.
  private static Figure figure9(List<Contender> contenders) {
    return new SweepFigure(
        "9",
        ON_FIGURE_7,
        "congestion of the root and the first routers over the workload, by keys",
        FIGURE_9,
        contenders,
        WORKLOADS.stream().map(workload -> figure8Point("", workload, Rules.SHARDED)).toList(),
        WORKLOAD_METRICS,
        workloadPlot(),
        List.of());
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
