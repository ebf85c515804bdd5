package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Ycsb;
import dev.banyan.lab.tasks.NodeRules;
import dev.banyan.lab.tasks.TaskCosts;
import dev.banyan.lab.tasks.TaskRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/// The node that ships, with its store and its codec, in virtual time.
///
/// @param span which part of a run is measured
public record RealNode(String series, NodeRules rules, Span span) implements Contender {

  /// Which part of a run is measured.
  public enum Span {
    /// All of it, joining and the first use of every key included.
    WHOLE(1),
    /// The last half of the tasks, scaled to all: no joins, and the first use of few keys.
    LAST_HALF(1),
    /// Ten times as many tasks, of which the last half is measured, and scaled to the number of tasks that was asked
    /// for: what that many tasks cost once everything has settled.
    SETTLED(10);

    private final int longer;

    Span(int longer) {
      this.longer = longer;
    }
  }

  /// Variants that only check how the published simulator was paced, or its fault.
  private static final Set<String> OF_THE_PUBLISHED =
      Set.of("-512-tasks", "-flat-512-tasks", "-1ms", "-512-tasks-1ms", "-key-zero", "-b4");

  /// Real nodes cost real time: beyond this, all seeds of a figure take many minutes.
  private static final int MOST_WORKERS = 350;

  private static final int MOST_WORKERS_QUICK = 81;

  /// The same, with another rule about what goes up.
  public RealNode withUpwardPruning(boolean changed) {
    return new RealNode(series, rules.withUpwardPruning(changed), span);
  }

  /// Beyond so many workers a run takes minutes and gigabytes.
  public static final int MOST_WORKERS_EVER = 1_024;

  @Override
  public String settings() {
    return toString();
  }

  @Override
  public boolean takes(SweepFigure.Point point, boolean quick) {
    return point.setup().workers() <= (quick ? MOST_WORKERS_QUICK : MOST_WORKERS)
        && !OF_THE_PUBLISHED.contains(point.variant());
  }

  @Override
  public boolean can(Setup setup) {
    return setup.workers() <= MOST_WORKERS_EVER;
  }

  @Override
  public double expectedSeconds(Setup setup) {
    double hosts = setup.workers() + setup.routers();
    // They join one after the other, while all that have joined heartbeat; reads of YCSB are many.
    double joining = 0.02 + 4e-6 * hosts * hosts;
    double reading = setup.work() instanceof Ycsb ? 0.5 : 0;
    return joining + reading + 4.5e-6 * span.longer * setup.tasks() * hosts;
  }

  @Override
  public SequencedMap<String, Double> measure(Setup setup, long seed) {
    return switch (span) {
      case WHOLE -> metrics(TaskRun.measure(setup, rules, seed), 1);
      case LAST_HALF, SETTLED -> {
        Setup longer = setup.withTasks(span.longer * setup.tasks());
        int from = longer.tasks() / 2;
        TaskCosts costs = TaskRun.measureFrom(from, longer, rules, seed);
        yield metrics(costs, (double) setup.tasks() / costs.tasks());
      }
    };
  }

  /// A trial of one setup, for figures that have more than curves by contender.
  ///
  /// @param curve the trial's series
  /// @param x where it stands
  /// @param mostSeeds with how many seeds it is measured at the most
  Trial trial(String curve, String x, Setup setup, List<String> metrics, int mostSeeds) {
    return new OneSetup(this, curve, x, setup, metrics, mostSeeds);
  }

  private record OneSetup(
      RealNode node, String series, String x, Setup setup, List<String> metrics, int mostSeeds)
      implements Trial {

    @Override
    public String configuration() {
      return x + " " + setup + " " + node.settings();
    }

    @Override
    public double expectedSeconds() {
      return node.expectedSeconds(setup);
    }

    @Override
    public List<Value> measure(long seed) {
      return Trial.values(x, metrics, node.measure(setup, seed));
    }
  }

  private static SequencedMap<String, Double> metrics(TaskCosts costs, double scale) {
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    TaskCosts.ByKind root = costs.root().packets();
    TaskCosts.ByKind links = costs.links().packets();
    metrics.put(Metric.UPDATES, scale * costs.updates());
    metrics.put(Metric.TOTAL_PACKETS, scale * links.published());
    metrics.put(Metric.ROOT_PACKETS, scale * root.published());
    metrics.put(Metric.ROOT_KEY_UPDATES, scale * root.data());
    metrics.put(
        Metric.DATA_PACKETS_PER_UPDATE,
        costs.updates() == 0 ? 0 : (double) links.data() / costs.updates());
    List<Long> routers =
        costs.routers().stream().map(router -> router.packets().published()).toList();
    routers.stream()
        .mapToLong(Long::longValue)
        .average()
        .ifPresent(mean -> metrics.put(Metric.ROUTER_PACKETS_MEAN, scale * mean));
    if (routers.size() >= 2) {
      double first = scale * routers.get(0);
      double second = scale * routers.get(1);
      metrics.put(Metric.ROUTER_0_PACKETS, first);
      metrics.put(Metric.ROUTER_1_PACKETS, second);
      metrics.put(Metric.IR_MEAN, (scale * root.published() + first + second) / 3);
    }
    loads(costs, scale, metrics);
    metrics.put(Metric.ROOT_CONTROL_PACKETS, scale * root.control());
    metrics.put(Metric.ROOT_HEARTBEATS, scale * root.heartbeats());
    bytes(costs, scale, metrics);
    metrics.put(Metric.TASK_QUEUED_MILLIS, costs.waitMillis());
    metrics.put(Metric.TASK_MILLIS, costs.turnaroundMillis());
    if (costs.workersPerSet() > 0) {
      metrics.put(Metric.WORKERS_PER_SET, costs.workersPerSet());
    }
    if (costs.reads() > 0) {
      metrics.put(Metric.READS, scale * costs.reads());
      metrics.put(Metric.READS_LOCAL_SHARE, (double) costs.localReads() / costs.reads());
    }
    hosts(costs, scale, metrics);
    return metrics;
  }

  private static void bytes(TaskCosts costs, double scale, SequencedMap<String, Double> metrics) {
    TaskCosts.ByKind root = costs.root().bytes();
    metrics.put(Metric.TOTAL_BYTES, scale * costs.links().bytes().published());
    metrics.put(Metric.ROOT_BYTES, scale * root.published());
    metrics.put(Metric.ROOT_DATA_BYTES, scale * root.data());
    metrics.put(Metric.ROOT_CONTROL_BYTES, scale * root.control());
    metrics.put(Metric.ROOT_HEARTBEAT_BYTES, scale * root.heartbeats());
    costs.routers().stream()
        .mapToLong(router -> router.bytes().published())
        .average()
        .ifPresent(mean -> metrics.put(Metric.ROUTER_BYTES_MEAN, scale * mean));
  }

  /// Over all hosts, workers too; packets to oneself once.
  private static void hosts(TaskCosts costs, double scale, SequencedMap<String, Double> metrics) {
    List<TaskCosts.ByKind> hosts =
        Stream.of(List.of(costs.root()), costs.routers(), costs.workers())
            .flatMap(List::stream)
            .map(TaskCosts.Traffic::packets)
            .toList();
    LongSummaryStatistics all =
        hosts.stream().mapToLong(TaskCosts.ByKind::published).summaryStatistics();
    metrics.put(Metric.HOST_PACKETS_MAX, scale * all.getMax());
    metrics.put(Metric.HOST_PACKETS_MEAN, scale * all.getAverage());
    metrics.put(
        Metric.HOST_KEY_UPDATES_MAX,
        scale * hosts.stream().mapToLong(TaskCosts.ByKind::data).max().orElse(0));
    metrics.put(Metric.CONTROL_PACKETS, scale * costs.links().packets().control());
    metrics.put(Metric.HEARTBEATS, scale * costs.links().packets().heartbeats());
  }

  /// The published percentiles, packets to oneself twice.
  private static void loads(TaskCosts costs, double scale, SequencedMap<String, Double> metrics) {
    List<Double> loads = new ArrayList<>();
    Stream.concat(Stream.of(costs.root()), costs.routers().stream())
        .map(TaskCosts.Traffic::packets)
        .map(packets -> scale * (packets.published() + packets.own()))
        .sorted()
        .forEach(loads::add);
    metrics.put(Metric.LOAD_P50, share(loads, 0.5));
    metrics.put(Metric.LOAD_P75, share(loads, 0.75));
    metrics.put(Metric.LOAD_P90, share(loads, 0.9));
    metrics.put(Metric.LOAD_P95, share(loads, 0.95));
    metrics.put(Metric.LOAD_MAX, loads.getLast());
    metrics.put(
        Metric.LOAD_MEAN, loads.stream().mapToDouble(Double::doubleValue).average().orElse(0));
  }

  private static double share(List<Double> ascending, double share) {
    return ascending.get((int) (ascending.size() * share));
  }
}
