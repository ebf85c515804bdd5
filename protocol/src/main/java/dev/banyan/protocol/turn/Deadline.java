package dev.banyan.protocol.turn;

/// The end of a wait that is often put off, and mostly over before it comes. No timer is set when one that is under way
/// fires earlier: when it does, one is set for the rest.
public final class Deadline {

  private static final long NEVER = Long.MAX_VALUE;

  private final Turn turn;
  private final TreeTimer kind;
  private long dueNanos;

  /// When the timer fires that was set last; never, if none is awaited.
  private long firesNanos = NEVER;

  /// @param kind of its timer: nobody else may arm it
  public Deadline(Turn turn, TreeTimer kind) {
    this.turn = turn;
    this.kind = kind;
  }

  /// It comes after this time from now, whenever it was to come before.
  public void in(long delayNanos) {
    dueNanos = turn.nowNanos() + delayNanos;
    if (dueNanos < firesNanos) {
      firesNanos = dueNanos;
      turn.arm(kind, delayNanos);
    }
  }

  /// It does not come.
  public void cancel() {
    firesNanos = NEVER;
    turn.disarm(kind);
  }

  /// Its timer has fired.
  ///
  /// @return whether it has come
  public boolean hasCome() {
    firesNanos = NEVER;
    long restNanos = dueNanos - turn.nowNanos();
    if (restNanos > 0) {
      in(restNanos);
      return false;
    }
    return true;
  }
}
