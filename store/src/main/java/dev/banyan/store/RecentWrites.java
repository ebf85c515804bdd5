package dev.banyan.store;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/// This worker's own latest writes of keys that it wants through a prefix only.
///
/// A path may have been dead for a while before that is noticed, and what was written meanwhile is lost to all beyond
/// it. For keys and prefixes that are wanted here, digests repair that; but a reader of one key hears no digest of a
/// prefix. So after a change of path the latest writes are announced key by key.
final class RecentWrites {

  /// How long a dead path may go unnoticed, at most: ten times the default heartbeat timeout. A guess.
  private static final long WINDOW_NANOS = 30_000_000_000L;

  private final ArrayDeque<Entry> writes = new ArrayDeque<>();

  void add(Entry entry, long nowNanos, boolean connected) {
    entry.writtenNanos = nowNanos;
    if (!entry.recent) {
      entry.recent = true;
      writes.add(entry);
    }
    if (connected) {
      forgetOne(nowNanos);
      forgetOne(nowNanos);
    }
  }

  /// Two are looked at per write, so that old ones go faster than new ones come.
  private void forgetOne(long nowNanos) {
    Entry oldest = writes.peek();
    if (oldest != null && nowNanos - oldest.writtenNanos > WINDOW_NANOS) {
      oldest.recent = false;
      writes.remove();
    } else if (writes.size() > 1) {
      writes.add(writes.remove());
    }
  }

  /// Visits all, those written while disconnected included, and keeps them: the announcement may be lost too.
  void forEach(long nowNanos, Consumer<Entry> visitor) {
    for (Entry entry : writes) {
      entry.writtenNanos = nowNanos;
      visitor.accept(entry);
    }
  }
}
