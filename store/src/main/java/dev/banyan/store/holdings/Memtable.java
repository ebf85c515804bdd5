package dev.banyan.store.holdings;

import dev.banyan.store.machine.LongMap;
import dev.banyan.store.write.Write;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Holdings that are in memory and nowhere else.
public final class Memtable implements WritableHoldings {

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

  @Override
  @Nullable
  public Entry find(long keyTag) {
    return byTag.get(keyTag);
  }

  @Override
  @Nullable
  public Entry find(String key) {
    return byKey.get(key);
  }

  @Override
  public void add(Entry entry) {
    byTag.put(entry.tag, entry);
    byKey.put(entry.key, entry);
    digest ^= entry.versionHash();
    bytes += entry.bytes();
    entry.newest().held();
  }

  @Override
  public void remove(Entry entry) {
    byTag.remove(entry.tag);
    byKey.remove(entry.key);
    digest ^= entry.versionHash();
    bytes -= entry.bytes();
    entry.newest().dropped();
  }

  @Override
  public long replace(Entry entry, Write write, int maxRevisions, int maxBytes) {
    long before = entry.bytes();
    entry.newest().dropped();
    write.held();
    long difference = entry.replace(write, maxRevisions, maxBytes);
    digest ^= difference;
    bytes += entry.bytes() - before;
    history = true;
    return difference;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
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

  @Override
  public long digest() {
    return digest;
  }

  @Override
  public int size() {
    return byTag.size();
  }

  @Override
  public Collection<Entry> entries() {
    return byKey.values();
  }

  @Override
  public Collection<Entry> from(String key, boolean inclusive) {
    return byKey.tailMap(key, inclusive).values();
  }
}
