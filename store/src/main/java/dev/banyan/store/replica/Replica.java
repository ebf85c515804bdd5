package dev.banyan.store.replica;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.store.Lamport;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.holdings.WritableHoldings;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.KnownHeads;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.resync.Digest;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.room.Fading;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.write.HeldFor;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.PayloadKind;
import dev.banyan.store.write.UpdatePayload;
import dev.banyan.store.write.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Merges writes, from here and from elsewhere: of two writes of a key the greater [Version] stays.
public final class Replica {

  /// A difference between our own clock and the tree's that is not worth a word.
  private static final long CLOCKS_AGREE_MILLIS = 1_000;

  private final StoreConfig config;
  private final Names names;
  private final Sealing sealing;
  private final Sealing.Refusals refusals;
  private final WritableHoldings holdings;
  private final InterestBook interests;
  private final Publisher publisher;
  private final TagChains chains;
  private final KnownHeads heads;
  private final Resync resync;
  private final Watches watches;
  private final Fading fading;
  private final Tombstones tombstones;
  private final Shelf shelf;
  private final NodeId self;
  private final HybridClock clock;
  private final Counters counters;
  private final StoreTurn turn;

  public Replica(
      StoreConfig config,
      Names names,
      Sealing sealing,
      Sealing.Refusals refusals,
      WritableHoldings holdings,
      InterestBook interests,
      Publisher publisher,
      TagChains chains,
      KnownHeads heads,
      Resync resync,
      Watches watches,
      Fading fading,
      Tombstones tombstones,
      Shelf shelf,
      NodeId self,
      HybridClock clock,
      Counters counters,
      StoreTurn turn) {
    this.config = config;
    this.names = names;
    this.sealing = sealing;
    this.refusals = refusals;
    this.holdings = holdings;
    this.interests = interests;
    this.publisher = publisher;
    this.chains = chains;
    this.heads = heads;
    this.resync = resync;
    this.watches = watches;
    this.fading = fading;
    this.tombstones = tombstones;
    this.shelf = shelf;
    this.self = self;
    this.clock = clock;
    this.counters = counters;
    this.turn = turn;
  }

  /// Writes a value, or a tombstone, and publishes it.
  public Entry write(
      String key, long keyTag, long[] tags, Optional<Bytes> value, boolean connected) {
    Entry entry = holdings.find(keyTag);
    Write write = make(key, clock.next(Entry.newestOf(entry)), tags, value, connected);
    if (entry == null) {
      entry = add(key, keyTag, tags, write);
    } else {
      replace(entry, write);
    }
    counters.count(Counters.Count.UPDATES);
    publisher.publish(write.record);
    if (connected) {
      heads.heard(write.record);
    }
    return entry;
  }

  private Write make(
      String key, long lamport, long[] tags, Optional<Bytes> value, boolean connected) {
    UpdatePayload payload =
        value.isPresent()
            ? UpdatePayload.put(key, lamport, value.get())
            : UpdatePayload.delete(key, lamport);
    return new Write(
        publisher.update(tags, payload.encoded(), connected), payload, turn.nowNanos());
  }

  /// The tree's time is known, and our own clock, by which was written so far, is behind it by that much.
  public void clockLearned(long behindMillis) {
    if (Math.abs(behindMillis) < CLOCKS_AGREE_MILLIS) {
      return;
    }
    clock.corrected();
    for (Entry entry : List.copyOf(holdings.entries())) {
      restamp(entry, Lamport.moved(entry.newest().lamport, behindMillis));
    }
  }

  /// The tree's time was set back far. What was stamped before loses to anything that is written now, and we say again
  /// what we had written, as of when it was.
  public void clockCorrected(long backMillis) {
    clock.corrected();
    for (Entry entry : List.copyOf(holdings.entries())) {
      long lamport = entry.newest().lamport;
      if (clock.isFuture(lamport)) {
        long moved = Lamport.moved(lamport, -backMillis);
        restamp(entry, clock.isFuture(moved) ? clock.next(entry.newest()) : moved);
      }
    }
  }

  /// Makes our own write once more, at another time.
  private void restamp(Entry entry, long lamport) {
    Write newest = entry.newest();
    if (isOwn(entry)) {
      Optional<Bytes> value = newest.deleted() ? Optional.empty() : Optional.of(newest.value());
      Write write = make(entry.key, lamport, entry.tags, value, true);
      replace(entry, write);
      counters.count(Counters.Count.RESTAMPED);
      publisher.publish(write.record);
    }
  }

  public void onMulticast(Multicast multicast) {
    List<Record> records;
    try {
      records = sealing.open(multicast.records(), refusals);
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
      return;
    }
    boolean again = records.size() > 1 && PayloadKind.isAgain(records.getFirst().payload());
    for (Record record : again ? records.subList(1, records.size()) : records) {
      try {
        receive(record, again);
      } catch (IllegalArgumentException _) {
        counters.count(Counters.Count.MALFORMED);
      }
    }
  }

  /// @param again whether it was written earlier than it was sent
  private void receive(Record record, boolean again) {
    if (!interests.wantsAny(record.tags())) {
      counters.count(Counters.Count.UNWANTED);
      return;
    }
    check(record);
    Bytes payload = record.payload();
    boolean own = publisher.isOwn(record);
    if (payload.size() > 0 && payload.at(0) == PayloadKind.DIGEST) {
      if (!own && !chains.repeats(record)) {
        resync.onDigest(record.writer(), Digest.parse(record, payload));
      }
      return;
    }
    Write write =
        new Write(record, UpdatePayload.parse(payload), again ? Write.LONG_AGO : turn.nowNanos());
    Entry held = find(write);
    if (isRefused(held, write)) {
      return;
    }
    if (!own) {
      heads.heard(record);
      counters.count(Counters.Count.DELIVERIES);
      if (chains.repeats(record)) {
        counters.count(Counters.Count.DUPLICATE_DELIVERIES);
      } else {
        chains.follow(record);
      }
    }
    Entry merged = merge(held, write);
    if (merged != null) {
      resync.heard(merged, write);
    }
  }

  /// Takes records that came as an answer. They are outside the order of chains: they have been asked for.
  ///
  /// @param wayNanos how long they were on their way, of how long their question waited before
  public void onAnswer(List<Record> records, LongUnaryOperator wayNanos) {
    Bytes mark = Bytes.EMPTY;
    long way = 0;
    int behindMark = 0;
    for (Record record : records) {
      long heldForNanos = HeldFor.nanos(mark, behindMark++);
      try {
        if (interests.wantsAny(record.tags())) {
          check(record);
          Bytes payload = record.payload();
          if (HeldFor.isMark(payload)) {
            mark = payload;
            way = wayNanos.applyAsLong(HeldFor.waitedNanos(mark));
            behindMark = 0;
            continue;
          }
          long since = turn.nowNanos() - heldForNanos - way;
          Write write = new Write(record, UpdatePayload.parse(payload), since);
          Entry held = find(write);
          if (!isRefused(held, write)) {
            heads.heard(record);
            counters.count(Counters.Count.FETCHED);
            Entry merged = merge(held, write);
            if (merged != null) {
              resync.fetched(merged);
            }
          }
        }
      } catch (IllegalArgumentException _) {
        counters.count(Counters.Count.MALFORMED);
      }
    }
  }

  /// Takes a write that somebody who leaves hands over.
  ///
  /// @return the key's entry; null if there is none, as it was deleted long ago
  /// @throws IllegalArgumentException when it cannot be one
  @Nullable
  public Entry take(Write write) {
    check(write.record);
    Entry held = find(write);
    if (isRefused(held, write)) {
      throw new IllegalArgumentException("a write that cannot have been made yet");
    }
    return merge(held, write);
  }

  /// What cannot have been written yet is not taken, and not remembered as heard: if it was honest, the next record of
  /// its writer shows the hole, and by then it may be believed. If that will be soon, it is asked for then.
  private boolean isRefused(@Nullable Entry held, Write write) {
    boolean refused = clock.isFuture(write.lamport);
    if (refused) {
      counters.count(Counters.Count.FUTURE);
      long keyTag = held == null ? names.keyTag(write.key()) : held.tag;
      resync.tooEarly(keyTag, write.record.tags(), write.version());
    }
    return refused;
  }

  private static void check(Record record) {
    for (long predecessor : record.predecessors()) {
      if (predecessor < 0 || predecessor >= record.sequence()) {
        throw new IllegalArgumentException("a record before its predecessor");
      }
    }
    if (record.sequence() < 1) {
      throw new IllegalArgumentException("a record numbered " + record.sequence());
    }
  }

  /// The entry of a write's key, if there is one.
  ///
  /// @throws IllegalArgumentException when the record's tags are not those of its key
  private @Nullable Entry find(Write write) {
    for (long tag : write.record.tags()) {
      Entry entry = holdings.find(tag);
      if (entry != null && entry.newest().sameKey(write)) {
        if (!Arrays.equals(entry.tags, write.record.tags())) {
          throw new IllegalArgumentException("tags that are not the key's");
        }
        return entry;
      }
    }
    String key = write.key();
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    if (!Arrays.equals(names.recordTags(key), write.record.tags())) {
      throw new IllegalArgumentException("tags that are not the key's");
    }
    return null;
  }

  /// @return the key's entry; null if there is none, as it was deleted long ago
  private @Nullable Entry merge(@Nullable Entry held, Write write) {
    clock.saw(write.lamport);
    if (held == null) {
      String key = write.key();
      long keyTag = names.keyTag(key);
      if (holdings.find(keyTag) != null) {
        throw new IllegalArgumentException("two keys with one tag");
      }
      if (tombstones.isForgotten(write) && shelf.find(keyTag) == null) {
        counters.count(Counters.Count.OUTDATED);
        return null;
      }
      return add(key, keyTag, write.record.tags(), write);
    }
    int order = write.compareTo(held.newest());
    if (order > 0 || (order < 0 && clock.isFuture(held.newest().lamport))) {
      replace(held, write);
    } else if (order < 0) {
      counters.count(Counters.Count.OUTDATED);
    }
    return held;
  }

  private Entry add(String key, long keyTag, long[] tags, Write write) {
    Entry entry = new Entry(key, keyTag, tags, write);
    holdings.add(entry);
    interests.added(entry);
    if (write.deleted()) {
      tombstones.added(entry);
    }
    Entry shelved = shelf.take(keyTag);
    if (shelved == null) {
      watches.changed(entry);
    } else {
      unshelve(shelved, entry);
    }
    return entry;
  }

  /// Somebody holds a key that is on the shelf: so it was not deleted, and ours is as good as theirs.
  private void unshelve(Entry shelved, Entry entry) {
    Write ours = shelved.newest();
    int order = ours.compareTo(entry.newest());
    entry.used(shelved.isUsed());
    if (order > 0) {
      replace(entry, ours);
      publisher.again(List.of(ours.record));
    } else if (order < 0) {
      watches.changed(entry);
    }
    fading.released(entry);
  }

  /// This worker was away. What may have been deleted meanwhile without a trace it does not stand for any more; what is on
  /// the shelf and cannot, it does.
  ///
  /// @param forgottenMillis up to when somebody has forgotten what was deleted
  public void doubt(Absence absence, long forgottenMillis) {
    List<Entry> before = shelf.entries();
    for (Entry entry : List.copyOf(holdings.entries())) {
      if (absence.putsInDoubt(entry.newest(), isOwn(entry), forgottenMillis)) {
        holdings.remove(entry);
        interests.removed(entry);
        if (entry.newest().deleted()) {
          fading.released(entry);
        } else {
          counters.count(Counters.Count.SHELVED);
          shelf.put(entry);
        }
      }
    }
    for (Entry entry : before) {
      if (!absence.putsInDoubt(entry.newest(), isOwn(entry), forgottenMillis)) {
        shelf.take(entry.tag);
        holdings.add(entry);
        interests.added(entry);
      }
    }
  }

  /// Lets go what a member wrote that had left by then, and was taken before that was known. What it had overwritten comes back, if it is remembered
  /// here; others may hold it still.
  ///
  /// @return the entries that were there
  public List<Entry> dropUncounted() {
    List<Entry> dropped = new ArrayList<>();
    for (Entry entry : List.copyOf(holdings.entries())) {
      if (!sealing.counts(entry.newest().record)) {
        dropped.add(entry);
        holdings.remove(entry);
        interests.removed(entry);
        Write before = entry.older(write -> sealing.counts(write.record));
        if (before == null) {
          fading.released(entry);
        } else {
          add(entry.key, entry.tag, entry.tags, before).used(entry.isUsed());
        }
      }
    }
    for (Entry entry : shelf.entries()) {
      if (!sealing.counts(entry.newest().record)) {
        shelf.take(entry.tag);
      }
    }
    return dropped;
  }

  private boolean isOwn(Entry entry) {
    return entry.newest().record.writer().equals(self);
  }

  private void replace(Entry entry, Write write) {
    boolean wasKept = fading.keeps(entry);
    long difference =
        holdings.replace(entry, write, config.historyRevisions(), config.historyBytes());
    interests.changed(entry, difference);
    watches.changed(entry);
    if (write.deleted()) {
      tombstones.added(entry);
    }
    if (wasKept && !fading.keeps(entry)) {
      fading.released(entry);
    }
  }
}
