package dev.banyan.protocol.turn;

import dev.banyan.protocol.TreeClock;

/// Up to which time of the tree somebody in it has forgotten what was deleted. Workers say so before they do; it climbs to
/// the root with heartbeats and comes down to everybody, also to who attaches later. So whoever comes back after a while
/// knows of what it holds whether it may have been deleted without a trace. It only ever grows, and is never in the future.
public final class Horizon {

  private final TreeClock clock;
  private long millis;

  Horizon(TreeClock clock) {
    this.clock = clock;
  }

  /// Milliseconds since 1970; 0 while nobody has forgotten anything.
  public long millis() {
    return millis;
  }

  /// Somebody says how far it is; 0 for nothing.
  public void heard(long saidMillis, long nowNanos) {
    if (saidMillis > millis && saidMillis <= clock.millisAt(nowNanos)) {
      millis = saidMillis;
    }
  }
}
