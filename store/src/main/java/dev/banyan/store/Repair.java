package dev.banyan.store;

import dev.banyan.protocol.Effect;
import java.util.ArrayList;
import java.util.List;

/// What follows when updates may have been missed: the tags are unsettled, digests are exchanged, and questions make
/// the tags settled again.
final class Repair {

  private final InterestBook interests;
  private final Resync resync;
  private final RecentWrites recent;
  private final TagChains chains;
  private final Fetches fetches;
  private final Counters counters;
  private final Outbox outbox;
  private final long exchangeNanos;
  private final long settleSpreadNanos;
  private long pathChangedNanos;
  private boolean pathEverChanged;

  Repair(
      InterestBook interests,
      Resync resync,
      RecentWrites recent,
      TagChains chains,
      Fetches fetches,
      Counters counters,
      Outbox outbox,
      StoreConfig.Resyncing config) {
    this.interests = interests;
    this.resync = resync;
    this.recent = recent;
    this.chains = chains;
    this.fetches = fetches;
    this.counters = counters;
    this.outbox = outbox;
    this.exchangeNanos = config.spreadNanos() + 2 * config.replySpreadNanos();
    this.settleSpreadNanos = config.settleSpreadNanos();
  }

  void onMissed(Effect.Missed missed) {
    switch (missed.cause()) {
      case GAP -> {
        counters.count(Counters.Count.GAPS);
        askAgain(unsettle(missed.tags()));
      }
      case PATH_CHANGED -> onPathChanged();
    }
  }

  /// A hole is a gap that nobody marked.
  void onHole(long tag) {
    askAgain(unsettle(new long[] {tag}));
  }

  /// The node says so when its path changes, and again when it is connected: once per instant is enough.
  void onPathChanged() {
    if (pathEverChanged && pathChangedNanos == outbox.nowNanos()) {
      return;
    }
    pathEverChanged = true;
    pathChangedNanos = outbox.nowNanos();
    counters.count(Counters.Count.PATH_CHANGES);
    List<Interest> affected = unsettle(new long[0]);
    fetches.pathChanged();
    askAgain(affected);
    recent.forEach(outbox.nowNanos(), resync::announce);
  }

  /// @param tags none for all
  private List<Interest> unsettle(long[] tags) {
    List<Interest> affected = new ArrayList<>();
    if (tags.length == 0) {
      chains.restartAll();
      affected.addAll(interests.all());
    } else {
      for (long tag : tags) {
        Interest interest = interests.get(tag);
        if (interest != null) {
          chains.restart(tag);
          affected.add(interest);
        }
      }
    }
    for (Interest interest : affected) {
      interest.settled = false;
      interest.missedSinceAsked = interest.askId != 0;
      resync.announce(interest);
    }
    return affected;
  }

  private void askAgain(List<Interest> affected) {
    List<Interest> later = new ArrayList<>();
    for (Interest interest : affected) {
      if (interest.everSettled && interest.waiting.isEmpty()) {
        later.add(interest);
      } else {
        fetches.soon(interest);
      }
    }
    fetches.eventually(later, outbox.nowNanos() + exchangeNanos, settleSpreadNanos);
  }
}
