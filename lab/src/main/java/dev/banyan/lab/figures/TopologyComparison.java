package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.tasks.NodeRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an update costs in a full mesh, a star and a tree, each sharded or not, on Banyan's stores: unicast to everybody
/// (§1), the broadcast domain of §8.2 and the tree. Workload and pace as in figures 4 and 6.
public final class TopologyComparison implements Figure {

  private static final Workload WORKLOAD = Workload.of(4, 5);
  private static final int TASKS_PER_WORKER = 4;
  private static final int BRANCHING = 3;
  private static final List<Integer> WORKERS = List.of(9, 27, 81, 243);
  private static final int MOST_QUICK = 81;
  private static final int QUICK_SEEDS = 2;

  /// With so many workers one trial without sharding takes seconds.
  private static final int LARGE = 243;

  private static final int SEEDS_OF_LARGE = 3;

  private static final List<String> METRICS =
      List.of(
          Metric.HOST_PACKETS_MAX,
          Metric.HOST_PACKETS_MEAN,
          Metric.TOTAL_PACKETS,
          Metric.DATA_PACKETS_PER_UPDATE,
          Metric.HOST_KEY_UPDATES_MAX,
          Metric.ROOT_PACKETS,
          Metric.CONTROL_PACKETS,
          Metric.HEARTBEATS,
          Metric.UPDATES);

  private static final RealNode NODE =
      new RealNode("banyan", NodeRules.BANYAN, RealNode.Span.LAST_HALF);

  @Override
  public String name() {
    return "topologies";
  }

  @Override
  public String title() {
    return "full mesh, star and tree: packets at the busiest host";
  }

  @Override
  public String explanation() {
    return "The same tasks, W(4x5) and four for each worker, on hosts that are connected otherwise: a full mesh is unicast"
        + " from each writer to everybody, a star goes through one host, the tree is ternary. “-sharded”: only to those who"
        + " want the key. The last half of the tasks, scaled to all. Nodes and stores are those that ship; what the mesh"
        + " costs follows from the frames of the star's workers, each counted once for every worker that it is for. In the"
        + " star and the mesh one host hands in all tasks, in the tree the root does: 4 packets a task.";
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (Rules rules : List.of(Rules.UNSHARDED, Rules.SHARDED)) {
      for (String shape : List.of("mesh", "star", "tree")) {
        for (int workers : WORKERS) {
          if (!quick || workers <= MOST_QUICK) {
            String x = String.valueOf(workers);
            String series = rules.sharded() ? shape + "-sharded" : shape;
            int seeds = quick ? quickSeeds(workers) : seeds(workers);
            trials.add(NODE.trial(series, x, setup(shape, workers, rules), METRICS, seeds));
          }
        }
      }
    }
    return trials;
  }

  private static int quickSeeds(int workers) {
    return workers < MOST_QUICK ? QUICK_SEEDS : 1;
  }

  private static int seeds(int workers) {
    return workers < LARGE ? Integer.MAX_VALUE : SEEDS_OF_LARGE;
  }

  private static Setup setup(String shape, int workers, Rules rules) {
    int tasks = TASKS_PER_WORKER * workers;
    return switch (shape) {
      case "mesh" -> Setup.mesh(workers, rules, WORKLOAD, tasks, SweepFigures.EVERY_10_MS);
      case "star" -> Setup.star(workers, rules, WORKLOAD, tasks, SweepFigures.EVERY_10_MS);
      default ->
          Setup.tree(
              BRANCHING,
              (workers - BRANCHING) / (BRANCHING - 1),
              workers,
              rules,
              WORKLOAD,
              tasks,
              SweepFigures.EVERY_10_MS);
    };
  }

  @Override
  public Plot plot() {
    return growth(Metric.HOST_PACKETS_MAX, "packets at the busiest host");
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-mean",
            "full mesh, star and tree: packets at the mean host",
            growth(Metric.HOST_PACKETS_MEAN, "packets at the mean host")),
        new Sequel(
            "-updates",
            "full mesh, star and tree: packets for each update on all links",
            growth(Metric.DATA_PACKETS_PER_UPDATE, "data packets per update")),
        new Sequel(
            "-control",
            "full mesh, star and tree: what keeps interest and stores in step, on all links",
            growth(Metric.CONTROL_PACKETS, "control packets")));
  }

  private static Plot growth(String metric, String yTitle) {
    return new Plot(
        Plot.Kind.GROWTH,
        "workers",
        yTitle,
        List.of(metric),
        Set.of(),
        Map.of("-sharded", "sharded"));
  }
}
