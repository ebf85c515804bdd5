package dev.banyan.store.worker;

import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Users' reads: answered at once where what is held suffices, else when what was asked has been answered, or their patience
/// is over.
final class Reads {

  /// Reads that wait for a fetch at one time; more are refused.
  private static final int MAX_WAITING = 1 << 16;

  /// What a conditional write does once its condition holds, and a read on the way.
  interface Writing {
    void write(StoreCommand.CompareAndSet swap);

    /// A key that is wanted on its own is used.
    void used(long keyTag);
  }

  private final StoreConfig config;
  private final Names names;
  private final Holdings holdings;
  private final Shelf shelf;
  private final InterestBook interests;
  private final Absences absences;
  private final Counters counters;
  private final StoreTurn turn;
  private final Fetches fetches;
  private final Writing writing;
  private boolean connected;
  private int waiting;

  /// Reads that wait, or have waited, in the order in which their patience ends.
  private final ArrayDeque<Deadline> deadlines = new ArrayDeque<>();

  private final Alarm alarm;

  private record Deadline(long atNanos, Interest interest, StoreCommand.Read command) {}

  Reads(
      StoreConfig config,
      Names names,
      Holdings holdings,
      Shelf shelf,
      InterestBook interests,
      Absences absences,
      Counters counters,
      StoreTurn turn,
      Fetches fetches,
      Writing writing) {
    this.config = config;
    this.names = names;
    this.holdings = holdings;
    this.shelf = shelf;
    this.interests = interests;
    this.absences = absences;
    this.counters = counters;
    this.turn = turn;
    this.fetches = fetches;
    this.writing = writing;
    this.alarm = new Alarm(StoreTimer.READ, turn);
  }

  void connected(boolean now) {
    connected = now;
  }

  boolean areFull() {
    return waiting >= MAX_WAITING;
  }

  void read(StoreCommand.Read command) {
    String key = command.key();
    long keyTag = names.keyTag(key);
    Entry entry = holdings.find(keyTag);
    long[] tags = entry == null ? names.recordTags(key) : entry.tags;
    Interest covering = interests.covering(tags);
    if (entry != null) {
      entry.used(true);
    }
    if (covering == null) {
      covering = interests.wantKey(key, keyTag, tags);
    }
    writing.used(keyTag);
    boolean condition = command instanceof StoreCommand.CompareAndSet;
    if (connected ? covering.settled() : entry != null && !condition) {
      answer(command, entry, !condition && !(connected && covering.whole()));
      return;
    }
    covering.await(command);
    waiting++;
    deadlines.add(
        new Deadline(turn.nowNanos() + config.fetching().patienceNanos(), covering, command));
    alarm.by(deadlines.element().atNanos());
    fetches.soon(covering);
  }

  void onTimer(long generation) {
    if (!alarm.fired(generation)) {
      return;
    }
    while (!deadlines.isEmpty() && deadlines.element().atNanos() <= turn.nowNanos()) {
      Deadline due = deadlines.remove();
      if (due.interest().waitsNoLonger(due.command())) {
        waiting--;
        answerUnsettled(due.interest(), due.command());
      }
    }
    if (!deadlines.isEmpty()) {
      alarm.by(deadlines.element().atNanos());
    }
  }

  /// Whatever is known is said, and that it may not be the newest.
  private void answerUnsettled(Interest interest, StoreCommand.Read command) {
    long keyTag = names.keyTag(command.key());
    Entry entry = holdings.find(keyTag);
    boolean shelved = command instanceof StoreCommand.Get && shelf.find(keyTag) != null;
    if (entry != null || shelved) {
      answer(command, entry, true);
    } else {
      unreachable(command, whyUnsettled(interest));
    }
  }

  private StoreOutcome.Unreachable.Why whyUnsettled(Interest interest) {
    if (!connected) {
      return StoreOutcome.Unreachable.Why.CUT_OFF;
    }
    return fetches.isIncomplete(interest)
        ? StoreOutcome.Unreachable.Why.INCOMPLETE
        : StoreOutcome.Unreachable.Why.UNANSWERED;
  }

  private void unreachable(StoreCommand.Read command, StoreOutcome.Unreachable.Why why) {
    counters.count(Counters.Count.READS_UNREACHABLE);
    turn.outcome(new StoreOutcome.Unreachable(command.request(), command.key(), why));
  }

  private void answer(StoreCommand.Read command, @Nullable Entry entry, boolean stale) {
    switch (command) {
      case StoreCommand.Get get ->
          turn.outcome(entry == null ? unknown(get, stale) : value(get, entry, stale));
      case StoreCommand.CompareAndSet swap -> compareAndSet(swap, entry, stale);
    }
  }

  /// Nobody holds the key, but there may be an old value on the shelf.
  private StoreOutcome unknown(StoreCommand.Get get, boolean stale) {
    Entry shelved = shelf.find(names.keyTag(get.key()));
    return shelved == null ? absent(get, null, stale) : value(get, shelved, true);
  }

  private StoreOutcome absent(StoreCommand.Get get, @Nullable Entry entry, boolean stale) {
    return new StoreOutcome.Absent(get.request(), get.key(), stale, absences.of(get.key(), entry));
  }

  private StoreOutcome value(StoreCommand.Get get, Entry entry, boolean stale) {
    if (entry.newest().deleted()) {
      return absent(get, entry, stale);
    }
    Write newest = entry.newest();
    return new StoreOutcome.Value(
        get.request(), get.key(), newest.version(), newest.value(), stale);
  }

  /// @param stale newer revisions may have been missed: then it is not known whether the condition holds, only that it
  ///     does not when what is held is newer than it says
  private void compareAndSet(
      StoreCommand.CompareAndSet swap, @Nullable Entry entry, boolean stale) {
    boolean absent = entry == null || entry.newest().deleted();
    boolean expected =
        swap.expected().isEmpty()
            ? absent
            : entry != null && entry.newest().version().equals(swap.expected().get());
    boolean newer =
        swap.expected()
            .map(version -> entry != null && entry.newest().version().compareTo(version) > 0)
            .orElse(!absent);
    if (stale && !newer) {
      unreachable(swap, whyUnsettled(interest(swap)));
    } else if (expected) {
      writing.write(swap);
    } else {
      Optional<Revision> current =
          entry == null ? Optional.empty() : Optional.of(entry.newest().revision(entry.key));
      turn.outcome(new StoreOutcome.Conflict(swap.request(), swap.key(), current));
    }
  }

  private Interest interest(StoreCommand.CompareAndSet swap) {
    Interest covering = interests.covering(names.recordTags(swap.key()));
    if (covering == null) {
      throw new IllegalStateException("a read of '" + swap.key() + "' that nothing covers");
    }
    return covering;
  }

  /// All who could be asked have said what they hold, and others could not be, or do not answer. Reads that find
  /// something are answered with that; for others there may be an answer still.
  void tellWhatIsHeld(Interest interest) {
    for (StoreCommand.Read command : List.copyOf(interest.waiting())) {
      if (command instanceof StoreCommand.Get get) {
        Entry entry = holdings.find(names.keyTag(get.key()));
        if (entry != null) {
          interest.waitsNoLonger(command);
          waiting--;
          answer(get, entry, true);
        }
      }
    }
  }

  /// Nothing of this interest can be missing any more.
  void settled(Interest interest) {
    for (StoreCommand.Read command : takeWaiting(interest)) {
      answer(command, holdings.find(names.keyTag(command.key())), !connected);
    }
  }

  /// Nobody has answered, as often as we asked.
  void unanswered(Interest interest) {
    for (StoreCommand.Read command : takeWaiting(interest)) {
      answerUnsettled(interest, command);
    }
  }

  /// The worker stops: who waits for an answer gets what there is.
  void stop() {
    for (Interest interest : interests.all()) {
      if (interest.awaited()) {
        unanswered(interest);
      }
    }
  }

  List<StoreCommand.Read> takeWaiting(Interest interest) {
    List<StoreCommand.Read> taken = List.copyOf(interest.waiting());
    taken.forEach(interest::waitsNoLonger);
    waiting -= taken.size();
    return taken;
  }
}
