package dev.banyan.store.resync;

import dev.banyan.store.StoreConfig;
import dev.banyan.store.asking.AnswerTimes;

/// How long what is said to all waits at random, so that most of those who would say the same hear it first: as
/// configured, or longer where it takes longer to be heard (RFC 5401 measures the group's round trip for that). Bounded.
public final class Spreads {

  /// In round trips; RFC 5401 has 4 for a whole exchange.
  private static final int REPLY_TRIPS = 2;

  private static final int DIGEST_TRIPS = 4;

  /// In configured spreads.
  private static final int MOST = 32;

  private static final int MOST_DIGEST = 8;

  private final StoreConfig.Resyncing config;
  private final AnswerTimes times;

  public Spreads(StoreConfig.Resyncing config, AnswerTimes times) {
    this.config = config;
    this.times = times;
  }

  long digestNanos() {
    return longer(config.spreadNanos(), DIGEST_TRIPS, MOST_DIGEST);
  }

  long replyNanos() {
    return longer(config.replySpreadNanos(), REPLY_TRIPS, MOST);
  }

  /// After which most of what differs has been repaired by digests and their replies.
  long exchangeNanos() {
    return digestNanos() + 2 * replyNanos();
  }

  private long longer(long least, int trips, int most) {
    return Math.clamp(trips * times.smoothedNanos(), least, most * least);
  }
}
