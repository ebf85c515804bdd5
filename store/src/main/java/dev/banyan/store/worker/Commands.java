package dev.banyan.store.worker;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.leaving.Leaving;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.replica.Replica;
import dev.banyan.store.room.Allotment;
import dev.banyan.store.room.Fading;
import dev.banyan.store.room.Room;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.watching.Watching;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries out what users ask: at once where what is held suffices, after a fetch where it does not.
final class Commands {

  private final Names names;
  private final Holdings holdings;
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
  private final Consumer<StoreCommand.Learn> learning;
  private final Consumer<StoreCommand.Heads> heading;
  private boolean connected;
  private final Reads reads;
  private final CommandFaults faults;

  Commands(
      StoreConfig config,
      Names names,
      Holdings holdings,
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
      Allotment allotment,
      Consumer<StoreCommand.Learn> learning,
      Consumer<StoreCommand.Heads> heading,
      Sealing sealing,
      HybridClock clock) {
    this.learning = learning;
    this.heading = heading;
    this.names = names;
    this.holdings = holdings;
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
    this.allotment = allotment;
    reads =
        new Reads(
            config,
            names,
            holdings,
            shelf,
            interests,
            new Absences(sealing, interests, clock),
            counters,
            turn,
            fetches,
            new Writing());
    faults = new CommandFaults(names, holdings, watches, allotment, reads, sealing.mayWrite());
  }

  void connected(boolean now) {
    connected = now;
    reads.connected(now);
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
    String fault = faults.of(command);
    if (!fault.isEmpty()) {
      refuse(command.request(), fault, StoreOutcome.Refused.Kind.INVALID);
      return;
    }
    if (leaving.isUnderWay() && CommandFaults.writes(command)) {
      refuse(command.request(), "this worker is stopping", StoreOutcome.Refused.Kind.STOPPING);
      return;
    }
    String unheard = faults.unheard(command);
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
      case StoreCommand.Read read -> reads.read(read);
      case StoreCommand.Watch watch -> watch(watch);
      case StoreCommand.Unwatch unwatch -> unwatch(unwatch);
      case StoreCommand.Taken taken -> watches.taken(taken.watch(), taken.bytes());
      case StoreCommand.Keys keys -> keys(keys);
      case StoreCommand.History history -> history(history);
      case StoreCommand.Learn learn -> learning.accept(learn);
      case StoreCommand.Heads heads -> heading.accept(heads);
      case StoreCommand.Drain drain -> leaving.begin(drain);
    }
  }

  private void refuse(long request, String why, StoreOutcome.Refused.Kind kind) {
    counters.count(Counters.Count.REFUSED);
    turn.outcome(new StoreOutcome.Refused(request, why, kind));
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
    Entry held = holdings.find(names.keyTag(key));
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

  private Entry write(long request, String key, Optional<Bytes> value) {
    long keyTag = names.keyTag(key);
    Entry held = holdings.find(keyTag);
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

  private final class Writing implements Reads.Writing {
    @Override
    public void write(StoreCommand.CompareAndSet swap) {
      int size = swap.value().map(Bytes::size).orElse(0);
      if (hasRoom(swap.request(), moreBytes(swap.key(), size))) {
        Commands.this.write(swap.request(), swap.key(), swap.value());
      }
    }

    @Override
    public void used(long keyTag) {
      Commands.this.used(keyTag);
    }
  }

  private void used(long keyTag) {
    Interest interest = interests.get(keyTag);
    if (interest != null) {
      allotment.use(interest);
      fading.used(interest);
    }
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
    Entry own = interest.prefix() ? null : holdings.find(interest.tag);
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
    reads.takeWaiting(interest).forEach(this::on);
  }

  /// Whoever covers a key that was written blindly from now on makes good for it.
  private void handOnBlindWrites(Interest withdrawn) {
    for (Entry entry : withdrawn.takeBlindWrites()) {
      Interest successor = interests.covering(entry.tags);
      if (successor == null || holdings.find(entry.tag) != entry) {
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
    for (Entry entry : holdings.from(start, !start.equals(command.after()))) {
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
    Entry entry = holdings.find(names.keyTag(command.key()));
    List<Revision> revisions =
        entry == null || !entry.key.equals(command.key()) ? List.of() : entry.revisions();
    turn.outcome(new StoreOutcome.Revisions(command.request(), command.key(), revisions));
  }

  void onReadTimer(long generation) {
    reads.onTimer(generation);
  }

  void tellWhatIsHeld(Interest interest) {
    reads.tellWhatIsHeld(interest);
  }

  /// Nothing of this interest can be missing any more.
  void settled(Interest interest) {
    interest.takeBlindWrites().forEach(this::rebase);
    reads.settled(interest);
    watches.catchUp(interest);
  }

  void unanswered(Interest interest) {
    reads.unanswered(interest);
  }

  void stop() {
    reads.stop();
  }

  /// A write of a key that was not known here carries a Lamport time that knows nothing of the key's past: an older
  /// write that turns up may have a greater one, as clocks differ a little, and would win. The user's write was the later,
  /// so it is made again, once. (What was not held anywhere yet when the user wrote was written at the same time or later,
  /// and wins or loses as ever; and so does what was written while this worker was cut off, as much may have been written
  /// since.)
  private void rebase(Entry entry) {
    Write blind = entry.takeBlindWrite();
    if (blind == null
        || holdings.find(entry.tag) != entry
        || entry.newest().knownSinceNanos > blind.knownSinceNanos
        || entry.newest() == blind) {
      return;
    }
    counters.count(Counters.Count.REBASED);
    Optional<Bytes> value = blind.deleted() ? Optional.empty() : Optional.of(blind.value());
    replica.write(entry.key, entry.tag, entry.tags, value, connected);
  }
}
