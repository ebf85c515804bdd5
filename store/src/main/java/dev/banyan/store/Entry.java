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

  /// Written by this worker since it last announced it, for [RecentWrites].
  boolean recent;

  long writtenNanos;

  private Write newest;
  private long versionHash;
  private Write[] older = NONE;

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
    int bytes = newest.valueSize();
    int kept = 0;
    while (kept < older.length && kept < maxRevisions - 2) {
      bytes += older[kept].valueSize();
      if (bytes > maxBytes) {
        break;
      }
      kept++;
    }
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
