package dev.banyan.store.holdings;

import dev.banyan.store.write.Write;

/// [Holdings], for the few who change them.
///
/// Each record that becomes the newest of its key comes in by [#add] or [#replace], and by nothing else, before anybody is told
/// of it: this is where holdings that are on a disk too note what is to be written. They number what they note, and
/// leave one effect for the driver at the end of an event ("write these, up to n"); the driver, once they are synced, gives
/// an event ("written up to n"), and whoever waits for a record to be safe waits for its number. Nothing else in the store
/// waits: what is held counts as held from here on, written or not.
public interface WritableHoldings extends Holdings {

  void add(Entry entry);

  void remove(Entry entry);

  /// Makes a write the newest one of an entry that is held, and remembers the one before it, within bounds.
  ///
  /// @return the difference (XOR) this makes to the version hash
  long replace(Entry entry, Write write, int maxRevisions, int maxBytes);

  /// Forgets all but the newest writes.
  ///
  /// @return whether there was anything to forget
  boolean dropHistory();
}
