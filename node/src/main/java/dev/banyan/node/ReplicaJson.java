package dev.banyan.node;

import dev.banyan.store.worker.ReplicaView;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that a worker holds at one instant, as the door tells it: versions and hashes, no values.
///
/// @param settled which of what is held belongs to a tag that the worker wants, and of which it has missed nothing
public record ReplicaJson(long digest, List<ReplicaView.Held> held, BitSet settled) {

  /// Looks at the worker, on its loop: takes no more than must be taken there.
  public static ReplicaJson of(ReplicaView worker) {
    List<ReplicaView.Held> held = worker.held();
    BitSet settled = new BitSet(held.size());
    for (int i = 0; i < held.size(); i++) {
      settled.set(i, isSettled(worker, held.get(i).key()));
    }
    return new ReplicaJson(worker.digest(), held, settled);
  }

  /// For machines. With many keys this takes its time: not for the loop.
  public Map<String, Object> json() {
    HexFormat hex = HexFormat.of();
    List<Object> keys = new ArrayList<>(held.size());
    for (int i = 0; i < held.size(); i++) {
      ReplicaView.Held key = held.get(i);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("key", key.key());
      json.put("version", key.version().toString());
      json.put("deleted", key.deleted());
      json.put("valueHash", hex.toHexDigits(key.valueHash()));
      json.put("settled", settled.get(i));
      keys.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("digest", hex.toHexDigits(digest));
    json.put("held", keys);
    return json;
  }

  private static boolean isSettled(ReplicaView worker, String key) {
    for (long tag : worker.tagsOf(key)) {
      if (worker.isSettled(tag)) {
        return true;
      }
    }
    return false;
  }
}
