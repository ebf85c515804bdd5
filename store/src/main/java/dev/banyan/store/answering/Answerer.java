package dev.banyan.store.answering;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Version;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.asking.Question;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.leaving.Keeping;
import dev.banyan.store.leaving.Leaving;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.resync.Repair;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.room.Fading;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Answers what others ask: with the records held, as they came, but for those the asker holds already.
public final class Answerer {

  private final NodeId self;
  private final PrefixAnswers prefixAnswers;
  private final HeldQuestions held;
  private final Names names;
  private final Sealing sealing;
  private final Holdings holdings;
  private final HybridClock clock;
  private final InterestBook interests;
  private final Resync resync;
  private final Repair repair;
  private final Fetches fetches;
  private final Fading fading;
  private final Keeping keeping;
  private final Leaving leaving;
  private final Publisher publisher;
  private final long settleSpreadNanos;
  private final Counters counters;
  private final StoreTurn turn;

  public Answerer(
      NodeId self,
      PrefixAnswers prefixAnswers,
      HeldQuestions held,
      Names names,
      Sealing sealing,
      Holdings holdings,
      HybridClock clock,
      InterestBook interests,
      Resync resync,
      Repair repair,
      Fetches fetches,
      Fading fading,
      Keeping keeping,
      Leaving leaving,
      Publisher publisher,
      StoreConfig.Resyncing config,
      Counters counters,
      StoreTurn turn) {
    this.self = self;
    this.prefixAnswers = prefixAnswers;
    this.held = held;
    this.names = names;
    this.sealing = sealing;
    this.holdings = holdings;
    this.clock = clock;
    this.interests = interests;
    this.resync = resync;
    this.repair = repair;
    this.fetches = fetches;
    this.fading = fading;
    this.keeping = keeping;
    this.leaving = leaving;
    this.publisher = publisher;
    this.settleSpreadNanos = config.settleSpreadNanos();
    this.counters = counters;
    this.turn = turn;
  }

  public void onQuestion(Message.Anycast anycast) {
    onQuestion(new Arrived(anycast, turn.nowNanos()));
  }

  private void onQuestion(Arrived arrived) {
    Message.Anycast anycast = arrived.question();
    Question question = parsed(anycast);
    if (question == null) {
      turn.toTree(new Event.Answer(anycast, Event.Answer.Verdict.GOES_ON, List.of()));
      return;
    }
    if (question instanceof Question.OfLeaving leaver) {
      onLeaving(anycast, leaver);
      return;
    }
    if (question instanceof Question.OfRest rest) {
      prefixAnswers.goOn(arrived, rest);
      return;
    }
    if (question instanceof Question.OfPrefix prefix && prefix.done().contains(self)) {
      turn.toTree(new Event.Answer(anycast, Event.Answer.Verdict.GOES_ON, List.of()));
      return;
    }
    Interest interest = interests.get(ownTag(question));
    if (interest != null && !interest.settled()) {
      fetches.othersAsk(interest, settleSpreadNanos);
    }
    Interest complete = complete(question);
    if (complete == null && interest != null && hold(arrived, interest)) {
      counters.count(Counters.Count.QUESTIONS_HELD);
      fading.told(interest);
      return;
    }
    counters.count(Counters.Count.ANSWERS);
    switch (question) {
      case Question.OfKey key -> {
        if (interest != null) {
          fading.told(interest);
        }
        turn.toTree(answer(arrived, key, interest, complete != null));
      }
      case Question.OfLeaving leaver -> onLeaving(anycast, leaver);
      case Question.OfRest rest -> prefixAnswers.goOn(arrived, rest);
      case Question.OfPrefix prefix ->
          prefixAnswers.begin(
              arrived,
              prefix,
              complete,
              interest == null ? -1 : fetches.askedAllAgoMillis(interest).orElse(-1));
    }
  }

  /// Null for what is no question, or not asked by whom it is said to be.
  private @Nullable Question parsed(Message.Anycast anycast) {
    try {
      Optional<Bytes> asked = sealing.asked(anycast, (reason, _) -> counters.refused(reason));
      return asked.isEmpty() ? null : Question.parse(asked.get());
    } catch (Sealing.UnknownEpochException _) {
      counters.refused(Sealing.Reason.UNREADABLE);
      repair.questionUnread(anycast.tag());
      return null;
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
      return null;
    }
  }

  private Event.Answer answer(
      Arrived asked, Question.OfKey key, @Nullable Interest interest, boolean settled) {
    OptionalInt ago =
        settled || interest == null || !hasSame(key)
            ? OptionalInt.empty()
            : fetches.askedAllAgoMillis(interest);
    Event.Answer.Verdict verdict =
        ago.isPresent() ? Event.Answer.Verdict.UNKNOWN : verdict(settled);
    return publisher.answer(
        asked.question(),
        verdict,
        writes(key.name(), key.held()),
        asked.atNanos(),
        ago.orElse(0),
        settled ? interests.followedSinceMillis(key.name()) : Sealing.NEVER);
  }

  /// Whether the asker holds a version of the key, and we the same.
  private boolean hasSame(Question.OfKey question) {
    Optional<Version> mine =
        clock.version(Entry.newestOf(holdings.find(names.keyTag(question.name()))));
    return mine.isPresent() && mine.equals(question.held());
  }

  private static Event.Answer.Verdict verdict(boolean settled) {
    return settled ? Event.Answer.Verdict.SETTLED : Event.Answer.Verdict.GOES_ON;
  }

  /// Somebody leaves: who holds the key as new, and stays, says so, settled or not.
  private void onLeaving(Message.Anycast anycast, Question.OfLeaving leaver) {
    counters.count(Counters.Count.ANSWERS);
    boolean stays =
        !leaving.isUnderWay() && keeping.vouches(leaver.name(), leaver.held(), leaver.duty());
    List<Write> newer = writes(leaver.name(), Optional.of(leaver.held()));
    turn.toTree(
        publisher.answer(anycast, verdict(stays), newer, turn.nowNanos(), 0, Sealing.NEVER));
  }

  /// Lets the question wait if our own about the same is on its way, and ours comes first.
  private boolean hold(Arrived arrived, Interest own) {
    return self.compareTo(arrived.question().origin()) < 0
        && fetches.awaitsAnswer(own)
        && held.hold(own.tag, arrived);
  }

  /// Our own question about this tag is answered, or has not been for too long: what waited for it does not any more.
  public void release(Interest interest) {
    held.release(interest.tag).forEach(this::onQuestion);
  }

  /// An interest because of which nothing of what is asked can be missing here.
  private @Nullable Interest complete(Question question) {
    Interest own = interests.get(ownTag(question));
    if (own != null && own.whole()) {
      return own;
    }
    for (String prefix : names.declaredPrefixes(question.name())) {
      Interest covering = interests.get(names.prefixTag(prefix));
      if (covering != null && covering.whole()) {
        return covering;
      }
    }
    Interest everything = interests.everything();
    return everything != null && everything.whole() ? everything : null;
  }

  private long ownTag(Question question) {
    return switch (question) {
      case Question.OfKey key -> names.keyTag(key.name());
      case Question.OfLeaving leaver -> names.keyTag(leaver.name());
      case Question.OfPrefix prefix -> names.prefixTag(prefix.name());
      case Question.OfRest rest -> names.prefixTag(rest.name());
    };
  }

  /// What is held of a key, if the asker lacks it.
  ///
  /// @param theirNewest what the asker holds
  private List<Write> writes(String name, Optional<Version> theirNewest) {
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
