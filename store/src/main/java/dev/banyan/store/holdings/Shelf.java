package dev.banyan.store.holdings;

import dev.banyan.store.machine.LongMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Values that are held and not stood for: this worker was away for so long that they may have been deleted meanwhile, and
/// the tombstones [forgotten][dev.banyan.protocol.Event.Forget]. They are read here, marked as stale; nobody else is told of them. One comes back when somebody
/// else turns out to hold the key, so that it was not deleted; it goes for good when the key is written, or not wanted any
/// more.
public final class Shelf {

  private final LongMap<Entry> byTag;
  private long bytes;

  /// @param tableSeed random: tags are chosen by others
  public Shelf(long tableSeed) {
    byTag = new LongMap<>(tableSeed);
  }

  public void put(Entry entry) {
    take(entry.tag);
    byTag.put(entry.tag, entry);
    bytes += entry.bytes();
    entry.newest().held();
  }

  /// Memory that it takes.
  public long bytes() {
    return bytes;
  }

  /// Forgets all but the newest writes.
  public void dropHistory() {
    byTag.forEachValue(entry -> bytes -= entry.dropHistory());
  }

  @Nullable
  public Entry find(long keyTag) {
    return byTag.get(keyTag);
  }

  @Nullable
  public Entry take(long keyTag) {
    Entry taken = byTag.isEmpty() ? null : byTag.remove(keyTag);
    if (taken != null) {
      bytes -= taken.bytes();
      taken.newest().dropped();
    }
    return taken;
  }

  /// What is on it, by ascending tag.
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(byTag.size());
    for (long tag : byTag.sortedKeys()) {
      entries.add(Objects.requireNonNull(byTag.get(tag)));
    }
    return entries;
  }

  /// Drops what is not wanted any more.
  ///
  /// @param wanted whether somebody here wants any of these tags
  public void prune(Predicate<long[]> wanted) {
    if (byTag.isEmpty()) {
      return;
    }
    List<Entry> unwanted = new ArrayList<>();
    byTag.forEachValue(entry -> {
      if (!wanted.test(entry.tags)) {
        unwanted.add(entry);
      }
    });
    unwanted.forEach(entry -> take(entry.tag));
  }
}
