package dev.banyan.store.watching;

import dev.banyan.store.StoreOutcome;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The watches of this worker's users.
public final class Watches {

  private final LongMap<Watching> byRequest = new LongMap<>();

  /// By the tag of the interest because of which it hears of changes.
  private final LongMap<List<Watching>> byTag = new LongMap<>();

  private final InterestBook interests;
  private final Holdings holdings;
  private final StoreTurn turn;

  /// Writes that have become the newest of their keys, so far.
  private long changes;

  public Watches(InterestBook interests, Holdings holdings, StoreTurn turn) {
    this.interests = interests;
    this.holdings = holdings;
    this.turn = turn;
  }

  public boolean isOpen(long request) {
    return byRequest.containsKey(request);
  }

  /// Starts with what is held, as much of it as the reader takes now.
  public void start(Watching watch) {
    byRequest.put(watch.request, watch);
    List<Watching> others = byTag.get(watch.interest.tag);
    if (others == null) {
      others = new ArrayList<>(1);
      byTag.put(watch.interest.tag, others);
    }
    others.add(watch);
    watch.interest.watchBegan();
    watch.begunAt = changes;
    if (watch.interest.settled()) {
      watch.merged(changes);
    }
    walk(watch);
  }

  /// The reader has taken so many bytes of what it was told.
  public void taken(long request, long bytes) {
    Watching watch = byRequest.get(request);
    if (watch != null) {
      watch.grant(bytes);
      walk(watch);
    }
  }

  /// Goes on with a walk, as far as the reader takes it.
  private void walk(Watching watch) {
    while (watch.walking) {
      for (Entry entry : rest(watch)) {
        if (!watch.matches(entry.key)) {
          break;
        }
        if (watch.window <= 0) {
          watch.pause(changes);
          return;
        }
        watch.reached = entry.key;
        boolean first = watch.inFirstWalk();
        if (first ? !entry.newest().deleted() : watch.isNews(entry.key, entry.changedAt())) {
          tell(watch, entry);
          watch.values += first ? 1 : 0;
        }
      }
      walked(watch);
    }
  }

  private Collection<Entry> rest(Watching watch) {
    if (watch.prefix) {
      return watch.reached == null
          ? holdings.from(watch.name, true)
          : holdings.from(watch.reached, false);
    }
    Entry entry = watch.reached == null ? holdings.find(watch.name) : null;
    return entry == null ? List.of() : List.of(entry);
  }

  private void walked(Watching watch) {
    if (watch.inFirstWalk()) {
      turn.outcome(new StoreOutcome.Watching(watch.request, watch.values));
      watch.since = 0;
    }
    if (watch.hasToldMerged()) {
      tellCaughtUp(watch);
    }
    if (watch.again) {
      watch.walkAgain(changes);
    } else {
      watch.walking = false;
    }
  }

  @Nullable
  public Watching stop(long request) {
    Watching watch = byRequest.remove(request);
    if (watch != null) {
      watch.interest.watchEnded();
      List<Watching> left = of(watch.interest);
      left.remove(watch);
      if (left.isEmpty()) {
        byTag.remove(watch.interest.tag);
      }
    }
    return watch;
  }

  /// Ends the watch that began last, as its numbers grow; null when there is none.
  @Nullable
  public Watching stopLatest() {
    long[] open = byRequest.sortedKeys();
    return open.length == 0 ? null : stop(open[open.length - 1]);
  }

  /// An entry has a newer write.
  public void changed(Entry entry) {
    entry.changedAt(++changes);
    if (byRequest.isEmpty()) {
      return;
    }
    for (long tag : entry.tags) {
      tellThoseOf(byTag.get(tag), entry);
    }
    Interest everything = interests.everything();
    if (everything != null) {
      tellThoseOf(byTag.get(everything.tag), entry);
    }
  }

  private List<Watching> of(Interest interest) {
    List<Watching> found = byTag.get(interest.tag);
    return found == null ? List.of() : found;
  }

  private void tellThoseOf(@Nullable List<Watching> watches, Entry entry) {
    if (watches != null) {
      for (Watching watch : watches) {
        if (watch.matches(entry.key)) {
          changed(watch, entry);
        }
      }
    }
  }

  private void changed(Watching watch, Entry entry) {
    if (watch.walking) {
      watch.again |= watch.isPast(entry.key);
    } else if (watch.window > 0) {
      tell(watch, entry);
    } else {
      watch.walk(entry.changedAt() - 1, changes);
    }
  }

  private void tell(Watching watch, Entry entry) {
    StoreOutcome.Changed change =
        new StoreOutcome.Changed(watch.request, entry.newest().revision(entry.key));
    watch.spend(change.sizeBytes());
    turn.outcome(change);
  }

  /// All that was there before has been merged: once that is told, the watch has caught up.
  public void catchUp(Interest interest) {
    for (Watching watch : of(interest)) {
      watch.merged(changes);
      if (!watch.walking) {
        tellCaughtUp(watch);
      }
    }
  }

  private void tellCaughtUp(Watching watch) {
    if (!watch.caughtUp) {
      watch.caughtUp = true;
      turn.outcome(new StoreOutcome.CaughtUp(watch.request));
    }
  }
}
