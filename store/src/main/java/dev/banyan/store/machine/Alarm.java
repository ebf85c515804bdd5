package dev.banyan.store.machine;

/// One timer that is set again and again: remembers what it is set to, and tells the awaited firing from stale ones.
public final class Alarm {

  private final StoreTimer kind;
  private final StoreTurn turn;
  private long generation;
  private long atNanos;
  private boolean set;

  public Alarm(StoreTimer kind, StoreTurn turn) {
    this.kind = kind;
    this.turn = turn;
  }

  /// Fires at that time, or earlier if it is set to an earlier one already.
  public void by(long at) {
    if (!set || at < atNanos) {
      set = true;
      atNanos = at;
      turn.timer(kind, ++generation, at);
    }
  }

  public boolean isSet() {
    return set;
  }

  /// Whether this firing is the awaited one; the alarm is unset then.
  public boolean fired(long firedGeneration) {
    if (!set || firedGeneration != generation) {
      return false;
    }
    set = false;
    return true;
  }
}
