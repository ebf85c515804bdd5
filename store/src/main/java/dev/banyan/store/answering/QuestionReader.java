package dev.banyan.store.answering;

import dev.banyan.protocol.Message;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.asking.Question;
import dev.banyan.store.interest.Reach;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.resync.Repair;
import java.util.List;
import java.util.Optional;

/// Reads what others ask, and hears what they know of.
public final class QuestionReader {

  private final Sealing sealing;
  private final Reach reach;
  private final Repair repair;
  private final Counters counters;

  sealed interface Read {

    /// @param known what the asker says that it knows of
    record Asked(Question question, List<Heads> known) implements Read {}

    /// Nothing to answer here: others are to be asked this.
    record PassedOn(Message.Anycast question) implements Read {}
  }

  public QuestionReader(Sealing sealing, Reach reach, Repair repair, Counters counters) {
    this.sealing = sealing;
    this.reach = reach;
    this.repair = repair;
    this.counters = counters;
  }

  Read read(Message.Anycast anycast) {
    try {
      Optional<Sealing.Asked> asked =
          sealing.asked(anycast, (reason, _) -> counters.refused(reason));
      if (asked.isPresent()) {
        Question question = Question.parse(asked.get().plain());
        reach.told(asked.get().known());
        return new Read.Asked(question, asked.get().known());
      }
    } catch (Sealing.UnknownEpochException _) {
      counters.refused(Sealing.Reason.UNREADABLE);
      repair.questionUnread(anycast.tag());
      return new Read.PassedOn(anycast.doubted()); // What is asked for may be held here.
    } catch (IllegalArgumentException _) {
      counters.count(Counters.Count.MALFORMED);
    }
    return new Read.PassedOn(anycast);
  }
}
