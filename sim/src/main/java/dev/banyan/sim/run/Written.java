package dev.banyan.sim.run;

import dev.banyan.protocol.Bytes;
import dev.banyan.sim.SimNode;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What members have written under each key. Whatever a worker holds must be among that, whoever lies.
public final class Written {

  private static final long FIRST_REQUEST = 1L << 41;

  private final Run run;
  private final Map<String, Set<String>> values = new HashMap<>();
  private long request = FIRST_REQUEST;

  public Written(Run run) {
    this.run = run;
  }

  /// Somebody may hold this from now on.
  public void note(String key, String value) {
    values.computeIfAbsent(key, _ -> new HashSet<>()).add(value);
  }

  /// Has a worker write it.
  public void put(SimNode worker, String key, String value) {
    note(key, value);
    run.cluster().submit(worker, new StoreCommand.Put(++request, key, Bytes.utf8(value)));
  }

  /// Has a worker write the same under all of these, in one batch if they fit.
  public void putAll(SimNode worker, List<String> keys, String value) {
    List<StoreCommand.PutAll.Entry> entries = new ArrayList<>();
    for (String key : keys) {
      note(key, value);
      entries.add(new StoreCommand.PutAll.Entry(key, Bytes.utf8(value)));
    }
    run.cluster().submit(worker, new StoreCommand.PutAll(++request, entries));
  }

  /// Fails the run if any of them holds what nobody wrote under that key.
  ///
  /// @return how many values are held that others wrote
  public long check(List<SimNode> workers) {
    long others = 0;
    for (SimNode node : workers) {
      if (node.machine instanceof Worker store) {
        for (Worker.Held held : store.held()) {
          String value = value(store, held.key());
          run.require(
              values.getOrDefault(held.key(), Set.of()).contains(value),
              node + " holds '" + value + "' under '" + held.key() + "', which nobody wrote");
          others += held.version().writer().equals(node.id) ? 0 : 1;
        }
      }
    }
    return others;
  }

  /// What a worker holds as the newest under the key, for messages and comparisons.
  public static String value(Worker worker, String key) {
    return worker.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("(none)");
  }
}
