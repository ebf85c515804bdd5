package dev.banyan.protocol.turn;

import dev.banyan.protocol.Timer;

/// What a tree node waits for.
public enum TreeTimer implements Timer.Kind {
  /// Send heartbeats, sweep the silent.
  HEARTBEAT,
  /// Look at the balance of the child routers.
  REBALANCE,
  /// The next step of the search for a parent is due, or overdue.
  JOIN,
  /// A child router is to be dialled, or has not answered in time.
  PROBE,
  /// The next root is called beside those that have not answered.
  CALL,
  /// Whoever has this node's id should hear of it once more.
  PRESENCE,
  /// Gathered changes of interest travel.
  FLUSH,
  /// The parent has had no root for the grace period.
  GRACE,
  /// A fence is overdue.
  FENCE,
  /// Clients tell what they use; the root looks for clients that should change places.
  USAGE
}
