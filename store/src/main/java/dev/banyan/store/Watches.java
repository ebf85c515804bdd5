package dev.banyan.store;

import org.jspecify.annotations.Nullable;

/// The watches of this worker's users.
final class Watches {

  private final LongMap<Watching> byRequest = new LongMap<>();
  private final InterestBook interests;
  private final Memtable memtable;
  private final Outbox outbox;

  Watches(InterestBook interests, Memtable memtable, Outbox outbox) {
    this.interests = interests;
    this.memtable = memtable;
    this.outbox = outbox;
  }

  boolean isOpen(long request) {
    return byRequest.containsKey(request);
  }

  /// Starts with what is held.
  void start(Watching watch) {
    byRequest.put(watch.request, watch);
    watch.interest.watches.add(watch);
    int[] values = {0};
    memtable.under(
        watch.name,
        entry -> {
          if (watch.matches(entry.key) && !entry.newest().deleted()) {
            values[0]++;
            tell(watch, entry);
          }
        });
    outbox.outcome(new StoreOutcome.Watching(watch.request, values[0]));
    if (watch.interest.settled) {
      catchUp(watch.interest);
    }
  }

  @Nullable Watching stop(long request) {
    Watching watch = byRequest.remove(request);
    if (watch != null) {
      watch.interest.watches.remove(watch);
    }
    return watch;
  }

  /// An entry has a newer write.
  void changed(Entry entry) {
    if (byRequest.isEmpty()) {
      return;
    }
    for (long tag : entry.tags) {
      Interest interest = interests.get(tag);
      if (interest != null) {
        for (Watching watch : interest.watches) {
          if (watch.matches(entry.key)) {
            tell(watch, entry);
          }
        }
      }
    }
  }

  private void tell(Watching watch, Entry entry) {
    outbox.outcome(
        new StoreOutcome.Changed(watch.request, entry.newest().revision(entry.key)));
  }

  /// All that was there before has been merged, so has been told.
  void catchUp(Interest interest) {
    for (Watching watch : interest.watches) {
      if (!watch.caughtUp) {
        watch.caughtUp = true;
        outbox.outcome(new StoreOutcome.CaughtUp(watch.request));
      }
    }
  }
}
