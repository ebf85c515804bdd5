package dev.banyan.cli.node;

import dev.banyan.store.Worker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that a worker holds, as the door tells it: versions and hashes, no values.
final class ReplicaJson {

  private ReplicaJson() {}

  static Map<String, Object> of(Worker worker) {
    List<Object> held = new ArrayList<>();
    for (Worker.Held key : worker.held()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("key", key.key());
      json.put("version", key.version().toString());
      json.put("deleted", key.deleted());
      json.put("valueHash", String.format("%016x", key.valueHash()));
      json.put("settled", isSettled(worker, key.key()));
      held.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("digest", String.format("%016x", worker.digest()));
    json.put("held", held);
    return json;
  }

  /// Whether the worker wants some tag of the key and has missed nothing of it.
  private static boolean isSettled(Worker worker, String key) {
    for (long tag : worker.tagsOf(key)) {
      if (worker.isSettled(tag)) {
        return true;
      }
    }
    return false;
  }
}
