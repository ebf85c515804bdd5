package dev.banyan.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Merges writes, from here and from elsewhere: of two writes of a key the greater [Version] stays.
final class Replica {

  /// No sealing makes more of one byte.
  private static final int MOST_SEALED_MARK = 128;

  private final StoreConfig config;
  private final Names names;
  private final Sealing sealing;
  private final Memtable memtable;
  private final InterestBook interests;
  private final Publisher publisher;
  private final TagChains chains;
  private final Resync resync;
  private final Watches watches;
  private final Fading fading;
  private final NodeId self;
  private final Counters counters;
  private long clock;

  Replica(
      StoreConfig config,
      Names names,
      Sealing sealing,
      Memtable memtable,
      InterestBook interests,
      Publisher publisher,
      TagChains chains,
      Resync resync,
      Watches watches,
      Fading fading,
      NodeId self,
      Counters counters) {
    this.config = config;
    this.names = names;
    this.sealing = sealing;
    this.memtable = memtable;
    this.interests = interests;
    this.publisher = publisher;
    this.chains = chains;
    this.resync = resync;
    this.watches = watches;
    this.fading = fading;
    this.self = self;
    this.counters = counters;
  }

  /// Whether Lamport time has room for this many more writes. Only a forged record can have used it up.
  boolean hasTimeFor(int writes) {
    return clock <= UpdatePayload.MAX_LAMPORT - writes;
  }

  /// Writes a value, or a tombstone, and publishes it.
  Entry write(String key, long keyTag, long[] tags, Optional<Bytes> value, boolean connected) {
    clock++;
    UpdatePayload payload =
        value.isPresent()
            ? UpdatePayload.put(key, clock, value.get())
            : UpdatePayload.delete(key, clock);
    Record record = publisher.update(tags, payload.encoded(), connected);
    Write write = new Write(record, payload, false);
    Entry entry = memtable.find(keyTag);
    if (entry == null) {
      entry = add(key, keyTag, tags, write);
    } else {
      replace(entry, write);
    }
    counters.count(Counters.Count.UPDATES);
    publisher.publish(record);
    return entry;
  }

  void onMulticast(Multicast multicast) {
    List<Record> records;
    try {
      records = multicast.records();
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
      return;
    }
    boolean again = records.size() > 1 && isMark(records.getFirst());
    for (Record record : again ? records.subList(1, records.size()) : records) {
      try {
        receive(record, again);
      } catch (IllegalArgumentException _) {
        counters.count(Counters.Count.MALFORMED);
      }
    }
  }

  /// Whether the record says that the others in its multicast were written earlier.
  private boolean isMark(Record record) {
    if (record.payload().size() > MOST_SEALED_MARK) {
      return false;
    }
    try {
      Bytes payload = sealing.open(record.payload());
      return payload.size() == 1 && payload.at(0) == PayloadKind.AGAIN;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// @param again whether it was written earlier than it was sent
  private void receive(Record record, boolean again) {
    if (!interests.wantsAny(record.tags())) {
      counters.count(Counters.Count.UNWANTED);
      return;
    }
    check(record);
    Bytes payload = sealing.open(record.payload());
    boolean own = publisher.isOwn(record);
    if (payload.size() > 0 && payload.at(0) == PayloadKind.DIGEST) {
      if (!own && !chains.repeats(record)) {
        resync.onDigest(Digest.parse(record, payload));
      }
      return;
    }
    Write write = new Write(record, UpdatePayload.parse(payload), again);
    Entry held = find(write);
    if (!own) {
      counters.count(Counters.Count.DELIVERIES);
      if (chains.repeats(record)) {
        counters.count(Counters.Count.DUPLICATE_DELIVERIES);
      } else {
        chains.follow(record);
      }
    }
    resync.heard(merge(held, write), write);
  }

  /// Takes records that came as an answer. They are outside the order of chains: they have been asked for.
  void onAnswer(List<Record> records) {
    for (Record record : records) {
      try {
        if (interests.wantsAny(record.tags())) {
          check(record);
          Bytes payload = sealing.open(record.payload());
          Write write = new Write(record, UpdatePayload.parse(payload), true);
          counters.count(Counters.Count.FETCHED);
          resync.fetched(merge(find(write), write));
        }
      } catch (IllegalArgumentException _) {
        counters.count(Counters.Count.MALFORMED);
      }
    }
  }

  /// Takes a write that somebody who leaves hands over.
  ///
  /// @throws IllegalArgumentException when it cannot be one
  Entry take(Write write) {
    check(write.record);
    return merge(find(write), write);
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
      Entry entry = memtable.find(tag);
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

  private Entry merge(@Nullable Entry held, Write write) {
    clock = Math.max(clock, write.lamport);
    if (held == null) {
      String key = write.key();
      long keyTag = names.keyTag(key);
      if (memtable.find(keyTag) != null) {
        throw new IllegalArgumentException("two keys with one tag");
      }
      return add(key, keyTag, write.record.tags(), write);
    }
    int order = write.compareTo(held.newest());
    if (order > 0) {
      replace(held, write);
    } else if (order < 0) {
      counters.count(Counters.Count.OUTDATED);
    }
    return held;
  }

  private Entry add(String key, long keyTag, long[] tags, Write write) {
    Entry entry = new Entry(key, keyTag, tags, write);
    memtable.add(entry);
    interests.added(entry);
    watches.changed(entry);
    return entry;
  }

  private void replace(Entry entry, Write write) {
    boolean wasOurs = entry.isOurs(self);
    entry.takenOver = false;
    long bytes = entry.bytes();
    long difference = entry.replace(write, config.historyRevisions(), config.historyBytes());
    memtable.changed(difference, entry.bytes() - bytes);
    interests.changed(entry, difference);
    watches.changed(entry);
    if (wasOurs && !entry.isOurs(self)) {
      fading.released(entry);
    }
  }
}
