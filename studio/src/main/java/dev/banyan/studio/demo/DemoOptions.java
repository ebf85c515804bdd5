package dev.banyan.studio.demo;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a demonstration goes.
///
/// @param nodes that join, the root not counted
/// @param routerShare probability that a joiner is a router
/// @param childRouters most child routers of a router; 2 makes the binary tree of §7
/// @param seed decides who joins, who dies, who hangs and when, and what the workload's operations are
/// @param speed by which all waits and timers of the nodes and of the script are divided
/// @param records keys of the workload
/// @param operationsPerSecond of the workload, over all workers; not scaled by speed
/// @param hangShare probability that a removal begins with a hang
/// @param processes each node a process of its own
/// @param secure whether nodes have identities: then links are encrypted and records sealed
/// @param report where to write summary and figures
/// @param json print the summary as JSON and nothing else
public record DemoOptions(
    int nodes,
    double routerShare,
    int childRouters,
    long seed,
    double speed,
    int records,
    int operationsPerSecond,
    double hangShare,
    boolean processes,
    boolean secure,
    Optional<Path> report,
    boolean json) {

  /// The tree's name.
  static final String TREE = "demo";

  /// The tree's configuration: the defaults, times divided by the speed.
  TreeConfig tree() {
    return TreeConfig.DEFAULT
        .withCapacity(
            new TreeConfig.Capacity(
                childRouters, Math.max(nodes, TreeConfig.Capacity.DEFAULT.clients())))
        .withTiming(TreeConfig.Timing.DEFAULT.dividedBy(speed).ofNewTree());
  }

  /// The store's configuration: the defaults, times divided by the speed; but nothing fades, as each worker is held to
  /// every update of what it has read once.
  StoreConfig store() {
    StoreConfig.Fetching fetching = StoreConfig.Fetching.DEFAULT;
    StoreConfig.Resyncing resyncing = StoreConfig.Resyncing.DEFAULT;
    return StoreConfig.DEFAULT
        .withHalfLifeNanos(StoreConfig.NEVER)
        .withFetching(
            new StoreConfig.Fetching(
                divided(fetching.timeoutNanos()),
                fetching.tries(),
                fetching.inFlight(),
                fetching.perSecond(),
                fetching.patienceNanos()))
        .withResyncing(
            new StoreConfig.Resyncing(
                divided(resyncing.spreadNanos()),
                divided(resyncing.replySpreadNanos()),
                divided(resyncing.settleSpreadNanos()),
                divided(resyncing.holeNanos())));
  }

  /// A time of the script, divided by the speed.
  Duration scaled(double seconds) {
    return Duration.ofNanos(Math.max(1, Math.round(seconds * 1e9 / speed)));
  }

  private long divided(long nanos) {
    return Math.max(1, Math.round(nanos / speed));
  }
}
