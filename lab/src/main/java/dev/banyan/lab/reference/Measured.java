package dev.banyan.lab.reference;

import java.util.List;

/// What a run cost.
///
/// @param updates that workers wrote
/// @param tasks that came and returned
/// @param totalPackets of all hosts, each once
/// @param rootPackets that the root sent or received, those to itself once
/// @param rootKeyUpdates the updates among them
/// @param keyUpdatePackets updates on all links: the data packets, counted per hop
/// @param routerPackets as `rootPackets`, of each router below the root in the order in which they joined
/// @param loads packets of the root and all routers, ascending; those to itself twice, as the published percentiles
///     count them
/// @param virtualNanos until the last result
public record Measured(
    long updates,
    long tasks,
    long totalPackets,
    long rootPackets,
    long rootKeyUpdates,
    long keyUpdatePackets,
    List<Long> routerPackets,
    List<Long> loads,
    long virtualNanos) {

  public Measured {
    routerPackets = List.copyOf(routerPackets);
    loads = List.copyOf(loads);
  }

  /// The published percentile: of the ascending loads the one at `(int) (length * share)`.
  ///
  /// @param share from 0 to below 1
  public long loadPercentile(double share) {
    return loads.get((int) (loads.size() * share));
  }

  /// Mean load of the root and all routers.
  public double meanLoad() {
    return loads.stream().mapToLong(Long::longValue).average().orElse(0);
  }

  /// Updates on all links for each update written; 0 if none was.
  public double dataPacketsPerUpdate() {
    return updates == 0 ? 0 : (double) keyUpdatePackets / updates;
  }
}
