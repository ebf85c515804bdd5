package dev.banyan.store.holdings;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a worker holds and stands for, to be read: entries by key in order, and by tag. Tombstones are entries. Who changes it
/// has [WritableHoldings].
///
/// Reading answers at once and from memory, as it is done in the middle of an event, for every record that comes in. So
/// whatever keeps records elsewhere too (on a disk) has the newest version of each in memory, and its bytes where it likes.
public interface Holdings {

  @Nullable Entry find(long keyTag);

  @Nullable Entry find(String key);

  int size();

  /// Memory that entries take.
  long bytes();

  /// The XOR of all version hashes.
  long digest();

  /// In order of keys.
  Collection<Entry> entries();

  /// Those from this key on, in order.
  Collection<Entry> from(String key, boolean inclusive);

  /// Visits the entries whose keys start with the prefix, in order.
  default void under(String prefix, Consumer<Entry> visitor) {
    for (Entry entry : from(prefix, true)) {
      if (!entry.key.startsWith(prefix)) {
        return;
      }
      visitor.accept(entry);
    }
  }
}
