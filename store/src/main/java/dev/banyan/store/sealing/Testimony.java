package dev.banyan.store.sealing;

import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Statement;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.Sealing.Reason;
import dev.banyan.store.sealing.Statements.Named;
import dev.banyan.store.sealing.Statements.Verified;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Questions and answers in one's own name.
///
/// | bytes of a question's text | what |
/// |---|---|
/// | 8 | its number, by whoever asks |
/// | 8 | the tag that is asked for |
/// | 16 | nonce: nobody but the asker can have known it before |
/// | 1 | how many heads follow: at most 20 |
/// | each | [Heads]: of a tag of what is asked for, what the asker knows of |
/// | rest | the question, as it would travel in clear |
///
/// | bytes of an answer's text | what |
/// |---|---|
/// | 8, 8, 8, 16 | who has asked, and the question's number, tag and nonce |
/// | 1 | verdict: 0 others are to be asked, 1 settled, 2 there is more, 3 not everybody can be asked |
/// | 4 | milliseconds since all were asked, with verdict 3 |
/// | 8 | milliseconds since 1970, since when nothing was missed; 2^63 - 1 for no such claim |
/// | 32 | SHA-256 of nonce ‖ for each record of the answer the length of its payload, in 4 bytes, and the payload |
/// | 4 | the newest key epoch of which the answerer knows the secret |
/// | 10 and more | [Heads] of the tag because of which it is settled; none with another verdict |
/// | rest | for how long the records have been held ([dev.banyan.store.write.HeldFor]), or nothing |
///
/// In an answer the statement is the payload of its last record, after a byte 2.
final class Testimony {

  /// What a record with a statement begins with; one with a batch begins with a certificate's version.
  private static final byte STATEMENT = 2;

  /// Answers that are known again. Older ones are to questions that have ended: they change nothing.
  private static final int HEARD = 4_096;

  /// Tags whose heads a question names: those of a key, and everything.
  private static final int MOST_NAMED = 20;

  private static final int QUESTION_BYTES = 2 * Long.BYTES + Statements.NONCE_BYTES + 1;

  private static final int ANSWER_BYTES =
      Named.BYTES + 1 + Integer.BYTES + Long.BYTES + Crypto.HASH_BYTES + Integer.BYTES;

  private final Crypto crypto;
  private final Membership membership;
  private final Statements statements;
  private final NodeId self;
  private final Recent heard = new Recent(HEARD);

  /// @param epoch the newest of which the answerer knew the secret
  record Spoken(Sealing.Said said, int epoch) {}

  Testimony(Crypto crypto, Membership membership, Statements statements, NodeId self) {
    this.crypto = crypto;
    this.membership = membership;
    this.statements = statements;
    this.self = self;
  }

  // Questions.

  Bytes ask(long id, long tag, List<Heads> named, Bytes plain) {
    List<Heads> heads = named.subList(0, Math.min(named.size(), MOST_NAMED));
    int size = QUESTION_BYTES + plain.size();
    for (Heads each : heads) {
      size += each.bytes();
    }
    ByteBuffer text =
        ByteBuffer.allocate(size)
            .putLong(id)
            .putLong(tag)
            .put(statements.nonce(id, tag).shared())
            .put((byte) heads.size());
    heads.forEach(each -> each.put(text));
    text.put(plain.shared());
    return statements.signed(Statement.Kind.QUESTION, text.array());
  }

  /// @throws DisbeliefException when it is not what the origin has asked, with this number and for this tag
  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  Sealing.Asked asked(Message.Anycast question) throws DisbeliefException {
    Bytes text =
        statements
            .verified(
                Statement.Kind.QUESTION, question.question(), QUESTION_BYTES, question.origin())
            .text();
    ByteBuffer in = ByteBuffer.wrap(text.shared());
    if (in.getLong() != question.id() || in.getLong() != question.tag()) {
      throw new DisbeliefException(Reason.MISDIRECTED, "a question that was asked as another");
    }
    in.position(in.position() + Statements.NONCE_BYTES);
    int count = in.get() & 0xff;
    if (count > MOST_NAMED) {
      throw Statements.malformed("a question that names the heads of " + count + " tags");
    }
    try {
      List<Heads> named = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        named.add(Heads.get(in));
      }
      return new Sealing.Asked(Statements.take(in, in.remaining()), named);
    } catch (IllegalArgumentException e) {
      throw Statements.malformed(String.valueOf(e.getMessage()));
    }
  }

  /// What names a question that was opened before.
  private Named named(Message.Anycast question) {
    ByteBuffer in = ByteBuffer.wrap(statements.textOf(question.question()).shared());
    in.position(2 * Long.BYTES);
    return new Named(
        question.origin().value(),
        question.id(),
        question.tag(),
        Statements.take(in, Statements.NONCE_BYTES));
  }

  // Answers.

  /// What goes behind the records of an answer.
  ///
  /// @param records sealed
  /// @throws IllegalArgumentException for a question that was never opened
  Bytes answer(Message.Anycast question, Sealing.Said said, List<Record> records) {
    Named named = named(question);
    ByteBuffer text = ByteBuffer.allocate(ANSWER_BYTES + said.heads().bytes() + said.mark().size());
    named.put(text);
    text.put(code(said.verdict()))
        .putInt(said.agoMillis())
        .putLong(said.sinceMillis())
        .put(digest(named, records))
        .putInt(membership.secrets().newest().epoch());
    said.heads().put(text);
    text.put(said.mark().shared());
    byte[] statement = statements.signed(Statement.Kind.ANSWER, text.array()).shared();
    return Bytes.wrap(
        ByteBuffer.allocate(1 + statement.length).put(STATEMENT).put(statement).array());
  }

  /// Whether this is what stands behind the records of an answer.
  static boolean isStatement(Record record) {
    return record.payload().size() > 0 && record.payload().at(0) == STATEMENT;
  }

  /// What is said with an answer.
  ///
  /// @param records all of the answer, sealed
  /// @throws DisbeliefException when it is not what the answerer has signed with these records, was not asked here, or has come before
  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  Spoken said(Message.AnycastAnswer answer, Bytes behind, List<Record> records)
      throws DisbeliefException {
    ByteBuffer sealed = ByteBuffer.wrap(behind.shared()).position(1);
    Verified statement =
        statements.verified(
            Statement.Kind.ANSWER,
            Statements.take(sealed, sealed.remaining()),
            ANSWER_BYTES,
            answer.answerer());
    ByteBuffer in = ByteBuffer.wrap(statement.text().shared());
    Named named =
        new Named(
            self.value(), answer.id(), answer.tag(), statements.nonce(answer.id(), answer.tag()));
    if (!Named.get(in).equals(named)) {
      throw new DisbeliefException(Reason.MISDIRECTED, "an answer to another question");
    }
    Event.Answer.Verdict verdict = verdict(in.get());
    int agoMillis = in.getInt();
    long sinceMillis = in.getLong();
    if (completeness(verdict) != answer.completeness()
        || !Statements.take(in, Crypto.HASH_BYTES).equals(Bytes.wrap(digest(named, records)))) {
      throw new DisbeliefException(Reason.UNPROVEN, "an answer that is not what was signed");
    }
    int epoch = in.getInt();
    Heads heads = heads(in);
    if (!heard.add(statement.name())) {
      throw new DisbeliefException(Reason.REPLAYED, "an answer that has come before");
    }
    return new Spoken(
        new Sealing.Said(
            verdict, agoMillis, sinceMillis, Statements.take(in, in.remaining()), heads),
        epoch);
  }

  private static Heads heads(ByteBuffer in) throws DisbeliefException {
    try {
      return Heads.get(in);
    } catch (IllegalArgumentException e) {
      throw Statements.malformed(String.valueOf(e.getMessage()));
    }
  }

  private byte[] digest(Named question, List<Record> records) {
    Crypto.Hasher hasher = crypto.sha256().update(question.nonce().shared());
    for (Record record : records) {
      byte[] payload = record.payload().shared();
      hasher.update(ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).array());
      hasher.update(payload);
    }
    return hasher.finish();
  }

  private static byte code(Event.Answer.Verdict verdict) {
    return switch (verdict) {
      case GOES_ON -> 0;
      case SETTLED -> 1;
      case MORE -> 2;
      case UNKNOWN -> 3;
    };
  }

  private static Event.Answer.Verdict verdict(byte code) throws DisbeliefException {
    return switch (code) {
      case 0 -> Event.Answer.Verdict.GOES_ON;
      case 1 -> Event.Answer.Verdict.SETTLED;
      case 2 -> Event.Answer.Verdict.MORE;
      case 3 -> Event.Answer.Verdict.UNKNOWN;
      default -> throw Statements.malformed("an answer's verdict " + code);
    };
  }

  private static Message.AnycastAnswer.Completeness completeness(Event.Answer.Verdict verdict) {
    return switch (verdict) {
      case GOES_ON -> Message.AnycastAnswer.Completeness.PARTIAL;
      case SETTLED -> Message.AnycastAnswer.Completeness.SETTLED;
      case MORE -> Message.AnycastAnswer.Completeness.MORE;
      case UNKNOWN -> Message.AnycastAnswer.Completeness.UNKNOWN;
    };
  }
}
