package dev.banyan.node.metrics;

import dev.banyan.node.NodeLog;
import dev.banyan.node.NodeSample;
import dev.banyan.node.inspect.LinkFilter;
import dev.banyan.protocol.Message;
import dev.banyan.transport.LinkStatistics;
import dev.banyan.transport.NodeStatistics;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What a node tells of itself, as metrics. Their names are promised in `docs/metrics.md`.
final class NodeMetrics {

  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  private NodeMetrics() {}

  static MetricSnapshots of(NodeSample sample) {
    NodeMetrics metrics = new NodeMetrics();
    metrics.node(sample);
    metrics.children(sample.node().children());
    metrics.sockets(sample.sockets());
    metrics.counters("banyan_", sample.node().counters());
    sample.worker().ifPresent(metrics::store);
    return metrics.all.build();
  }

  private void node(NodeSample sample) {
    Message.SurveyAnswer node = sample.node();
    all.metricSnapshot(
        InfoSnapshot.builder()
            .name("banyan_node")
            .help("The node.")
            .dataPoint(
                InfoDataPointSnapshot.builder()
                    .labels(
                        Labels.of(
                            "node", node.node().toString(),
                            "kind", NodeLog.name(node.kind()),
                            "tree", sample.tree()))
                    .build())
            .build());
    gauge("banyan_rooted", "Whether the node has a path to a root: 1 or 0.", node.rooted() ? 1 : 0);
    gauge("banyan_depth", "Hops from the root, while there is a path.", node.level());
    gauge("banyan_subtree_workers", "Workers below, as heartbeats tell.", node.clients());
    gauge("banyan_subtree_routers", "Routers below, as heartbeats tell.", node.routers());
    gauge(
        "banyan_interest_tags",
        "Tags that the subtree wants or asks about, inboxes included.",
        node.interest().tags());
    gauge(
        "banyan_interest_bits",
        "Leading bits of a tag that are told apart; 64: all.",
        node.interest().bits());
  }

  private void children(List<Message.Neighbour> children) {
    gauges(
        "banyan_child_heartbeat_age_seconds",
        "Time since the last frame from the child.",
        children,
        child -> child.heartbeatAgeMicros() / 1e6);
    gauges(
        "banyan_child_interest_tags",
        "Tags in the child's filter.",
        children,
        child -> child.interest().tags());
    gauges(
        "banyan_child_interest_bits",
        "Leading bits of each tag in the child's filter; 64: it is exact.",
        children,
        child -> child.interest().bits());
    gauges(
        "banyan_child_interest_everything",
        "Whether the child wants everything: 1 or 0.",
        children,
        child -> child.interest().all() ? 1 : 0);
    gauges(
        "banyan_child_filter_bytes",
        "Memory of the child's filter.",
        children,
        child -> child.interest().sizeBytes());
    gauges(
        "banyan_child_filter_false_positive_rate",
        "How often the child's filter should take a key for wanted that is not.",
        children,
        child -> new LinkFilter(child.interest()).falsePositiveRate());
    gauges(
        "banyan_child_congested",
        "Whether the link to the child is congested: 1 or 0.",
        children,
        child -> child.condition().congested() ? 1 : 0);
    childCounters(
        "banyan_child_multicasts_out",
        "Multicasts forwarded to the child.",
        children,
        Message.Neighbour::framesOut);
    childCounters(
        "banyan_child_unwanted_out",
        "Those of no use there, as the child says: false positives.",
        children,
        Message.Neighbour::unwantedOut);
    childCounters(
        "banyan_child_multicasts_in",
        "Multicasts received from the child.",
        children,
        Message.Neighbour::framesIn);
    childCounters(
        "banyan_child_unwanted_in",
        "Those that nobody here wanted.",
        children,
        Message.Neighbour::unwantedIn);
  }

  private void sockets(NodeStatistics sockets) {
    counter("banyan_socket_frames_in", "Frames read, all links.", sockets.framesIn());
    counter("banyan_socket_bytes_in", "Bytes read, all links.", sockets.bytesIn());
    counter("banyan_socket_frames_out", "Frames written, all links.", sockets.framesOut());
    counter("banyan_socket_bytes_out", "Bytes written, all links.", sockets.bytesOut());
    counter("banyan_links_opened", "Links that came up.", sockets.linksOpened());
    counter(
        "banyan_malformed_frames",
        "Malformed frames, each of which closed its link.",
        sockets.malformedFrames());
    counter(
        "banyan_handshakes_failed",
        "Links that never came up, as an end was not believed or made no sense.",
        sockets.failedHandshakes());
    counter("banyan_links_silent", "Links closed as they said nothing.", sockets.silentLinks());
    counter(
        "banyan_links_overflown",
        "Links closed as too much was queued for them.",
        sockets.overflownLinks());
    counter(
        "banyan_machine_failures",
        "Events on which the node failed; each is a bug.",
        sockets.machineFailures());
    counter(
        "banyan_unsent_bytes",
        "Bytes that were queued on links that had to be cut when they were closed.",
        sockets.unsentBytes());
    counter("banyan_read_pauses", "Times that reading was held up.", sockets.pauses());
    gauge("banyan_links", "Open links.", sockets.links().size());
    gauge(
        "banyan_queued_bytes",
        "Bytes that wait to be sent, all links.",
        sockets.links().stream().mapToLong(LinkStatistics::queuedBytes).sum());
  }

  private void store(NodeSample.Store store) {
    counters("banyan_store_", store.counters());
    gauge("banyan_store_keys", "Keys held, tombstones included.", store.keys());
    gauge("banyan_store_learned", "Keys wanted as they were used.", store.learned());
    gauge("banyan_store_explicit", "Keys and prefixes wanted as told.", store.explicit());
    gauge("banyan_store_bytes", "Memory that the store takes.", store.memory().usedBytes());
    gauge("banyan_store_limit_bytes", "Memory that it may take.", store.memory().limitBytes());
    gauge(
        "banyan_store_pinned_bytes",
        "Memory of keys that cannot be let go.",
        store.memory().pinnedBytes());
    gauge("banyan_store_epoch", "Key epoch that is sealed with.", store.epochs().sealing());
    gauge(
        "banyan_store_newest_epoch",
        "Newest key epoch of which the secret is known.",
        store.epochs().newest());
    gauge(
        "banyan_store_connected",
        "Whether updates reach the tree: 1 or 0.",
        store.connected() ? 1 : 0);
    gauge(
        "banyan_store_congested",
        "Whether what is written now would be dropped: 1 or 0.",
        store.congested() ? 1 : 0);
  }

  /// `multicastsIn` becomes `banyan_multicasts_in`, which Prometheus calls `banyan_multicasts_in_total`.
  private void counters(String prefix, List<Message.Counter> counters) {
    for (Message.Counter each : counters) {
      String name = each.name().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      counter(prefix + name, "The counter " + each.name() + ".", each.value());
    }
  }

  private void counter(String name, String help, double value) {
    all.metricSnapshot(
        CounterSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private void gauge(String name, String help, double value) {
    all.metricSnapshot(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private void gauges(
      String name,
      String help,
      List<Message.Neighbour> children,
      ToDoubleFunction<Message.Neighbour> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Message.Neighbour child : children) {
      gauge.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(labels(child))
              .value(value.applyAsDouble(child))
              .build());
    }
    all.metricSnapshot(gauge.build());
  }

  private void childCounters(
      String name,
      String help,
      List<Message.Neighbour> children,
      ToDoubleFunction<Message.Neighbour> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (Message.Neighbour child : children) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(labels(child))
              .value(value.applyAsDouble(child))
              .build());
    }
    all.metricSnapshot(counter.build());
  }

  private static Labels labels(Message.Neighbour child) {
    return Labels.of("child", child.node().toString(), "kind", NodeLog.name(child.kind()));
  }
}
