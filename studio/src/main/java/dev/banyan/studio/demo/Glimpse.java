package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.Map;
import java.util.Optional;

/// What one member said of itself when it was last asked.
///
/// @param level hops from the root, -1 without a place
/// @param imbalance the difference in workers between its child routers with the most and the fewest
/// @param clients workers in its subtree, as it knows
/// @param routers routers in its subtree, likewise
/// @param digest of a worker's store: equal for equal replicas
record Glimpse(
    NodeId node,
    NodeKind kind,
    boolean rooted,
    int level,
    Optional<NodeId> parent,
    int imbalance,
    int clients,
    int routers,
    long digest,
    Map<String, Long> counters) {

  boolean placed() {
    return rooted && level >= 0;
  }

  long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }
}
