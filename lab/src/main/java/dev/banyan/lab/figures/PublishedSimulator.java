package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Measured;
import dev.banyan.lab.reference.PublishedRun;
import dev.banyan.lab.reference.Setup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The curve `paper`: the published simulator, restated. A packet to oneself counts once, but in loads, which are the
/// published percentiles.
public final class PublishedSimulator implements Contender {

  @Override
  public String series() {
    return "paper";
  }

  @Override
  public boolean takes(SweepFigure.Point point, boolean quick) {
    return can(point.setup());
  }

  @Override
  public boolean can(Setup setup) {
    return setup.published();
  }

  @Override
  public double expectedSeconds(Setup setup) {
    return 0.005 + 1e-7 * setup.tasks() * setup.workers();
  }

  @Override
  public SequencedMap<String, Double> measure(Setup setup, long seed) {
    Measured run = PublishedRun.measure(setup, seed);
    SequencedMap<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.UPDATES, (double) run.updates());
    metrics.put(Metric.TOTAL_PACKETS, (double) run.totalPackets());
    metrics.put(Metric.ROOT_PACKETS, (double) run.rootPackets());
    metrics.put(Metric.ROOT_KEY_UPDATES, (double) run.rootKeyUpdates());
    metrics.put(Metric.DATA_PACKETS_PER_UPDATE, run.dataPacketsPerUpdate());
    List<Long> routers = run.routerPackets();
    routers.stream()
        .mapToLong(Long::longValue)
        .average()
        .ifPresent(mean -> metrics.put(Metric.ROUTER_PACKETS_MEAN, mean));
    if (routers.size() >= 2) {
      metrics.put(Metric.ROUTER_0_PACKETS, (double) routers.get(0));
      metrics.put(Metric.ROUTER_1_PACKETS, (double) routers.get(1));
      metrics.put(Metric.IR_MEAN, (run.rootPackets() + routers.get(0) + routers.get(1)) / 3.0);
    }
    metrics.put(Metric.LOAD_P50, (double) run.loadPercentile(0.5));
    metrics.put(Metric.LOAD_P75, (double) run.loadPercentile(0.75));
    metrics.put(Metric.LOAD_P90, (double) run.loadPercentile(0.9));
    metrics.put(Metric.LOAD_P95, (double) run.loadPercentile(0.95));
    metrics.put(Metric.LOAD_MAX, (double) run.loads().getLast());
    metrics.put(Metric.LOAD_MEAN, run.meanLoad());
    return metrics;
  }
}
