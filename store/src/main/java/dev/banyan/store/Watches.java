package dev.banyan.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    List<Entry> held = new ArrayList<>();
    if (watch.prefix) {
      memtable.under(watch.name, held::add);
    } else {
      Optional.ofNullable(memtable.find(watch.name)).ifPresent(held::add);
    }
    held.removeIf(entry -> entry.newest().deleted());
    held.forEach(entry -> tell(watch, entry));
    outbox.outcome(new StoreOutcome.Watching(watch.request, held.size()));
    if (watch.interest.settled()) {
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

  /// Ends the watch that began last, as its numbers grow; null when there is none.
  @Nullable Watching stopLatest() {
    long[] open = byRequest.sortedKeys();
    return open.length == 0 ? null : stop(open[open.length - 1]);
  }

  /// An entry has a newer write.
  void changed(Entry entry) {
    if (byRequest.isEmpty()) {
      return;
    }
    for (long tag : entry.tags) {
      tellThoseOf(interests.get(tag), entry);
    }
    tellThoseOf(interests.everything(), entry);
  }

  private void tellThoseOf(@Nullable Interest interest, Entry entry) {
    if (interest != null) {
      for (Watching watch : interest.watches) {
        if (watch.matches(entry.key)) {
          tell(watch, entry);
        }
      }
    }
  }

  private void tell(Watching watch, Entry entry) {
    outbox.outcome(new StoreOutcome.Changed(watch.request, entry.newest().revision(entry.key)));
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
