package dev.banyan.lab.figures;

import java.util.List;

/// Names in the column `metric`. All packets are counted per hop; a run's own definition is with its contender.
public final class Metric {

  /// Updates that workers wrote.
  public static final String UPDATES = "updates";

  /// Of all hosts.
  public static final String TOTAL_PACKETS = "total_packets";

  /// Sent or received by the root.
  public static final String ROOT_PACKETS = "root_packets";

  /// Those of them that carry updates.
  public static final String ROOT_KEY_UPDATES = "root_key_updates";

  /// Mean over all routers below the root of what each sent or received.
  public static final String ROUTER_PACKETS_MEAN = "router_packets_mean";

  /// What the first router to join sent or received (IR0 of §8.3).
  public static final String ROUTER_0_PACKETS = "router_0_packets";

  /// What the second did (IR1).
  public static final String ROUTER_1_PACKETS = "router_1_packets";

  /// Mean of the root and the first two routers: what figures 8 and 9 of the paper show.
  public static final String IR_MEAN = "ir_mean";

  /// Packets that carry updates, on all links, for each update.
  public static final String DATA_PACKETS_PER_UPDATE = "data_packets_per_update";

  /// Percentiles over the root and all routers, a packet to itself counted twice, as published.
  public static final String LOAD_P50 = "load_p50";

  public static final String LOAD_P75 = "load_p75";
  public static final String LOAD_P90 = "load_p90";
  public static final String LOAD_P95 = "load_p95";
  public static final String LOAD_MAX = "load_max";
  public static final String LOAD_MEAN = "load_mean";

  /// Sent or received by the root and not in [#ROOT_PACKETS], as the published simulator has nothing like it: interest,
  /// questions and their answers, repair.
  public static final String ROOT_CONTROL_PACKETS = "root_control_packets";

  /// Heartbeats sent or received by the root; not in [#ROOT_PACKETS] either.
  public static final String ROOT_HEARTBEATS = "root_heartbeats";

  /// The bytes of [#TOTAL_PACKETS], of those on links.
  public static final String TOTAL_BYTES = "total_bytes";

  /// The bytes of [#ROOT_PACKETS], of those on links.
  public static final String ROOT_BYTES = "root_bytes";

  /// The bytes of [#ROOT_KEY_UPDATES].
  public static final String ROOT_DATA_BYTES = "root_data_bytes";

  /// The bytes of [#ROOT_CONTROL_PACKETS].
  public static final String ROOT_CONTROL_BYTES = "root_control_bytes";

  /// The bytes of [#ROOT_HEARTBEATS].
  public static final String ROOT_HEARTBEAT_BYTES = "root_heartbeat_bytes";

  /// The bytes of [#ROUTER_PACKETS_MEAN], of those on links.
  public static final String ROUTER_BYTES_MEAN = "router_bytes_mean";

  /// What only real nodes have: messages of their own, and bytes.
  static final List<String> OF_NODES =
      List.of(
          ROOT_CONTROL_PACKETS,
          ROOT_HEARTBEATS,
          TOTAL_BYTES,
          ROOT_BYTES,
          ROOT_DATA_BYTES,
          ROOT_CONTROL_BYTES,
          ROOT_HEARTBEAT_BYTES,
          ROUTER_BYTES_MEAN);

  /// Mean time from handing a task in to the start of its program.
  public static final String TASK_QUEUED_MILLIS = "task_queued_millis";

  /// Mean time from handing a task in to its result.
  public static final String TASK_MILLIS = "task_millis";

  /// To how many workers the tasks of a working set went; those with few of them count for less.
  public static final String WORKERS_PER_SET = "workers_per_set";

  /// Plumtree's: frames received for each node that received one, less one.
  public static final String REDUNDANCY = "relative_message_redundancy";

  /// Plumtree's: the links that the last delivery of a multicast had crossed, mean over multicasts.
  public static final String LAST_HOP = "last_delivery_hop";

  /// Values that tasks read; each key of a scan is one.
  public static final String READS = "reads";

  /// Those of them for which nobody had to be asked, as the worker held the newest value already.
  public static final String READS_LOCAL_SHARE = "reads_local_share";

  /// Sent or received by the host with most of them: root, router or worker.
  public static final String HOST_PACKETS_MAX = "host_packets_max";

  /// Mean over all hosts, workers too, of what each sent or received.
  public static final String HOST_PACKETS_MEAN = "host_packets_mean";

  /// Updates sent or received by the host with most of them.
  public static final String HOST_KEY_UPDATES_MAX = "host_key_updates_max";

  /// On all links and not in [#TOTAL_PACKETS]; see [#ROOT_CONTROL_PACKETS].
  public static final String CONTROL_PACKETS = "control_packets";

  /// On all links and not in [#TOTAL_PACKETS].
  public static final String HEARTBEATS = "heartbeats";

  /// The exponent e of the power law c * x^e that fits a curve best: least squares of the logarithms, for each seed.
  public static final String GROWTH_EXPONENT = "growth_exponent";

  private Metric() {}
}
