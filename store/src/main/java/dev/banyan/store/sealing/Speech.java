package dev.banyan.store.sealing;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.Sealing.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What this member asks and answers, and hears from others: whole, once, and from whom it claims to be.
final class Speech {

  private static final long[] NO_PREDECESSOR = {0};

  /// An answer as it came in, and what its answerer has signed of it.
  ///
  /// @param records all of them, sealed
  record Proven(List<Record> records, Testimony.Spoken spoken) {}

  private final NodeId self;
  private final Session session;
  private final Testimony testimony;
  private final HandOver handOver;
  private final AnswerParts parts = new AnswerParts();

  Speech(NodeId self, Session session, Testimony testimony, HandOver handOver) {
    this.self = self;
    this.session = session;
    this.testimony = testimony;
    this.handOver = handOver;
  }

  Bytes ask(long id, long tag, List<Heads> known, Bytes plain) {
    return testimony.ask(id, tag, known, plain);
  }

  Optional<Sealing.Asked> asked(Message.Anycast question, Sealing.Refusals refusals) {
    try {
      return Optional.of(testimony.asked(question));
    } catch (DisbeliefException e) {
      refusals.refused(e.reason(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// @param records sealed
  List<Record> answer(Message.Anycast question, Sealing.Said said, List<Record> records) {
    Bytes statement = testimony.answer(question, said, records);
    List<Record> all = new ArrayList<>(records);
    all.add(new Record(new long[] {question.tag()}, self, session, 1, NO_PREDECESSOR, statement));
    return all;
  }

  /// Whether routers say this, and no member.
  boolean isRoutersWord(Message.AnycastAnswer answer) {
    return switch (answer.completeness()) {
      case LOST, EXHAUSTED -> true;
      case UNKNOWN -> answer.answerer().equals(self);
      case PARTIAL, SETTLED, MORE -> false;
    };
  }

  /// Empty if the answer is not believed, or if there is more to come of it.
  Optional<Proven> heard(Message.AnycastAnswer answer, Sealing.Refusals refusals) {
    List<Record> records = answer.records();
    if (records.isEmpty() || !Testimony.isStatement(records.getLast())) {
      boolean part =
          !records.isEmpty() && answer.completeness() == Message.AnycastAnswer.Completeness.PARTIAL;
      int unproven = part ? parts.keep(answer) : 1;
      for (int i = 0; i < unproven; i++) {
        refusals.refused(Reason.UNPROVEN, "an answer that nobody has signed");
      }
      return Optional.empty();
    }
    Bytes statement = records.getLast().payload();
    List<Record> all = parts.whole(answer, records.subList(0, records.size() - 1));
    try {
      return Optional.of(new Proven(all, testimony.said(answer, statement, all)));
    } catch (Sealing.UnknownEpochException e) {
      refusals.refused(Reason.UNREADABLE, String.valueOf(e.getMessage()));
      refusals.later(new long[] {answer.tag()}, true);
      return Optional.empty();
    } catch (DisbeliefException e) {
      refusals.refused(e.reason(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  Bytes hand(long id, Bytes plain) {
    return handOver.hand(id, plain);
  }

  Optional<Bytes> handed(Message.Dispatch task, Sealing.Refusals refusals) {
    return ifBelieved(() -> handOver.handed(task), refusals);
  }

  Bytes result(Message.Dispatch task, Bytes plain) {
    return handOver.result(task, plain);
  }

  Optional<Bytes> came(Message.TaskResult result, Sealing.Refusals refusals) {
    return ifBelieved(() -> handOver.came(result), refusals);
  }

  private interface Said {
    Bytes bytes() throws DisbeliefException;
  }

  private static Optional<Bytes> ifBelieved(Said said, Sealing.Refusals refusals) {
    try {
      return Optional.of(said.bytes());
    } catch (Sealing.UnknownEpochException e) {
      refusals.refused(Reason.UNREADABLE, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (DisbeliefException e) {
      refusals.refused(e.reason(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
