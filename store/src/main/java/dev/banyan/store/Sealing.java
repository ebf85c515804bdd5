package dev.banyan.store;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Release;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where encryption sits, between what replicas say to each other and what the tree carries: each record, question and
/// parcel of a worker passes through it on its way out and in. A replica knows its own records in clear, and what travels
/// in their place not at all.
public interface Sealing {

  /// Of a record that is made now: filled when it is sealed, so that whoever holds it can send it again as its writer
  /// sealed it. Null if nothing is sealed.
  Record.@Nullable Proof unproven();

  /// Whether others take what is written here.
  boolean mayWrite();

  /// What travels in the place of these, in their order: own ones are sealed now, unless they have been before; those of
  /// others go as they came.
  ///
  /// @throws IllegalArgumentException for a record of somebody else's without a proof
  List<Record> seal(List<Record> records);

  /// The records in what came in, in order. What is not believed is left out and told.
  List<Record> open(List<Record> sealed, Refusals refusals);

  /// Takes newer secrets, and which members have left.
  ///
  /// @throws CapsuleException when they are not of the group as it is known here; nothing is changed then
  void learn(Release release) throws CapsuleException;

  /// Whether a record that was opened here may stay: its writer has not left, or had written it before, and it can be passed on.
  boolean counts(Record record);

  /// In which batch its writer signed a record that is held here; empty for one that was not sent yet, and where nothing is sealed.
  default Optional<Head> head(Record record) {
    return Optional.empty();
  }

  /// A batch that a member has signed, by its number in a session.
  record Head(NodeId writer, Session session, long number) {}

  /// Members that have signed two batches with one number, as far as they are remembered: bounded.
  default List<Fork> forks() {
    return List.of();
  }

  /// A member that has signed two batches with one number.
  ///
  /// @param how for people
  /// @param first one of them as it travels, its records left out: the member's certificate, the batch's header, its signature and its root, so that whoever
  ///     knows the group can check it
  /// @param second the other
  record Fork(NodeId member, String how, Bytes first, Bytes second) {}

  /// Which key epochs there are.
  Epochs epochs();

  /// @param newest of which the secret is known: everything up to there can be opened
  /// @param sealing in which this member seals now
  record Epochs(int newest, int sealing) {
    static final Epochs NONE = new Epochs(0, 0);
  }

  /// Of an epoch whose secret may come: what came in is not to be believed yet.
  final class UnknownEpochException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public UnknownEpochException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Whether members prove what they ask and answer. If not, what comes in is taken for what it claims to be.
  default boolean proves() {
    return false;
  }

  /// What travels as a question that is asked now, here.
  ///
  /// @param id its number; never the same twice in one life
  /// @param known how far the records of what is asked for are known here
  default Bytes ask(long id, long tag, List<Heads> known, Bytes plain) {
    return plain;
  }

  /// What somebody asks; empty if it is not believed that it is asked by whom it claims to be.
  ///
  /// @throws UnknownEpochException when it was sealed in an epoch of which this member has no secret yet
  default Optional<Asked> asked(Message.Anycast question, Refusals refusals) {
    return Optional.of(new Asked(question.question(), List.of()));
  }

  /// @param known as in [#ask]
  record Asked(Bytes plain, List<Heads> known) {}

  /// What travels as an answer.
  ///
  /// @param records in clear
  default List<Record> answer(Message.Anycast question, Said said, List<Record> records) {
    return records.isEmpty() ? records : seal(records);
  }

  /// What an answer says, its records opened; empty if it is not believed, or if that cannot be said yet. That nobody was
  /// left to ask, or that something was lost, is no answer of a member: it is what routers say.
  default Optional<Heard> heard(Message.AnycastAnswer answer, Refusals refusals) {
    return Optional.of(Heard.unproven(answer.with(open(answer.records(), refusals))));
  }

  /// What travels as a task that hands something over.
  ///
  /// @param id its number; never the same twice in one life
  default Bytes hand(long id, Bytes plain) {
    return plain;
  }

  /// What somebody hands over; empty if it is not believed that its origin does, or if it cannot be read yet.
  default Optional<Bytes> handed(Message.Dispatch task, Refusals refusals) {
    return Optional.of(task.task());
  }

  /// What travels as the result of a task that was handed over.
  default Bytes result(Message.Dispatch task, Bytes plain) {
    return plain;
  }

  /// What came of a task that was handed over here; empty if it is not believed that a member has said that, or if it cannot be read yet.
  default Optional<Bytes> came(Message.TaskResult result, Refusals refusals) {
    return Optional.of(result.result());
  }

  /// Later than all times.
  long NEVER = Long.MAX_VALUE;

  /// What a member says with an answer.
  ///
  /// @param agoMillis with `UNKNOWN`, how long ago all had been asked
  /// @param mark for how long the records have been held, or empty
  /// @param sinceMillis whatever was written since then, by the tree's time, of what is asked for, is in the answer, as far as the
  ///     member can know ([Grounds.Confirmed]); [#NEVER] for no such claim
  /// @param heads with `SETTLED` how far the records of the tag are known because of which nothing is missing
  record Said(
      Event.Answer.Verdict verdict, int agoMillis, long sinceMillis, Bytes mark, Heads heads) {

    /// Without a claim that nothing is missing.
    public Said(Event.Answer.Verdict verdict, int agoMillis, long sinceMillis, Bytes mark) {
      this(verdict, agoMillis, sinceMillis, mark, Heads.NONE);
    }
  }

  /// @param answer with its records in clear
  /// @param sinceMillis as in [Said]
  /// @param heads as in [Said]
  /// @param epoch the newest of which the answerer knew the secret: of later ones it cannot know anything
  record Heard(Message.AnycastAnswer answer, long sinceMillis, Heads heads, int epoch) {

    /// What no member has signed.
    public static Heard unproven(Message.AnycastAnswer answer) {
      return new Heard(answer, NEVER, Heads.NONE, Integer.MAX_VALUE);
    }
  }

  /// Hears of what was not opened.
  @FunctionalInterface
  interface Refusals {

    /// What came in is not to be believed.
    void refused(Reason reason, String why);

    /// A member has signed two different batches with one number; said once, as far as remembered.
    default void forked(NodeId writer, String how) {}

    /// What came in with these tags is not to be believed yet, or not without knowing more of who has left: whoever wants it asks for it once
    /// something new was learned.
    ///
    /// @param missed whether something is missing until then
    default void later(long[] tags, boolean missed) {}
  }

  /// Why something was not opened.
  enum Reason {
    MALFORMED,
    FOREIGN,
    FORGED,
    UNTIMELY,
    FORBIDDEN,
    REVOKED,
    UNREADABLE,
    FORKED,
    /// An answer that nobody has signed, or not with these records.
    UNPROVEN,
    /// An answer to somebody else's question, or to another than it came for; a question on another's way.
    MISDIRECTED,
    /// An answer that has come before.
    REPLAYED
  }

  /// No encryption: what is written travels in clear.
  Sealing CLEAR =
      new Sealing() {
        @Override
        public Record.@Nullable Proof unproven() {
          return null;
        }

        @Override
        public boolean mayWrite() {
          return true;
        }

        @Override
        public List<Record> seal(List<Record> records) {
          return records;
        }

        @Override
        public List<Record> open(List<Record> sealed, Refusals refusals) {
          return sealed;
        }

        @Override
        public void learn(Release release) throws CapsuleException {
          throw new CapsuleException(
              CapsuleException.Fault.FORBIDDEN, "this worker has no identity, and seals nothing");
        }

        @Override
        public boolean counts(Record record) {
          return true;
        }

        @Override
        public Epochs epochs() {
          return Epochs.NONE;
        }
      };
}
