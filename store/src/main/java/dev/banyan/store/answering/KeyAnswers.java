package dev.banyan.store.answering;

import dev.banyan.protocol.Event;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.asking.Question;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.Reach;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Answers about single keys: with the record held, as it came, unless the asker holds it already.
public final class KeyAnswers {

  private final Names names;
  private final Holdings holdings;
  private final HybridClock clock;
  private final InterestBook interests;
  private final Resync resync;
  private final Fetches fetches;
  private final Reach reach;
  private final Publisher publisher;

  public KeyAnswers(
      Names names,
      Holdings holdings,
      HybridClock clock,
      InterestBook interests,
      Resync resync,
      Fetches fetches,
      Reach reach,
      Publisher publisher) {
    this.names = names;
    this.holdings = holdings;
    this.clock = clock;
    this.interests = interests;
    this.resync = resync;
    this.fetches = fetches;
    this.reach = reach;
    this.publisher = publisher;
  }

  /// @param interest in the key itself
  /// @param complete an interest because of which nothing of it can be missing
  Event.Answer answer(
      Arrived asked, Question.OfKey key, @Nullable Interest interest, @Nullable Interest complete) {
    OptionalInt ago =
        complete != null || interest == null || !hasSame(key)
            ? OptionalInt.empty()
            : fetches.askedAllAgoMillis(interest);
    Event.Answer.Verdict verdict =
        ago.isPresent() ? Event.Answer.Verdict.UNKNOWN : verdict(complete != null);
    List<Write> writes = lacking(key.name(), key.held());
    Heads heads =
        complete == null
            ? Heads.NONE
            : reach.shown(complete, asked.known(), names.keyTag(key.name()));
    return publisher.answer(
        asked.question(),
        verdict,
        writes,
        asked.atNanos(),
        ago.orElse(0),
        complete == null ? Sealing.NEVER : interests.followedSinceMillis(key.name()),
        heads);
  }

  static Event.Answer.Verdict verdict(boolean settled) {
    return settled ? Event.Answer.Verdict.SETTLED : Event.Answer.Verdict.GOES_ON;
  }

  /// Whether the asker holds a version of the key, and we the same.
  private boolean hasSame(Question.OfKey question) {
    Optional<Version> mine =
        clock.version(Entry.newestOf(holdings.find(names.keyTag(question.name()))));
    return mine.isPresent() && mine.equals(question.held());
  }

  /// What is held of a key, if the asker lacks it.
  ///
  /// @param theirNewest what the asker holds
  List<Write> lacking(String name, Optional<Version> theirNewest) {
    long keyTag = names.keyTag(name);
    Entry entry = holdings.find(keyTag);
    Optional<Version> mine = clock.version(Entry.newestOf(entry));
    if (theirNewest.isEmpty() || isTooEarly(name, keyTag, theirNewest.get())) {
      return entry == null || mine.isEmpty() ? List.of() : List.of(entry.newest());
    }
    Version theirs = theirNewest.get();
    int order = mine.map(version -> version.compareTo(theirs)).orElse(-1);
    if (order > 0 && entry != null) {
      return List.of(entry.newest());
    }
    long[] tags = names.recordTags(name);
    if (order < 0 && interests.wantsAny(tags)) {
      resync.ask(keyTag, tags, theirs);
    }
    return List.of();
  }

  /// Whether a version that somebody holds cannot be yet, and is as good as none.
  private boolean isTooEarly(String name, long keyTag, Version theirs) {
    boolean early = clock.isFuture(theirs.lamport());
    long[] tags = early ? names.recordTags(name) : new long[0];
    if (early && interests.wantsAny(tags)) {
      resync.tooEarly(keyTag, tags, theirs);
    }
    return early;
  }
}
