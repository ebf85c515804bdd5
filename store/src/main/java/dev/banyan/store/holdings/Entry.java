package dev.banyan.store.holdings;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.Revision;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A key that is held: its newest write, and a few before it.
public final class Entry {

  private static final Write[] NONE = {};

  public final String key;
  public final long tag;
  public final long[] tags;

  /// Memory of an entry without its writes: itself, its places in both tables, its key as a string.
  public static final int FIXED_BYTES = 300;

  private boolean takenOver;
  private boolean used;
  private @Nullable Write blind;
  private long changedAt;
  private boolean awaitsPurge;
  private Write newest;
  private long versionHash;
  private Write[] older = NONE;
  private long bytes;

  /// No value held so far was larger. While as many of that size fit as are remembered, the remembered ones need not be
  /// looked at, which with many keys would cost a cache miss each.
  private int largestBytes;

  public Entry(String key, long tag, long[] tags, Write first) {
    this.key = key;
    this.tag = tag;
    this.tags = tags;
    this.newest = first;
    this.versionHash = first.versionHash(tag);
    this.bytes = (long) FIXED_BYTES + key.length() + first.bytes();
  }

  /// The newest write of an entry, null for none.
  static @Nullable public Write newestOf(@Nullable Entry entry) {
    return entry == null ? null : entry.newest;
  }

  /// It was taken over from a worker that left: to be kept here until another one writes a newer one.
  ///
  /// @return whether it was not already
  public boolean takeOver() {
    boolean before = takenOver;
    takenOver = true;
    return !before;
  }

  /// Whether it was read or written by this worker's own users: then it is kept when a watch that covered it ends.
  public boolean isUsed() {
    return used;
  }

  public void used(boolean now) {
    used = now;
  }

  /// The newest write was made here, of a key of which nothing was known yet.
  ///
  /// @return whether none had been
  public boolean wroteBlindly() {
    boolean first = blind == null;
    blind = newest;
    return first;
  }

  /// That write; from now on it counts as any other.
  @Nullable
  public Write takeBlindWrite() {
    Write taken = blind;
    blind = null;
    return taken;
  }

  /// When it changed last, counted by changes of all entries.
  public long changedAt() {
    return changedAt;
  }

  public void changedAt(long change) {
    changedAt = change;
  }

  /// Whether [Tombstones] will look at it.
  public boolean awaitsPurge() {
    return awaitsPurge;
  }

  public void awaitsPurge(boolean now) {
    awaitsPurge = now;
  }

  /// Whether this worker has to keep it: nobody else promises to.
  public boolean isOurs(NodeId self) {
    return takenOver || newest.record.writer().equals(self);
  }

  /// Memory it takes, history included.
  public long bytes() {
    return bytes;
  }

  /// Memory of all writes, added up anew.
  public long writesBytes() {
    long all = newest.bytes();
    for (Write write : older) {
      all += write.bytes();
    }
    return all;
  }

  /// Forgets all but the newest write.
  ///
  /// @return memory that is free now
  long dropHistory() {
    long freed = 0;
    for (Write write : older) {
      freed += write.bytes();
    }
    older = NONE;
    bytes -= freed;
    return freed;
  }

  public Write newest() {
    return newest;
  }

  /// [Write#versionHash] of the newest write.
  public long versionHash() {
    return versionHash;
  }

  /// Makes a write the newest one and remembers the one before it, within bounds.
  ///
  /// @return the difference (XOR) this makes to the version hash
  long replace(Write write, int maxRevisions, int maxBytes) {
    takenOver = false;
    largestBytes = Math.max(largestBytes, newest.valueSize());
    int most = Math.clamp(maxRevisions - 2, 0, older.length);
    int kept = (long) largestBytes * (most + 1) <= maxBytes ? most : fitting(most, maxBytes);
    if (maxRevisions < 2 || newest.valueSize() > maxBytes) {
      bytes -= newest.bytes();
      dropHistory();
    } else {
      for (int i = kept; i < older.length; i++) {
        bytes -= older[i].bytes();
      }
      Write[] shifted = older.length == kept + 1 ? older : new Write[kept + 1];
      System.arraycopy(older, 0, shifted, 1, kept);
      shifted[0] = newest;
      older = shifted;
    }
    newest = write;
    bytes += write.bytes();
    long before = versionHash;
    versionHash = write.versionHash(tag);
    return before ^ versionHash;
  }

  /// How many of the older writes, at most so many, fit with the newest one.
  private int fitting(int most, int maxBytes) {
    int bytes = newest.valueSize();
    int kept = 0;
    while (kept < most) {
      bytes += older[kept].valueSize();
      if (bytes > maxBytes) {
        break;
      }
      kept++;
    }
    return kept;
  }

  /// The newest of the writes before the newest one that passes; null if none is remembered.
  @Nullable
  public Write older(Predicate<Write> passes) {
    for (Write write : older) {
      if (passes.test(write)) {
        return write;
      }
    }
    return null;
  }

  /// The newest first.
  public void forEachWrite(Consumer<Write> visitor) {
    visitor.accept(newest);
    for (Write write : older) {
      visitor.accept(write);
    }
  }

  /// Newest first.
  public List<Revision> revisions() {
    List<Revision> revisions = new ArrayList<>(older.length + 1);
    revisions.add(newest.revision(key));
    for (Write write : older) {
      revisions.add(write.revision(key));
    }
    return revisions;
  }
}
