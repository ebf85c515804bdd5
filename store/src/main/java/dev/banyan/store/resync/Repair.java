package dev.banyan.store.resync;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What follows when updates may have been missed: the tags are unsettled, digests are exchanged, and questions make
/// the tags settled again.
public final class Repair {

  private static final long NEVER = Long.MIN_VALUE;

  /// Tags that are remembered one by one until more of the group's keys is known. A guess.
  private static final int MOST_AWAITED = 4_096;

  private final InterestBook interests;
  private final Resync resync;
  private final Holdings holdings;
  private final NodeId self;
  private final TagChains chains;
  private final Fetches fetches;
  private final Counters counters;
  private final StoreTurn turn;
  private final Spreads spreads;
  private final long settleSpreadNanos;
  private long pathChangedNanos;
  private boolean pathEverChanged;
  private final Alarm alarm;

  /// When all interests were last unsettled and repaired.
  private long repairedNanos = NEVER;

  /// Whether anything was marked as missed since then.
  private boolean repairDue;

  /// Tags that are wanted here and of which something came in that cannot be read yet; of more than [#MOST_AWAITED], everything.
  private final TreeSet<Long> awaited = new TreeSet<>();

  private boolean allAwaited;
  private final UnreadQuestions questionsUnread;

  public Repair(
      InterestBook interests,
      Resync resync,
      Holdings holdings,
      Names names,
      NodeId self,
      TagChains chains,
      Fetches fetches,
      Counters counters,
      StoreTurn turn,
      Spreads spreads,
      long settleSpreadNanos) {
    this.interests = interests;
    this.resync = resync;
    this.holdings = holdings;
    this.questionsUnread = new UnreadQuestions(names);
    this.self = self;
    this.chains = chains;
    this.fetches = fetches;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.REPAIR, turn);
    this.spreads = spreads;
    this.settleSpreadNanos = settleSpreadNanos;
  }

  public void onMissed(Effect.Missed missed) {
    switch (missed.cause()) {
      case GAP -> {
        counters.count(Counters.Count.GAPS);
        if (missed.tags().length == 0) {
          onAnythingMissed();
        } else {
          askAgain(unsettle(missed.tags()));
        }
      }
      case PATH_CHANGED -> onPathChanged();
    }
  }

  /// Repairing everything is expensive, and marking it as missed is not: of the marks that come while a repair is under way
  /// only one leads to another, afterwards.
  private void onAnythingMissed() {
    long free = repairedNanos + spreads.exchangeNanos();
    if (repairedNanos == NEVER || turn.nowNanos() >= free) {
      repairAll();
    } else {
      interests.endEra();
      repairDue = true;
      alarm.by(free);
    }
  }

  public void onTimer(long generation) {
    if (alarm.fired(generation) && repairDue) {
      repairAll();
    }
  }

  private void repairAll() {
    repairedNanos = turn.nowNanos();
    repairDue = false;
    askAgain(unsettle(new long[0]));
  }

  /// A hole is a gap that nobody marked.
  public void onHole(long tag) {
    askAgain(unsettle(new long[] {tag}));
  }

  /// What came in with these tags cannot be read before more of the group's keys is known. A waiting room for it would be
  /// one for whatever anybody sends, as nothing of it can be verified: so nothing is kept, and what is wanted here is asked for then.
  ///
  /// @param missed whether something is missing until then: whoever reads it asks, and is told that it may be old
  public void later(long[] tags, boolean missed) {
    for (long tag : tags) {
      Interest interest = interests.get(tag);
      Interest everything = interests.everything();
      if (interest != null || everything != null) {
        awaited.add(tag);
        if (missed) {
          missedForNow(interest);
          missedForNow(everything);
        }
      }
    }
    if (tags.length == 0 || awaited.size() > MOST_AWAITED) {
      allAwaited = true;
      awaited.clear();
    }
  }

  private void missedForNow(@Nullable Interest interest) {
    if (interest != null && interest.settled()) {
      interest.unsettle();
      fetches.eventually(
          List.of(interest), turn.nowNanos() + spreads.exchangeNanos(), settleSpreadNanos);
    }
  }

  /// A question of somebody who is further than we are could not be read: it may have been for what we hold.
  ///
  /// @param tag what it asked for, as whoever passed it on says
  public void questionUnread(long tag) {
    questionsUnread.add(tag);
  }

  /// More of the group's keys is known.
  ///
  /// @param gone what was held and is not any more
  public void keysLearned(List<Entry> gone) {
    TreeSet<Long> tags = new TreeSet<>(awaited);
    for (Entry entry : gone) {
      for (long tag : entry.tags) {
        tags.add(tag);
      }
    }
    boolean all = allAwaited;
    awaited.clear();
    allAwaited = false;
    Set<Interest> again = new LinkedHashSet<>(fetches.endUnreadable());
    if (all) {
      repairAll();
    } else {
      if (!tags.isEmpty()) {
        again.addAll(unsettle(tags.stream().mapToLong(Long::longValue).toArray()));
      }
      askAgain(again);
    }
    if (!questionsUnread.isEmpty()) {
      holdings.entries().stream().filter(questionsUnread.take()).forEach(resync::announce);
    }
  }

  /// The node says so when its path changes, and again when it is connected: once per instant is enough.
  public void onPathChanged() {
    if (pathEverChanged && pathChangedNanos == turn.nowNanos()) {
      return;
    }
    pathEverChanged = true;
    pathChangedNanos = turn.nowNanos();
    counters.count(Counters.Count.PATH_CHANGES);
    repairedNanos = turn.nowNanos();
    repairDue = false;
    List<Interest> affected = unsettle(new long[0]);
    fetches.pathChanged();
    askAgain(affected);
    announceOwnWrites();
  }

  /// Announces key by key what this worker wrote itself or keeps for others, also what it wants through a prefix only: a reader of one key
  /// hears no digest of a prefix. So while a writer lives, nobody who reads what it wrote goes without: not after the
  /// writer's path has changed, and not when it moved while a reader's question went round.
  public void announceOwnWrites() {
    for (Entry entry : holdings.entries()) {
      if (entry.isOurs(self)) {
        resync.announce(entry);
      }
    }
  }

  /// @param tags none for all
  private List<Interest> unsettle(long[] tags) {
    List<Interest> affected = new ArrayList<>();
    if (tags.length == 0) {
      chains.restartAll();
      affected.addAll(interests.all());
    } else {
      chains.restart(tags);
      for (long tag : tags) {
        Interest interest = interests.get(tag);
        if (interest != null) {
          affected.add(interest);
        }
      }
      Interest everything = interests.everything();
      if (everything != null && !affected.contains(everything)) {
        affected.add(everything);
      }
    }
    for (Interest interest : affected) {
      interest.unsettle();
      resync.announce(interest);
    }
    return affected;
  }

  private void askAgain(Collection<Interest> affected) {
    List<Interest> later = new ArrayList<>();
    for (Interest interest : affected) {
      if (interest.everSettled() && !interest.awaited()) {
        later.add(interest);
      } else {
        fetches.soon(interest);
      }
    }
    fetches.eventually(later, turn.nowNanos() + spreads.exchangeNanos(), settleSpreadNanos);
  }
}
