package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Every write that a worker said it had made: per key and writer the newest.
final class WriteLedger {

  private final Map<String, Map<NodeId, Version>> newest = new HashMap<>();
  private long updates;

  synchronized void written(String key, Version version) {
    updates++;
    newest
        .computeIfAbsent(key, _ -> new HashMap<>())
        .merge(version.writer(), version, (one, other) -> one.compareTo(other) >= 0 ? one : other);
  }

  synchronized long updates() {
    return updates;
  }

  synchronized Map<String, Version> newestBy(Predicate<NodeId> writers) {
    Map<String, Version> result = new HashMap<>();
    newest.forEach((key, byWriter) ->
        newest(byWriter, writers).ifPresent(version -> result.put(key, version)));
    return result;
  }

  private static Optional<Version> newest(
      Map<NodeId, Version> byWriter, Predicate<NodeId> writers) {
    return byWriter.entrySet().stream()
        .filter(entry -> writers.test(entry.getKey()))
        .map(Map.Entry::getValue)
        .max(Version::compareTo);
  }
}
