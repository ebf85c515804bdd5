package dev.banyan.store.holdings;

import dev.banyan.store.machine.LongMap;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is held: entries by key in order, and by tag. Tombstones are entries.
public final class Memtable {

  private final LongMap<Entry> byTag;
  private final TreeMap<String, Entry> byKey = new TreeMap<>();
  private long digest;
  private long bytes;

  /// Whether anything but newest writes may be held.
  private boolean history;

  /// @param tableSeed random: tags are chosen by others
  public Memtable(long tableSeed) {
    byTag = new LongMap<>(tableSeed);
  }

  @Nullable
  public Entry find(long keyTag) {
    return byTag.get(keyTag);
  }

  @Nullable
  public Entry find(String key) {
    return byKey.get(key);
  }

  public void add(Entry entry) {
    byTag.put(entry.tag, entry);
    byKey.put(entry.key, entry);
    digest ^= entry.versionHash();
    bytes += entry.bytes();
  }

  public void remove(Entry entry) {
    byTag.remove(entry.tag);
    byKey.remove(entry.key);
    digest ^= entry.versionHash();
    bytes -= entry.bytes();
  }

  /// Says that an entry has a newer write: by how much that changes its version hash (XOR) and its memory.
  public void changed(long hashDifference, long bytesDifference) {
    digest ^= hashDifference;
    bytes += bytesDifference;
    history = true;
  }

  /// Memory that entries take.
  public long bytes() {
    return bytes;
  }

  /// Forgets all but the newest writes.
  ///
  /// @return whether there was anything to forget
  public boolean dropHistory() {
    if (!history) {
      return false;
    }
    history = false;
    for (Entry entry : byKey.values()) {
      bytes -= entry.dropHistory();
    }
    return true;
  }

  /// The XOR of all version hashes.
  public long digest() {
    return digest;
  }

  public int size() {
    return byTag.size();
  }

  public Collection<Entry> entries() {
    return byKey.values();
  }

  public Collection<Entry> from(String key, boolean inclusive) {
    return byKey.tailMap(key, inclusive).values();
  }

  /// Visits the entries whose keys start with the prefix, in order.
  public void under(String prefix, Consumer<Entry> visitor) {
    for (Entry entry : from(prefix, true)) {
      if (!entry.key.startsWith(prefix)) {
        return;
      }
      visitor.accept(entry);
    }
  }
}
