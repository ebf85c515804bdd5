package dev.banyan.store.answering;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.asking.Question;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.room.Fading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers what others ask, each question by whoever knows of what it is about; some wait for the answer to our own.
public final class Answerer {

  private final NodeId self;
  private final QuestionReader reader;
  private final Coverage coverage;
  private final KeyAnswers keys;
  private final PrefixAnswers prefixes;
  private final LeaverAnswers leavers;
  private final HeldQuestions held;
  private final Fetches fetches;
  private final Fading fading;
  private final long settleSpreadNanos;
  private final Counters counters;
  private final StoreTurn turn;

  public Answerer(
      NodeId self,
      QuestionReader reader,
      Coverage coverage,
      KeyAnswers keys,
      PrefixAnswers prefixes,
      LeaverAnswers leavers,
      HeldQuestions held,
      Fetches fetches,
      Fading fading,
      StoreConfig.Resyncing config,
      Counters counters,
      StoreTurn turn) {
    this.self = self;
    this.reader = reader;
    this.coverage = coverage;
    this.keys = keys;
    this.prefixes = prefixes;
    this.leavers = leavers;
    this.held = held;
    this.fetches = fetches;
    this.fading = fading;
    this.settleSpreadNanos = config.settleSpreadNanos();
    this.counters = counters;
    this.turn = turn;
  }

  public void onQuestion(Message.Anycast anycast) {
    onQuestion(new Arrived(anycast, turn.nowNanos()));
  }

  private void onQuestion(Arrived arrived) {
    switch (reader.read(arrived.question())) {
      case QuestionReader.Read.PassedOn(Message.Anycast question) -> passOn(question);
      case QuestionReader.Read.Asked(Question question, var known) ->
          answer(new Arrived(arrived.question(), arrived.atNanos(), known), question);
    }
  }

  private void passOn(Message.Anycast anycast) {
    turn.toTree(new Event.Answer(anycast, Event.Answer.Verdict.GOES_ON, List.of()));
  }

  private void answer(Arrived arrived, Question question) {
    switch (question) {
      case Question.OfKey key -> {
        Interest interest = coverage.own(key);
        Interest complete = coverage.complete(key);
        if (!waits(arrived, interest, complete)) {
          turn.toTree(keys.answer(arrived, key, interest, complete));
        }
      }
      case Question.OfLeaving leaver -> {
        counters.count(Counters.Count.ANSWERS);
        turn.toTree(leavers.answer(arrived.question(), leaver));
      }
      case Question.OfRest rest -> prefixes.goOn(arrived, rest);
      case Question.OfPrefix prefix when prefix.done().contains(self) -> passOn(arrived.question());
      case Question.OfPrefix prefix -> {
        Interest interest = coverage.own(prefix);
        Interest complete = coverage.complete(prefix);
        if (!waits(arrived, interest, complete)) {
          int ago = interest == null ? -1 : fetches.askedAllAgoMillis(interest).orElse(-1);
          prefixes.begin(arrived, prefix, complete, ago);
        }
      }
    }
  }

  /// Whether the question waits here: if our own about the same is on its way, and ours comes first.
  private boolean waits(Arrived arrived, @Nullable Interest interest, @Nullable Interest complete) {
    if (interest != null && !interest.settled()) {
      fetches.othersAsk(interest, settleSpreadNanos);
    }
    boolean waits =
        complete == null
            && interest != null
            && self.compareTo(arrived.question().origin()) < 0
            && fetches.awaitsAnswer(interest)
            && held.hold(interest.tag, arrived);
    counters.count(waits ? Counters.Count.QUESTIONS_HELD : Counters.Count.ANSWERS);
    if (interest != null && (waits || !interest.prefix())) {
      fading.told(interest);
    }
    return waits;
  }

  /// Our own question about this tag is answered, or has not been for too long: what waited for it does not any more.
  public void release(Interest interest) {
    held.release(interest.tag).forEach(this::onQuestion);
  }
}
