package dev.banyan.sim.figures;

import dev.banyan.sim.reference.Setup;
import dev.banyan.sim.reference.Workload;
import java.util.ArrayList;
import java.util.List;

/// A configuration of one's own, measured like figures 4 to 6: the whole run.
public final class OwnFigure {

  public static final String NAME = "own";

  private OwnFigure() {}

  /// @param remark ends the title; may be empty
  public static Figure of(Setup setup, String remark, List<? extends Contender> contenders) {
    List<String> metrics = new ArrayList<>(SweepFigures.WORKLOAD_METRICS);
    metrics.addAll(
        List.of(
            Metric.READS,
            Metric.READS_LOCAL_SHARE,
            Metric.HOST_PACKETS_MAX,
            Metric.HOST_PACKETS_MEAN));
    return new SweepFigure(
        NAME,
        NAME,
        title(setup) + remark,
        List.copyOf(contenders),
        List.of(new SweepFigure.Point("", setup.work().label(), setup, true)),
        metrics,
        SweepFigures.workloadPlot());
  }

  private static String title(Setup setup) {
    String hosts =
        switch (setup.shape()) {
          case MESH -> "full mesh of %d workers".formatted(setup.workers());
          case TREE ->
              setup.routers() == 0
                  ? "star of %d workers".formatted(setup.workers())
                  : "%d workers, %d routers below the root, branching %d"
                      .formatted(setup.workers(), setup.routers(), setup.branching());
        };
    String label = setup.work().label();
    String work = setup.work() instanceof Workload ? "W(" + label + ")" : label;
    String sharding = setup.rules().sharded() ? "" : ", not sharded";
    return "%s, %s, %d tasks%s".formatted(hosts, work, setup.tasks(), sharding);
  }
}
