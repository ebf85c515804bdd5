package dev.banyan.store.watching;

import dev.banyan.store.StoreCommand;
import dev.banyan.store.interest.Interest;
import org.jspecify.annotations.Nullable;

/// A watch as a user started it, and how far its reader has come.
///
/// A reader that takes what it is told is told of each change at once. While it owes for what it has been told already,
/// nothing is kept for it but a place: a *walk* over the keys, in order, that goes on when it has taken something, and
/// tells of each key changed since the walk before its newest revision. The first walk tells all that is held.
public final class Watching {

  private static final long NEVER = -1;

  public final long request;
  public final Interest interest;
  final String name;
  final boolean prefix;

  /// How many bytes may still be told; below 0 after a revision that was larger than what was left.
  long window;

  /// Whether there is more to tell than the window allowed.
  boolean walking = true;

  /// The last key the walk has come past; null at its beginning.
  @Nullable String reached;

  /// Changes after this one are told in this walk; before the first walk ends also what has never changed.
  long since = NEVER;

  /// The latest change when the walk began.
  long begunAt;

  /// Whether a key has changed that the walk had come past.
  boolean again;

  /// How this walk has gone so far, and how the one before it went, if this one tells what changed behind it.
  private Passed passed = new Passed();

  private Passed before = new Passed();

  /// Told in the first walk.
  int values;

  boolean caughtUp;

  /// When everything there was had been merged, [#NEVER] before.
  private long mergedAt = NEVER;

  public Watching(long request, Interest interest, String name, boolean prefix, long window) {
    this.request = request;
    this.interest = interest;
    this.name = name;
    this.prefix = prefix;
    this.window = window;
  }

  boolean matches(String key) {
    return prefix ? key.startsWith(name) : key.equals(name);
  }

  boolean inFirstWalk() {
    return since == NEVER;
  }

  /// A walk begins that tells changes after that one.
  void walk(long after, long latest) {
    before = new Passed();
    begin(after, latest);
  }

  /// Another walk begins, that tells what has changed behind the one that has ended now.
  void walkAgain(long latest) {
    before = passed;
    begin(latest, latest);
  }

  private void begin(long after, long latest) {
    walking = true;
    again = false;
    reached = null;
    since = after;
    begunAt = latest;
    passed = new Passed();
  }

  /// The reader takes no more for now.
  void pause(long latest) {
    if (reached != null) {
      passed.until(reached, latest);
    }
  }

  /// Whether this walk is to tell of a key that changed last then.
  boolean isNews(String key, long changedAt) {
    return changedAt > before.at(key, since);
  }

  void merged(long latest) {
    if (mergedAt == NEVER) {
      mergedAt = latest;
    }
  }

  /// At the end of a walk: whether all has been told that was there when everything had been merged.
  boolean hasToldMerged() {
    return mergedAt != NEVER && (!again || begunAt >= mergedAt);
  }

  /// Whether the walk will not come past this key any more.
  boolean isPast(String key) {
    return reached != null && key.compareTo(reached) <= 0;
  }

  void spend(long bytes) {
    if (window != StoreCommand.Watch.UNLIMITED) {
      window -= bytes;
    }
  }

  void grant(long bytes) {
    if (window != StoreCommand.Watch.UNLIMITED) {
      window =
          Math.clamp(
              window + Math.min(bytes, StoreCommand.Watch.MAX_WINDOW),
              Long.MIN_VALUE,
              StoreCommand.Watch.MAX_WINDOW);
    }
  }
}
