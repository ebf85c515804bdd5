package dev.banyan.store;

import dev.banyan.protocol.Bytes;
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

  /// @throws IllegalArgumentException when the bytes are not what a member of the group sealed
  Bytes open(Bytes sealed);

  /// Hears of what was not opened.
  @FunctionalInterface
  interface Refusals {

    /// What came in is not to be believed.
    void refused(Reason reason, String why);
  }

  /// Why something was not opened.
  enum Reason {
    MALFORMED,
    FOREIGN,
    FORGED,
    UNTIMELY,
    FORBIDDEN,
    REVOKED,
    UNREADABLE
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
      };
}
