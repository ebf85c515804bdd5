package dev.banyan.lab.claims;

import dev.banyan.lab.reference.Measured;
import dev.banyan.lab.reference.Pace;
import dev.banyan.lab.reference.PublishedRun;
import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.tasks.NodeRules;
import dev.banyan.lab.tasks.TaskCosts;
import dev.banyan.lab.tasks.TaskRun;
import java.util.List;

/// Claims 4, 14 and 17: what crosses the links.
final class TrafficClaims {

  static final String PER_HEARTBEAT = "multicasts_per_heartbeat";
  static final String ROOT_SHARE = "heartbeat_share_at_the_root";
  static final String LOWEST_SHARE = "heartbeat_share_at_the_lowest_routers";
  static final String UPDATES_PER_SECOND = "updates_per_second";

  static final String SHARDED = "data_packets_sharded";
  static final String UNSHARDED = "data_packets_unsharded";
  static final String SHARDED_CONTROL = "control_packets_sharded";
  static final String UNSHARDED_CONTROL = "control_packets_unsharded";
  static final String HOSTS_WITH_MORE = "hosts_with_more";

  /// Ends in the number of workers.
  static final String REACHED = "other_subtrees_reached_at_";

  static final String REACHED_AT_FIXED_RATE = "other_subtrees_reached_at_fixed_rate_at_";

  private static final Pace PACE = Pace.published(11.1, 1);
  private static final int TASKS = 512;

  private TrafficClaims() {}

  private static Setup binary(Rules rules, Workload workload, int tasks) {
    return Setup.tree(2, 6, 8, rules, workload, tasks, PACE);
  }

  /// Figure 7's tree under W(4x2), the second half of the tasks. The lowest routers are those with workers: less of the
  /// traffic passes them than the root.
  static void heartbeats(NodeRules rules, long seed, Findings to) {
    int tasks = 4 * TASKS;
    Setup setup = binary(Rules.SHARDED, Workload.of(4, 2), tasks);
    TaskCosts costs = TaskRun.measureFrom(tasks / 2, setup, rules, seed);
    to.put(
        PER_HEARTBEAT,
        (double) costs.links().packets().data() / costs.links().packets().heartbeats());
    to.put(ROOT_SHARE, costs.root().packets().heartbeatShare());
    List<TaskCosts.Traffic> lowest = costs.routers().subList(2, costs.routers().size());
    to.put(
        LOWEST_SHARE,
        lowest.stream()
            .mapToDouble(router -> router.packets().heartbeatShare())
            .average()
            .orElse(Double.NaN));
    double seconds = costs.tasks() * PACE.taskGapNanos() / 1e9;
    to.put(UPDATES_PER_SECOND, costs.updates() / seconds);
  }

  /// The same programs with and without sharding: data packets on all links, and what else it takes.
  static void sharding(NodeRules rules, long seed, Findings to) {
    TaskCosts with = TaskRun.measure(binary(Rules.SHARDED, Workload.of(4, 2), TASKS), rules, seed);
    TaskCosts without =
        TaskRun.measure(binary(Rules.UNSHARDED, Workload.of(4, 2), TASKS), rules, seed);
    to.put(SHARDED, with.links().packets().data());
    to.put(UNSHARDED, without.links().packets().data());
    to.put(SHARDED_CONTROL, with.links().packets().control());
    to.put(UNSHARDED_CONTROL, without.links().packets().control());
    int more = with.root().packets().data() > without.root().packets().data() ? 1 : 0;
    for (int i = 0; i < with.routers().size(); i++) {
      more +=
          with.routers().get(i).packets().data() > without.routers().get(i).packets().data()
              ? 1
              : 0;
    }
    to.put(HOSTS_WITH_MORE, more);
  }

  /// All four workloads of figure 8, in the published simulator.
  static void publishedSharding(long seed, Findings to) {
    long sharded = 0;
    long unsharded = 0;
    int more = 0;
    for (Workload workload :
        List.of(Workload.of(4, 2), Workload.of(2, 2), Workload.of(1, 2), Workload.of(1, 1))) {
      Measured with = PublishedRun.measure(binary(Rules.SHARDED, workload, TASKS), seed);
      Measured without = PublishedRun.measure(binary(Rules.UNSHARDED, workload, TASKS), seed);
      sharded += with.keyUpdatePackets();
      unsharded += without.keyUpdatePackets();
      more += with.rootPackets() > without.rootPackets() ? 1 : 0;
      for (int i = 0; i < with.routerPackets().size(); i++) {
        more += with.routerPackets().get(i) > without.routerPackets().get(i) ? 1 : 0;
      }
    }
    to.put(SHARDED, sharded);
    to.put(UNSHARDED, unsharded);
    to.put(HOSTS_WITH_MORE, more);
  }

  /// Of the two child subtrees of a ternary tree's root that an update does not come from, the share it must go down to,
  /// as the tree grows: with tasks that come the faster the more workers there are, and as figure 4 has them.
  static void sharedKeys(long seed, Findings to) {
    int smallest = 9;
    for (int workers = smallest; workers <= 729; workers *= 3) {
      to.put(REACHED + workers, reached(workers, 11.1 * smallest / workers, seed));
    }
    for (int workers = smallest; workers <= 729; workers *= 3) {
      to.put(REACHED_AT_FIXED_RATE + workers, reached(workers, 11.1, seed));
    }
  }

  private static double reached(int workers, double taskGapMillis, long seed) {
    Measured run =
        PublishedRun.measure(
            Setup.tree(
                3,
                (workers - 3) / 2,
                workers,
                Rules.SHARDED,
                new Workload(4, 5, 1),
                8 * workers,
                Pace.published(taskGapMillis, 1)),
            seed);
    return ((double) run.rootKeyUpdates() / run.updates() - 1) / 2;
  }
}
