package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replicas held against each other, and against what was written.
///
/// @param compared (pair of workers, key) comparisons made
/// @param divergent of those, the ones where two workers hold different revisions of a key
/// @param missed (worker, key) pairs where an interested worker lacks an update of a live writer, or a newer one
/// @param lostWithHolders keys whose newest write is held by nobody alive, each with that write: its writer died, and so
///     did whoever had it
/// @param unsettled (worker, key) pairs that a worker itself says it may have missed something of
/// @param examples of what is wrong, for people
record Comparison(
    long compared,
    long divergent,
    long missed,
    Map<String, Version> lostWithHolders,
    long unsettled,
    List<String> examples) {

  private static final int MAX_EXAMPLES = 5;

  boolean clean() {
    return divergent == 0 && missed == 0;
  }

  /// @param replicas of the live workers
  /// @param written what was written, newest per key, by live workers
  /// @param ever the same by all workers, dead ones included
  static Comparison of(
      Map<NodeId, HeldKeys> replicas, Map<String, Version> written, Map<String, Version> ever) {
    Tally tally = new Tally();
    Set<String> keys = new HashSet<>(ever.keySet());
    replicas.values().forEach(replica -> keys.addAll(replica.held().keySet()));
    for (String key : keys) {
      tally.compare(key, replicas, written.get(key), ever.get(key));
    }
    return new Comparison(
        tally.compared,
        tally.divergent,
        tally.missed,
        Map.copyOf(tally.lostWithHolders),
        tally.unsettled,
        List.copyOf(tally.examples));
  }

  private static final class Tally {
    private long compared;
    private long divergent;
    private long missed;
    private final Map<String, Version> lostWithHolders = new HashMap<>();
    private long unsettled;
    private final List<String> examples = new ArrayList<>();

    void compare(
        String key,
        Map<NodeId, HeldKeys> replicas,
        @Nullable Version byLiving,
        @Nullable Version byAnyone) {
      List<HeldKeys.Held> seen = new ArrayList<>();
      boolean newestHeld = false;
      for (Map.Entry<NodeId, HeldKeys> worker : replicas.entrySet()) {
        HeldKeys.Held held = worker.getValue().held().get(key);
        if (held == null) {
          continue;
        }
        for (HeldKeys.Held other : seen) {
          compared++;
          if (!other.version().equals(held.version()) || other.valueHash() != held.valueHash()) {
            divergent++;
            example(
                key
                    + ": "
                    + other.version()
                    + " at one worker, "
                    + held.version()
                    + " at "
                    + worker.getKey());
          }
        }
        seen.add(held);
        unsettled += held.settled() ? 0 : 1;
        if (byLiving != null && held.version().compareTo(byLiving) < 0) {
          missed++;
          example(
              key
                  + ": "
                  + worker.getKey()
                  + " holds "
                  + held.version()
                  + ", written was "
                  + byLiving);
        }
        newestHeld |= byAnyone != null && held.version().compareTo(byAnyone) >= 0;
      }
      if (byAnyone != null && !newestHeld) {
        lostWithHolders.put(key, byAnyone);
      }
    }

    private void example(String text) {
      if (examples.size() < MAX_EXAMPLES) {
        examples.add(text);
      }
    }
  }
}
