package dev.banyan.store.answering;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.asking.Question;
import dev.banyan.store.leaving.Keeping;
import dev.banyan.store.leaving.Leaving;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.write.Write;
import java.util.List;
import java.util.Optional;

/// Somebody leaves: who holds the key as new, and stays, says so, settled or not.
public final class LeaverAnswers {

  private final Keeping keeping;
  private final Leaving leaving;
  private final KeyAnswers keys;
  private final Publisher publisher;
  private final StoreTurn turn;

  public LeaverAnswers(
      Keeping keeping, Leaving leaving, KeyAnswers keys, Publisher publisher, StoreTurn turn) {
    this.keeping = keeping;
    this.leaving = leaving;
    this.keys = keys;
    this.publisher = publisher;
    this.turn = turn;
  }

  Event.Answer answer(Message.Anycast anycast, Question.OfLeaving leaver) {
    boolean stays =
        !leaving.isUnderWay() && keeping.vouches(leaver.name(), leaver.held(), leaver.duty());
    List<Write> newer = keys.lacking(leaver.name(), Optional.of(leaver.held()));
    return publisher.answer(
        anycast, KeyAnswers.verdict(stays), newer, turn.nowNanos(), 0, Sealing.NEVER, Heads.NONE);
  }
}
