package dev.banyan.store;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Record;
import java.util.ArrayList;
import java.util.List;

/// Answers what others ask: with the records held, as they came, but for those the asker holds already.
final class Answers {

  private final Names names;
  private final Sealing sealing;
  private final Memtable memtable;
  private final InterestBook interests;
  private final Resync resync;
  private final Fetches fetches;
  private final long settleSpreadNanos;
  private final Counters counters;
  private final Outbox outbox;

  Answers(
      Names names,
      Sealing sealing,
      Memtable memtable,
      InterestBook interests,
      Resync resync,
      Fetches fetches,
      StoreConfig.Resyncing config,
      Counters counters,
      Outbox outbox) {
    this.names = names;
    this.sealing = sealing;
    this.memtable = memtable;
    this.interests = interests;
    this.resync = resync;
    this.fetches = fetches;
    this.settleSpreadNanos = config.settleSpreadNanos();
    this.counters = counters;
    this.outbox = outbox;
  }

  void onQuestion(Message.Anycast anycast) {
    boolean settled = false;
    List<Record> records = List.of();
    try {
      Question question = Question.parse(sealing.open(anycast.question()));
      settled = whole(question);
      Interest interest = interests.get(ownTag(question));
      if (interest != null && !interest.settled) {
        fetches.othersAsk(interest, settleSpreadNanos);
      }
      records =
          switch (question) {
            case Question.OfKey key -> records(key);
            case Question.OfPrefix prefix -> records(prefix);
          };
      counters.count(Counters.Count.ANSWERS);
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
    }
    outbox.toTree(new Event.Answer(anycast, settled, records, false));
  }

  /// Whether nothing of what is asked can be missing here.
  private boolean whole(Question question) {
    if (question instanceof Question.OfKey key && whole(names.keyTag(key.name()))) {
      return true;
    }
    for (String prefix : names.declaredPrefixes(question.name())) {
      if (whole(names.prefixTag(prefix))) {
        return true;
      }
    }
    return false;
  }

  private long ownTag(Question question) {
    return switch (question) {
      case Question.OfKey key -> names.keyTag(key.name());
      case Question.OfPrefix prefix -> names.prefixTag(prefix.name());
    };
  }

  private boolean whole(long tag) {
    Interest interest = interests.get(tag);
    return interest != null && interest.whole();
  }

  private List<Record> records(Question.OfKey question) {
    long keyTag = names.keyTag(question.name());
    Entry entry = memtable.find(keyTag);
    if (question.held().isEmpty()) {
      return entry == null ? List.of() : List.of(entry.newest().record);
    }
    Version theirs = question.held().get();
    int order = entry == null ? -1 : entry.newest().version().compareTo(theirs);
    if (order > 0 && entry != null) {
      return List.of(entry.newest().record);
    }
    long[] tags = names.recordTags(question.name());
    if (order < 0 && interests.wantsAny(tags)) {
      resync.ask(keyTag, tags, theirs);
    }
    return List.of();
  }

  private List<Record> records(Question.OfPrefix question) {
    long[] theirs = question.checksums();
    List<Record> records = new ArrayList<>();
    if (theirs.length == 0) {
      memtable.under(question.name(), entry -> records.add(entry.newest().record));
      return records;
    }
    int bits = Integer.numberOfTrailingZeros(theirs.length);
    long[] mine = checksums(question.name()).folded(bits);
    memtable.under(
        question.name(),
        entry -> {
          int bucket = Checksums.bucket(entry.tag, bits);
          if (mine[bucket] != theirs[bucket]) {
            records.add(entry.newest().record);
          }
        });
    return records;
  }

  private Checksums checksums(String prefix) {
    Interest interest = interests.get(names.prefixTag(prefix));
    if (interest != null && interest.checksums != null) {
      return interest.checksums;
    }
    Checksums held = new Checksums();
    memtable.under(prefix, e -> held.added(e.tag, e.versionHash()));
    return held;
  }
}
