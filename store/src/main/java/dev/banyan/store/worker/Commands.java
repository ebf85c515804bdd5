package dev.banyan.store.worker;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Memtable;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.leaving.Leaving;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.replica.Replica;
import dev.banyan.store.room.Allotment;
import dev.banyan.store.room.Fading;
import dev.banyan.store.room.Room;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.watching.Watching;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries out what users ask: at once where what is held suffices, after a fetch where it does not.
final class Commands {

  /// Reads that wait for a fetch at one time; more are refused.
  private static final int MAX_WAITING = 1 << 16;

  private final StoreConfig config;
  private final Names names;
  private final Memtable memtable;
  private final Shelf shelf;
  private final InterestBook interests;
  private final Replica replica;
  private final Withdrawals withdrawals;
  private final Watches watches;
  private final Counters counters;
  private final StoreTurn turn;
  private final Fetches fetches;
  private final Fading fading;
  private final Leaving leaving;
  private final Room room;
  private final Allotment allotment;
  private boolean connected;
  private int waiting;

  /// Reads that wait, or have waited, in the order in which their patience ends.
  private final ArrayDeque<Deadline> deadlines = new ArrayDeque<>();

  private final Alarm alarm;

  private record Deadline(long atNanos, Interest interest, StoreCommand command) {}

  Commands(
      StoreConfig config,
      Names names,
      Memtable memtable,
      Shelf shelf,
      InterestBook interests,
      Replica replica,
      Withdrawals withdrawals,
      Watches watches,
      Counters counters,
      StoreTurn turn,
      Fetches fetches,
      Fading fading,
      Leaving leaving,
      Room room,
      Allotment allotment) {
    this.config = config;
    this.names = names;
    this.memtable = memtable;
    this.shelf = shelf;
    this.interests = interests;
    this.replica = replica;
    this.withdrawals = withdrawals;
    this.watches = watches;
    this.counters = counters;
    this.turn = turn;
    this.fetches = fetches;
    this.fading = fading;
    this.leaving = leaving;
    this.room = room;
    this.alarm = new Alarm(StoreTimer.READ, turn);
    this.allotment = allotment;
  }

  void connected(boolean now) {
    connected = now;
    if (!now) {
      forgetBlindWrites();
    }
  }

  /// Whoever is cut off before the past of a key was known does not make good for it any more: what turns up later may have
  /// been written later.
  private void forgetBlindWrites() {
    for (Interest interest : interests.all()) {
      interest.takeBlindWrites().forEach(Entry::takeBlindWrite);
    }
  }

  void on(StoreCommand command) {
    String fault = fault(command);
    if (!fault.isEmpty()) {
      refuse(command.request(), fault, StoreOutcome.Refused.Kind.INVALID);
      return;
    }
    if (leaving.isUnderWay() && writes(command)) {
      refuse(command.request(), "this worker is stopping", StoreOutcome.Refused.Kind.STOPPING);
      return;
    }
    String unheard = unheard(command);
    if (!unheard.isEmpty()) {
      refuse(command.request(), unheard, StoreOutcome.Refused.Kind.FULL);
      return;
    }
    switch (command) {
      case StoreCommand.Put put -> {
        if (hasRoom(put.request(), moreBytes(put.key(), put.value().size()))) {
          write(put.request(), put.key(), Optional.of(put.value()));
        }
      }
      case StoreCommand.PutAll all -> putAll(all);
      case StoreCommand.Delete delete -> {
        if (hasRoom(delete.request(), moreBytes(delete.key(), 0))) {
          write(delete.request(), delete.key(), Optional.empty());
        }
      }
      case StoreCommand.Get get -> read(get, get.key());
      case StoreCommand.CompareAndSet swap -> read(swap, swap.key());
      case StoreCommand.Watch watch -> watch(watch);
      case StoreCommand.Unwatch unwatch -> unwatch(unwatch);
      case StoreCommand.Taken taken -> watches.taken(taken.watch(), taken.bytes());
      case StoreCommand.Keys keys -> keys(keys);
      case StoreCommand.History history -> history(history);
      case StoreCommand.Drain drain -> leaving.begin(drain);
    }
  }

  private void refuse(long request, String why, StoreOutcome.Refused.Kind kind) {
    counters.count(Counters.Count.REFUSED);
    turn.outcome(new StoreOutcome.Refused(request, why, kind));
  }

  private static boolean writes(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put _,
          StoreCommand.PutAll _,
          StoreCommand.Delete _,
          StoreCommand.CompareAndSet _,
          StoreCommand.Drain _ ->
          true;
      case StoreCommand.Get _,
          StoreCommand.Watch _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _ ->
          false;
    };
  }

  private void putAll(StoreCommand.PutAll all) {
    long more = 0;
    for (StoreCommand.PutAll.Entry entry : all.entries()) {
      more += moreBytes(entry.key(), entry.value().size());
    }
    if (hasRoom(all.request(), more)) {
      all.entries().forEach(e -> write(all.request(), e.key(), Optional.of(e.value())));
    }
  }

  /// How much more memory is taken when a key gets a value of that size; what is remembered of its history does not
  /// count, as it gives way first.
  private long moreBytes(String key, int valueSize) {
    Entry held = memtable.find(names.keyTag(key));
    long now = Write.arrayBytes(key.length() + valueSize);
    return held == null
        ? Entry.FIXED_BYTES + Write.FIXED_BYTES + Interest.BYTES + 2L * key.length() + now
        : now - Write.arrayBytes(key.length() + held.newest().valueSize());
  }

  private boolean hasRoom(long request, long moreBytes) {
    if (moreBytes <= 0 || room.makeFor(moreBytes)) {
      return true;
    }
    counters.count(Counters.Count.FULL);
    refuse(
        request,
        "this worker is full: "
            + (room.usedBytes() >> 20)
            + " of "
            + (room.limitBytes() >> 20)
            + " MiB are taken, and nothing can be let go; delete keys, write at another worker, or give it more memory",
        StoreOutcome.Refused.Kind.FULL);
    return false;
  }

  /// What is wrong with a command, or nothing. Checked before anything changes.
  private String fault(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put put -> fault(put.key(), put.value());
      case StoreCommand.PutAll all -> {
        for (StoreCommand.PutAll.Entry entry : all.entries()) {
          String fault = fault(entry.key(), entry.value());
          if (!fault.isEmpty()) {
            yield "'" + abbreviated(entry.key()) + "': " + fault;
          }
        }
        yield all.entries().isEmpty() ? "there is nothing to put" : "";
      }
      case StoreCommand.Delete delete -> fault(delete.key(), Bytes.EMPTY);
      case StoreCommand.Get get -> readFault(get.key());
      case StoreCommand.CompareAndSet swap -> {
        String fault = fault(swap.key(), swap.value().orElse(Bytes.EMPTY));
        yield fault.isEmpty() ? readFault(swap.key()) : fault;
      }
      case StoreCommand.Watch watch -> fault(watch);
      case StoreCommand.Taken taken -> taken.bytes() < 0 ? "nobody takes less than nothing" : "";
      case StoreCommand.Unwatch unwatch ->
          watches.isOpen(unwatch.watch()) ? "" : "no watch " + unwatch.watch() + " is open";
      case StoreCommand.Keys keys -> keys.limit() < 1 ? "a limit is at least 1" : "";
      case StoreCommand.History history -> Names.fault(history.key());
      case StoreCommand.Drain drain ->
          drain.timeoutNanos() < 0 ? "a timeout must not be negative" : "";
    };
  }

  private String fault(String key, Bytes value) {
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      return fault;
    }
    if (value.size() > StoreCommand.MAX_VALUE_BYTES) {
      return "a value has at most "
          + StoreCommand.MAX_VALUE_BYTES
          + " bytes, this one has "
          + value.size();
    }
    Entry entry = memtable.find(names.keyTag(key));
    if (entry != null && !entry.key.equals(key)) {
      return "the key has the same tag as another key held here: choose another name";
    }
    return "";
  }

  /// Why there is no room for what the command wants to be told of, or nothing.
  private String unheard(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Put put -> allotment.takeKeys(List.of(put.key()));
      case StoreCommand.PutAll all ->
          allotment.takeKeys(all.entries().stream().map(StoreCommand.PutAll.Entry::key).toList());
      case StoreCommand.Delete delete -> allotment.takeKeys(List.of(delete.key()));
      case StoreCommand.CompareAndSet swap -> allotment.takeKeys(List.of(swap.key()));
      case StoreCommand.Watch watch -> {
        if (!watch.prefix()) {
          yield allotment.takeKeys(List.of(watch.name()));
        }
        String prefix =
            watch.name().isEmpty()
                ? Names.EVERYTHING
                : names.declaredPrefixes(watch.name()).getFirst();
        yield allotment.takePrefix(names.prefixTag(prefix));
      }
      case StoreCommand.Get _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _,
          StoreCommand.Drain _ ->
          "";
    };
  }

  private String readFault(String key) {
    return waiting >= MAX_WAITING ? "too many reads are waiting" : Names.fault(key);
  }

  private String fault(StoreCommand.Watch watch) {
    if (watch.windowBytes() <= 0
        || watch.windowBytes() > StoreCommand.Watch.MAX_WINDOW
            && watch.windowBytes() != StoreCommand.Watch.UNLIMITED) {
      return "a watch's window is positive, and at most " + StoreCommand.Watch.MAX_WINDOW;
    }
    if (watches.isOpen(watch.request())) {
      return "watch " + watch.request() + " is open already";
    }
    if (watch.prefix() && watch.name().isEmpty()) {
      return "";
    }
    if (watch.prefix() && names.declaredPrefixes(watch.name()).isEmpty()) {
      return "no declared prefix of '"
          + abbreviated(watch.name())
          + "' ends in '/': watch one that does, or the empty one for everything";
    }
    return Names.fault(watch.name());
  }

  private static String abbreviated(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "...";
  }

  private Entry write(long request, String key, Optional<Bytes> value) {
    long keyTag = names.keyTag(key);
    Entry held = memtable.find(keyTag);
    long[] tags = held == null ? names.recordTags(key) : held.tags;
    Interest covering = interests.covering(tags);
    if (covering == null) {
      covering = interests.wantKey(key, keyTag, tags);
      fetches.soon(covering); // First use of a key advertises it, then fetches it.
    }
    used(keyTag);
    Entry entry = replica.write(key, keyTag, tags, value, connected);
    entry.used(true);
    if (connected && !covering.everSettled() && entry.wroteBlindly()) {
      covering.writtenBlindly(entry);
    }
    turn.outcome(new StoreOutcome.Written(request, key, entry.newest().version(), connected));
    return entry;
  }

  /// A key that is wanted on its own is used.
  private void used(long keyTag) {
    Interest interest = interests.get(keyTag);
    if (interest != null) {
      allotment.use(interest);
      fading.used(interest);
    }
  }

  private void read(StoreCommand command, String key) {
    long keyTag = names.keyTag(key);
    Entry entry = memtable.find(keyTag);
    long[] tags = entry == null ? names.recordTags(key) : entry.tags;
    Interest covering = interests.covering(tags);
    if (entry != null) {
      entry.used(true);
    }
    if (covering == null) {
      covering = interests.wantKey(key, keyTag, tags);
    }
    used(keyTag);
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

  void onReadTimer(long generation) {
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
  private void answerUnsettled(Interest interest, StoreCommand command) {
    long keyTag = names.keyTag(keyOf(command));
    Entry entry = memtable.find(keyTag);
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

  private void unreachable(StoreCommand command, StoreOutcome.Unreachable.Why why) {
    counters.count(Counters.Count.READS_UNREACHABLE);
    turn.outcome(new StoreOutcome.Unreachable(command.request(), keyOf(command), why));
  }

  private void answer(StoreCommand command, @Nullable Entry entry, boolean stale) {
    switch (command) {
      case StoreCommand.Get get ->
          turn.outcome(entry == null ? unknown(get, stale) : value(get, entry, stale));
      case StoreCommand.CompareAndSet swap -> compareAndSet(swap, entry, stale);
      case StoreCommand.Put _,
          StoreCommand.PutAll _,
          StoreCommand.Delete _,
          StoreCommand.Watch _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _,
          StoreCommand.Drain _ ->
          throw new IllegalStateException("only reads wait, not " + command);
    }
  }

  /// Nobody holds the key, but there may be an old value on the shelf.
  private StoreOutcome unknown(StoreCommand.Get get, boolean stale) {
    Entry shelved = shelf.find(names.keyTag(get.key()));
    return shelved == null
        ? new StoreOutcome.Absent(get.request(), get.key(), stale)
        : value(get, shelved, true);
  }

  private static StoreOutcome value(StoreCommand.Get get, Entry entry, boolean stale) {
    if (entry.newest().deleted()) {
      return new StoreOutcome.Absent(get.request(), get.key(), stale);
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
      int size = swap.value().map(Bytes::size).orElse(0);
      if (hasRoom(swap.request(), moreBytes(swap.key(), size))) {
        write(swap.request(), swap.key(), swap.value());
      }
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

  private void watch(StoreCommand.Watch command) {
    String name = command.name();
    Interest interest;
    if (command.prefix() && name.isEmpty()) {
      interest = interests.wantEverything();
    } else if (command.prefix()) {
      interest = interests.wantPrefix(names.declaredPrefixes(name).getFirst());
    } else {
      long keyTag = names.keyTag(name);
      interest = interests.wantKey(name, keyTag, names.recordTags(name));
      allotment.use(interest);
    }
    watches.start(
        new Watching(command.request(), interest, name, command.prefix(), command.windowBytes()));
    if (!interest.settled()) {
      fetches.soon(interest);
    }
  }

  private void unwatch(StoreCommand.Unwatch command) {
    Watching watch = watches.stop(command.watch());
    if (watch == null) {
      return;
    }
    turn.outcome(new StoreOutcome.Unwatched(command.request()));
    afterWatch(watch.interest);
  }

  /// More has come than there is room for: what is watched gives way, the latest watch first.
  void settleRoom() {
    while (room.isOver() && !room.giveWay()) {
      Watching watch = watches.stopLatest();
      if (watch == null) {
        return;
      }
      counters.count(Counters.Count.WATCHES_ENDED);
      refuse(
          watch.request,
          "this worker has no room for what is watched: watch less, or give it more memory",
          StoreOutcome.Refused.Kind.FULL);
      afterWatch(watch.interest);
    }
  }

  private void afterWatch(Interest interest) {
    Entry own = interest.prefix() ? null : memtable.find(interest.tag);
    if (own != null && own.isUsed() && !interest.use.isUsed()) {
      fading.used(interest); // Read or written under the watch: that counts as a use now.
    }
    if (interest.wanted()) {
      return;
    }
    List<Interest> learned = withdrawals.unwatched(interest);
    handOnBlindWrites(interest);
    withdrawals.unfollow(interest);
    for (Interest successor : learned) {
      fading.used(successor);
      if (!successor.settled()) {
        fetches.soon(successor);
      }
    }
    takeWaiting(interest).forEach(this::on);
  }

  /// Whoever covers a key that was written blindly from now on makes good for it.
  private void handOnBlindWrites(Interest withdrawn) {
    for (Entry entry : withdrawn.takeBlindWrites()) {
      Interest successor = interests.covering(entry.tags);
      if (successor == null || memtable.find(entry.tag) != entry) {
        entry.takeBlindWrite();
      } else if (successor.settled()) {
        rebase(entry);
      } else {
        successor.writtenBlindly(entry);
      }
    }
  }

  private void keys(StoreCommand.Keys command) {
    String start =
        command.after().compareTo(command.prefix()) > 0 ? command.after() : command.prefix();
    List<String> found = new ArrayList<>();
    for (Entry entry : memtable.from(start, !start.equals(command.after()))) {
      if (!entry.key.startsWith(command.prefix())) {
        break;
      }
      if (!entry.newest().deleted()) {
        if (found.size() == command.limit()) {
          turn.outcome(new StoreOutcome.KeyList(command.request(), found, true));
          return;
        }
        found.add(entry.key);
      }
    }
    turn.outcome(new StoreOutcome.KeyList(command.request(), found, false));
  }

  private void history(StoreCommand.History command) {
    Entry entry = memtable.find(names.keyTag(command.key()));
    List<Revision> revisions =
        entry == null || !entry.key.equals(command.key()) ? List.of() : entry.revisions();
    turn.outcome(new StoreOutcome.Revisions(command.request(), command.key(), revisions));
  }

  /// All who could be asked have said what they hold, and others could not be, or do not answer. Reads that find
  /// something are answered with that; for others there may be an answer still.
  void tellWhatIsHeld(Interest interest) {
    for (StoreCommand command : List.copyOf(interest.waiting())) {
      if (command instanceof StoreCommand.Get get) {
        Entry entry = memtable.find(names.keyTag(get.key()));
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
    interest.takeBlindWrites().forEach(this::rebase);
    for (StoreCommand command : takeWaiting(interest)) {
      answer(command, memtable.find(names.keyTag(keyOf(command))), !connected);
    }
    watches.catchUp(interest);
  }

  /// A write of a key that was not known here carries a Lamport time that knows nothing of the key's past: an older
  /// write that turns up may have a greater one, as clocks differ a little, and would win. The user's write was the later,
  /// so it is made again, once. (What was not held anywhere yet when the user wrote was written at the same time or later,
  /// and wins or loses as ever; and so does what was written while this worker was cut off, as much may have been written
  /// since.)
  private void rebase(Entry entry) {
    Write blind = entry.takeBlindWrite();
    if (blind == null
        || memtable.find(entry.tag) != entry
        || entry.newest().knownSinceNanos > blind.knownSinceNanos
        || entry.newest() == blind) {
      return;
    }
    counters.count(Counters.Count.REBASED);
    Optional<Bytes> value = blind.deleted() ? Optional.empty() : Optional.of(blind.value());
    replica.write(entry.key, entry.tag, entry.tags, value, connected);
  }

  /// Nobody has answered, as often as we asked.
  void unanswered(Interest interest) {
    for (StoreCommand command : takeWaiting(interest)) {
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

  private List<StoreCommand> takeWaiting(Interest interest) {
    List<StoreCommand> taken = List.copyOf(interest.waiting());
    taken.forEach(interest::waitsNoLonger);
    waiting -= taken.size();
    return taken;
  }

  private static String keyOf(StoreCommand command) {
    return switch (command) {
      case StoreCommand.Get get -> get.key();
      case StoreCommand.CompareAndSet swap -> swap.key();
      case StoreCommand.Put _,
          StoreCommand.PutAll _,
          StoreCommand.Delete _,
          StoreCommand.Watch _,
          StoreCommand.Unwatch _,
          StoreCommand.Taken _,
          StoreCommand.Keys _,
          StoreCommand.History _,
          StoreCommand.Drain _ ->
          throw new IllegalStateException("only reads wait, not " + command);
    };
  }
}
