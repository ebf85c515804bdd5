package dev.banyan.store.resync;

import dev.banyan.store.StoreConfig;

/// How long what is said to all waits at random, so that most of those who would say the same hear it first.
public final class Spreads {

  private final StoreConfig.Resyncing config;

  public Spreads(StoreConfig.Resyncing config) {
    this.config = config;
  }

  long digestNanos() {
    return config.spreadNanos();
  }

  long replyNanos() {
    return config.replySpreadNanos();
  }

  /// After which most of what differs has been repaired by digests and their replies.
  long exchangeNanos() {
    return digestNanos() + 2 * replyNanos();
  }
}
