package dev.banyan.embedded;

import dev.banyan.client.Scope;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.store.StoreOutcome;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One watch of the store: filled on the worker's loop, emptied by one reader. The store tells no more than a window ahead of
/// the reader, and of each key that changes meanwhile the newest revision only: so little waits here.
final class WatchFeed implements AutoCloseable {

  private static final long WINDOW_BYTES = 256L << 10;

  private final StoreCalls store;

  /// An empty one: nothing follows.
  private final BlockingDeque<Optional<StoreOutcome>> waiting = new LinkedBlockingDeque<>();

  private final long watch;

  /// Handed to the reader and not yet given back to the window.
  private long takenBytes;

  private WatchFeed(StoreCalls store, Scope scope) {
    this.store = store;
    watch =
        switch (scope) {
          case Scope.Key(String key) -> store.watch(key, false, WINDOW_BYTES, this::offer);
          case Scope.Prefix(String prefix) -> store.watch(prefix, true, WINDOW_BYTES, this::offer);
        };
  }

  static WatchFeed open(StoreCalls store, Scope scope) {
    return new WatchFeed(store, scope);
  }

  private void offer(StoreOutcome outcome) {
    waiting.add(Optional.of(outcome));
  }

  /// Waits for the first event, and leaves it there.
  ///
  /// @return null when none has come within this time
  @Nullable StoreOutcome first(long limitNanos) throws InterruptedException {
    Optional<StoreOutcome> first = waiting.poll(limitNanos, TimeUnit.NANOSECONDS);
    if (first == null) {
      return null;
    }
    waiting.addFirst(first);
    return first.orElse(null);
  }

  /// Waits for the next event; those before count as taken.
  ///
  /// @return null when nothing follows
  @Nullable StoreOutcome next() throws InterruptedException {
    if (takenBytes >= WINDOW_BYTES / 2) {
      store.taken(watch, takenBytes);
      takenBytes = 0;
    }
    StoreOutcome outcome = waiting.take().orElse(null);
    if (outcome instanceof StoreOutcome.Changed changed) {
      takenBytes += changed.sizeBytes();
    }
    return outcome;
  }

  /// Nothing follows but what waits already.
  @Override
  public void close() {
    store.unwatch(watch);
    waiting.add(Optional.empty());
  }
}
