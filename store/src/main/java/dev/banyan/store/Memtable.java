package dev.banyan.store;

import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is held: entries by key in order, and by tag. Tombstones are entries.
final class Memtable {

  private final LongMap<Entry> byTag;
  private final TreeMap<String, Entry> byKey = new TreeMap<>();
  private long digest;

  /// @param tableSeed random: tags are chosen by others
  Memtable(long tableSeed) {
    byTag = new LongMap<>(tableSeed);
  }

  @Nullable Entry find(long keyTag) {
    return byTag.get(keyTag);
  }

  @Nullable Entry find(String key) {
    return byKey.get(key);
  }

  void add(Entry entry) {
    byTag.put(entry.tag, entry);
    byKey.put(entry.key, entry);
    digest ^= entry.versionHash();
  }

  void remove(Entry entry) {
    byTag.remove(entry.tag);
    byKey.remove(entry.key);
    digest ^= entry.versionHash();
  }

  /// Says that an entry's version hash changed by this difference.
  void changed(long hashDifference) {
    digest ^= hashDifference;
  }

  /// The XOR of all version hashes.
  long digest() {
    return digest;
  }

  int size() {
    return byTag.size();
  }

  Collection<Entry> entries() {
    return byKey.values();
  }

  Collection<Entry> from(String key, boolean inclusive) {
    return byKey.tailMap(key, inclusive).values();
  }

  /// Visits the entries whose keys start with the prefix, in order.
  void under(String prefix, Consumer<Entry> visitor) {
    for (Entry entry : from(prefix, true)) {
      if (!entry.key.startsWith(prefix)) {
        return;
      }
      visitor.accept(entry);
    }
  }
}
