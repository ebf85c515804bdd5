package dev.banyan.store.worker;

import dev.banyan.store.Grounds;
import dev.banyan.store.Sealing;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.write.HybridClock;
import org.jspecify.annotations.Nullable;

/// Says on whose word a key is taken not to exist.
final class Absences {

  private final Sealing sealing;
  private final InterestBook interests;
  private final HybridClock clock;

  Absences(Sealing sealing, InterestBook interests, HybridClock clock) {
    this.sealing = sealing;
    this.interests = interests;
    this.clock = clock;
  }

  /// @param entry what is held of it: null, or a deletion
  Grounds of(String key, @Nullable Entry entry) {
    if (!sealing.proves()) {
      return Grounds.TRUSTED;
    }
    if (entry != null) {
      return Grounds.DELETED;
    }
    long since = interests.followedSinceMillis(key);
    return since <= clock.millis() ? new Grounds.Confirmed(since) : Grounds.PROVISIONAL;
  }
}
