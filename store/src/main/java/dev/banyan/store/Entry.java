package dev.banyan.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key that is held: its newest write, and a few before it.
final class Entry {

  private static final Write[] NONE = {};

  final String key;
  final long tag;
  final long[] tags;

  /// Read or written by this worker's own users: kept when a watch that covered it ends.
  boolean used;

  /// This worker's own write of a key it knew nothing of yet; until the first fetch is answered.
  @Nullable Write blind;

  /// Whether [Tombstones] will look at it.
  boolean awaitsPurge;

  private Write newest;
  private long versionHash;
  private Write[] older = NONE;

  /// No value held so far was larger. While as many of that size fit as are remembered, the remembered ones need not be
  /// looked at, which with many keys would cost a cache miss each.
  private int largestBytes;

  Entry(String key, long tag, long[] tags, Write first) {
    this.key = key;
    this.tag = tag;
    this.tags = tags;
    this.newest = first;
    this.versionHash = first.versionHash(tag);
  }

  Write newest() {
    return newest;
  }

  /// [Write#versionHash] of the newest write.
  long versionHash() {
    return versionHash;
  }

  /// Makes a write the newest one and remembers the one before it, within bounds.
  ///
  /// @return the difference (XOR) this makes to the version hash
  long replace(Write write, int maxRevisions, int maxBytes) {
    largestBytes = Math.max(largestBytes, newest.valueSize());
    int most = Math.clamp(maxRevisions - 2, 0, older.length);
    int kept = (long) largestBytes * (most + 1) <= maxBytes ? most : fitting(most, maxBytes);
    if (maxRevisions < 2 || newest.valueSize() > maxBytes) {
      older = NONE;
    } else {
      Write[] shifted = older.length == kept + 1 ? older : new Write[kept + 1];
      System.arraycopy(older, 0, shifted, 1, kept);
      shifted[0] = newest;
      older = shifted;
    }
    newest = write;
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

  /// Newest first.
  List<Revision> revisions() {
    List<Revision> revisions = new ArrayList<>(older.length + 1);
    revisions.add(newest.revision(key));
    for (Write write : older) {
      revisions.add(write.revision(key));
    }
    return revisions;
  }
}
