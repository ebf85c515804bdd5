package dev.banyan.store.leaving;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Record;
import dev.banyan.store.Sealing;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.replica.Replica;
import dev.banyan.store.room.Fading;
import dev.banyan.store.room.Room;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.store.write.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Takes over what workers that leave hand over. What is kept so stays as if it had been written here: until another
/// worker writes a newer one. Nothing is taken while this worker leaves itself, or has no room.
public final class Keeping {

  private final Names names;
  private final Sealing sealing;
  private final Holdings holdings;
  private final InterestBook interests;
  private final Replica replica;
  private final Fetches fetches;
  private final Fading fading;
  private final Room room;
  private final Counters counters;
  private final StoreTurn turn;

  public Keeping(
      Names names,
      Sealing sealing,
      Holdings holdings,
      InterestBook interests,
      Replica replica,
      Fetches fetches,
      Fading fading,
      Room room,
      Counters counters,
      StoreTurn turn) {
    this.names = names;
    this.sealing = sealing;
    this.holdings = holdings;
    this.interests = interests;
    this.replica = replica;
    this.fetches = fetches;
    this.fading = fading;
    this.room = room;
    this.counters = counters;
    this.turn = turn;
  }

  /// @param leaving whether this worker is about to leave, too
  public void onTask(Message.Dispatch task, boolean leaving) {
    Optional<Bytes> handed = sealing.handed(task, (reason, _) -> counters.refused(reason));
    if (handed.isEmpty()) {
      turn.toTree(new Event.Finish(task, Bytes.EMPTY)); // Nobody's word: it is as good as none.
      return;
    }
    List<KeepTask.Kept> all;
    try {
      all = KeepTask.parse(handed.get());
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
      all = List.of();
    }
    byte[] taken = new byte[all.size()];
    for (int i = 0; i < taken.length && !leaving; i++) {
      try {
        taken[i] = (byte) (take(all.get(i)) ? 1 : 0);
      } catch (IllegalArgumentException _) {
        counters.count(Counters.Count.MALFORMED);
      }
    }
    turn.toTree(new Event.Finish(task, sealing.result(task, Bytes.wrap(taken))));
  }

  private boolean take(KeepTask.Kept kept) {
    List<Record> opened =
        sealing.open(List.of(kept.record()), (reason, _) -> counters.refused(reason));
    if (opened.isEmpty()) {
      return false;
    }
    Record given = opened.getFirst();
    UpdatePayload payload = UpdatePayload.parse(given.payload());
    String key = payload.key();
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    Record record = given.proof() == null ? given.withTags(names.recordTags(key)) : given;
    if (!Arrays.equals(record.tags(), names.recordTags(key))) {
      throw new IllegalArgumentException("tags that are not the key's");
    }
    Write write = new Write(record, payload, Write.LONG_AGO);
    if (!room.makeFor(write.bytes() + Entry.FIXED_BYTES + key.length())) {
      return false;
    }
    long keyTag = names.keyTag(key);
    Interest covering = interests.covering(record.tags());
    if (covering == null) {
      covering = interests.wantKey(key, keyTag, record.tags());
      fetches.soon(covering);
    }
    Interest own = interests.get(keyTag);
    if (own != null) {
      fading.used(own);
    }
    Entry taken = replica.take(write);
    if (taken != null) {
      keep(taken, write.version());
    }
    return true;
  }

  /// Somebody who leaves is told that this version, or a newer one, stays here.
  void keep(Entry entry, Version version) {
    entry.used(true);
    if (entry.newest().version().equals(version) && entry.takeOver()) {
      counters.count(Counters.Count.KEPT_FOR_OTHERS);
    }
    Interest own = interests.get(entry.tag);
    if (own != null && !own.use.isUsed()) {
      fading.used(own);
    }
  }

  /// Answers whether this worker holds the version of the key, or a newer one, so that the asker may leave.
  ///
  /// @param duty whether the asker was the one to keep it: this worker is then
  public boolean vouches(String key, Version version, boolean duty) {
    Entry entry = holdings.find(names.keyTag(key));
    if (entry == null
        || !entry.key.equals(key)
        || entry.newest().version().compareTo(version) < 0) {
      return false;
    }
    if (duty) {
      keep(entry, version);
    }
    return true;
  }
}
