package dev.banyan.store;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.Release;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import java.util.List;
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

  /// Seals what is for any member and no record: a question.
  Bytes seal(Bytes plain);

  /// @throws UnknownEpochException when it was sealed in an epoch of which this member has no secret yet
  /// @throws IllegalArgumentException when the bytes are not what a member of the group sealed
  Bytes open(Bytes sealed);

  /// Takes newer secrets, and which members have left.
  ///
  /// @throws CapsuleException when they are not of the group as it is known here; nothing is changed then
  void learn(Release release) throws CapsuleException;

  /// Whether a record that was opened here may stay: its writer has not left, or had written it before, and it can be passed on.
  boolean counts(Record record);

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
    FORKED
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
        public Bytes seal(Bytes plain) {
          return plain;
        }

        @Override
        public Bytes open(Bytes sealed) {
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
