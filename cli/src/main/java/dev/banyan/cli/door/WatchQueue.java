package dev.banyan.cli.door;

import dev.banyan.store.StoreOutcome;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What one watch has still to tell its reader, within limits. Filled on the worker's loop, emptied by the reader's thread.
///
/// What the worker held when the watch began does not count: it comes all at once, however fast the reader is, and the
/// store holds these very bytes anyway.
final class WatchQueue {

  /// What an event takes beside its key and value, about.
  private static final int EVENT_BYTES = 128;

  private final int mostEvents;
  private final long mostBytes;
  private final ArrayDeque<StoreOutcome> waiting = new ArrayDeque<>();

  /// Of those that count.
  private int events;

  private long bytes;
  private long uncounted;
  private boolean begun;
  private boolean overflown;

  WatchQueue(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  /// Adds an event, unless the queue has overflown.
  ///
  /// @return false when this event makes it overflow: all is dropped then, and nothing is taken any more
  synchronized boolean offer(StoreOutcome outcome) {
    if (overflown) {
      return true;
    }
    if (begun) {
      events++;
      bytes += sizeBytes(outcome);
    } else {
      uncounted++;
      begun = outcome instanceof StoreOutcome.Watching;
    }
    overflown = events > mostEvents || bytes > mostBytes;
    if (overflown) {
      waiting.clear();
    } else {
      waiting.add(outcome);
    }
    notifyAll();
    return !overflown;
  }

  /// The next event, once there is one.
  ///
  /// @return null when there was none for so long, or the queue has overflown
  synchronized @Nullable StoreOutcome poll(long millis) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + millis * 1_000_000;
    while (waiting.isEmpty() && !overflown) {
      long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
      if (leftMillis <= 0) {
        return null;
      }
      wait(leftMillis);
    }
    StoreOutcome next = waiting.poll();
    if (next != null && uncounted > 0) {
      uncounted--;
    } else if (next != null) {
      events--;
      bytes -= sizeBytes(next);
    }
    return next;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  synchronized boolean hasOverflown() {
    return overflown;
  }

  private static long sizeBytes(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Changed changed
        ? EVENT_BYTES
            + changed.revision().key().length()
            + changed.revision().value().map(value -> value.size()).orElse(0)
        : EVENT_BYTES;
  }
}
