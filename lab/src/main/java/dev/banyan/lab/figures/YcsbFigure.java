package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Ycsb;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// YCSB's core workloads A to F on figure 7's tree: 8 workers below 6 routers, 512 tasks. The published simulator has no reads, and so no curve here.
public final class YcsbFigure implements Figure {

  private static final int ROUTERS = 6;
  private static final int WORKERS = 8;
  private static final int TASKS = 512;
  private static final int QUICK_SEEDS = 1;

  static final List<String> METRICS =
      List.of(
          Metric.ROOT_PACKETS,
          Metric.ROOT_KEY_UPDATES,
          Metric.ROUTER_PACKETS_MEAN,
          Metric.DATA_PACKETS_PER_UPDATE,
          Metric.TOTAL_PACKETS,
          Metric.UPDATES,
          Metric.READS,
          Metric.READS_LOCAL_SHARE,
          Metric.ROOT_CONTROL_PACKETS,
          Metric.ROOT_HEARTBEATS,
          Metric.TASK_QUEUED_MILLIS,
          Metric.TASK_MILLIS);

  private final List<RealNode> nodes;

  public YcsbFigure(List<RealNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  @Override
  public String name() {
    return "ycsb";
  }

  @Override
  public String title() {
    return "YCSB's core workloads: packets at the root and the mean router";
  }

  @Override
  public String explanation() {
    return "The core workloads of YCSB (Cooper et al., 2010) on figure 7's tree: A half reads, half updates; B 95% reads;"
        + " C reads only; D 95% reads of the newest records, 5% inserts; E 95% scans of 1 to 100 records, 5% inserts; F"
        + " half reads, half read-modify-writes. 1,000 records, zipfian; a task has 3.5 operations in the mean, each on"
        + " keys of its own. A read of what the worker does not hold, or no longer, asks a holder; that is control"
        + " traffic and not in these packets. The last 256 of 512 tasks, scaled to all. The published simulator has no"
        + " reads, and so no curve.";
  }

  @Override
  public List<Trial> trials(boolean quick) {
    int seeds = quick ? QUICK_SEEDS : Integer.MAX_VALUE;
    return nodes.stream()
        .flatMap(node -> Arrays.stream(Ycsb.values()).map(ycsb -> trial(node, ycsb, seeds)))
        .toList();
  }

  private static Trial trial(RealNode node, Ycsb ycsb, int seeds) {
    Setup setup =
        Setup.tree(2, ROUTERS, WORKERS, Rules.SHARDED, ycsb, TASKS, SweepFigures.EVERY_10_MS);
    return node.trial(node.series(), ycsb.label(), setup, METRICS, seeds);
  }

  @Override
  public Plot plot() {
    return bars(
        "packets of 512 tasks",
        Map.of(Metric.ROOT_PACKETS, "root", Metric.ROUTER_PACKETS_MEAN, "mean router"));
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-reads",
            "YCSB's core workloads: reads for which nobody had to be asked",
            bars("share of reads", Map.of(Metric.READS_LOCAL_SHARE, "local"))),
        new Sequel(
            "-updates",
            "YCSB's core workloads: packets for each update on all links",
            bars("data packets per update", Map.of(Metric.DATA_PACKETS_PER_UPDATE, "packets"))));
  }

  private static Plot bars(String yTitle, Map<String, String> metrics) {
    return new Plot(
            Plot.Kind.BARS,
            "workload",
            yTitle,
            METRICS.stream().filter(metrics::containsKey).toList(),
            Set.of(),
            metrics)
        .onDemand(SweepFigures.NO_REALLOCATION);
  }
}
