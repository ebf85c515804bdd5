package dev.banyan.store.sealing;

import dev.banyan.capsule.CapsuleException;
import dev.banyan.capsule.CapsuleException.Fault;
import dev.banyan.capsule.CapsuleGroup;
import dev.banyan.capsule.Certificate;
import dev.banyan.capsule.Crypto;
import dev.banyan.capsule.Envelopes;
import dev.banyan.capsule.GroupSecret;
import dev.banyan.capsule.Statement;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.store.Sealing;
import dev.banyan.store.Sealing.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Questions and answers in one's own name: signed ([Statement]), and sealed so that routers see nothing of them.
///
/// | bytes of a question's text | what |
/// |---|---|
/// | 8 | its number, by whoever asks |
/// | 8 | the tag that is asked for |
/// | 16 | nonce: nobody but the asker can have known it before |
/// | rest | the question, as it would travel in clear |
///
/// | bytes of an answer's text | what |
/// |---|---|
/// | 8, 8, 8, 16 | who has asked, and the question's number, tag and nonce |
/// | 1 | verdict: 0 others are to be asked, 1 settled, 2 there is more, 3 not everybody can be asked |
/// | 4 | milliseconds since all were asked, with verdict 3 |
/// | 8 | milliseconds since 1970, since when nothing was missed; 2^63 - 1 for no such claim |
/// | 32 | SHA-256 of nonce ‖ for each record of the answer the length of its payload, in 4 bytes, and the payload |
/// | rest | for how long the records have been held ([dev.banyan.store.write.HeldFor]), or nothing |
///
/// In an answer the statement is the payload of its last record, after a byte 2.
///
/// A nonce is a hash of a secret of this life and the question's number: so none has to be remembered.
final class Testimony {

  /// What a record with a statement begins with; one with a batch begins with a certificate's version.
  private static final byte STATEMENT = 2;

  /// Statements whose signatures were found good: a question that waits here, or that routers bring again and again, is verified once.
  private static final int VERIFIED = 1_024;

  /// Answers that are known again. Older ones are to questions that have ended: they change nothing.
  private static final int HEARD = 4_096;

  private static final int NONCE_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final int ANSWER_BYTES =
      4 * Long.BYTES + NONCE_BYTES + 1 + Integer.BYTES + Crypto.HASH_BYTES;

  private final Crypto crypto;
  private final Membership membership;
  private final Writers writers;
  private final NodeId self;
  private final Envelopes envelopes;
  private final byte[] secret = new byte[SECRET_BYTES];
  private final Recent verified = new Recent(VERIFIED);
  private final Recent heard = new Recent(HEARD);

  /// Which question an answer is to.
  private record Named(long asker, long id, long tag, Bytes nonce) {}

  /// A statement that somebody has made.
  ///
  /// @param name the hash of it: the same in whatever envelope it comes
  private record Verified(Bytes name, Bytes text) {}

  /// @param envelopes seals and opens what is signed
  Testimony(
      Crypto crypto,
      Membership membership,
      Writers writers,
      NodeId self,
      Envelopes envelopes,
      RandomGenerator random) {
    this.crypto = crypto;
    this.membership = membership;
    this.writers = writers;
    this.self = self;
    this.envelopes = envelopes;
    random.nextBytes(secret);
  }

  // Questions.

  Bytes ask(long id, long tag, Bytes plain) {
    ByteBuffer text =
        ByteBuffer.allocate(2 * Long.BYTES + NONCE_BYTES + plain.size())
            .putLong(id)
            .putLong(tag)
            .put(nonce(id, tag))
            .put(plain.shared());
    return signed(Statement.Kind.QUESTION, text.array());
  }

  /// @throws DisbeliefException when it is not what the origin has asked, with this number and for this tag
  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  Bytes asked(Message.Anycast question) throws DisbeliefException {
    Bytes text = verified(Statement.Kind.QUESTION, question.question(), question.origin()).text();
    ByteBuffer in = ByteBuffer.wrap(text.shared());
    if (in.getLong() != question.id() || in.getLong() != question.tag()) {
      throw new DisbeliefException(Reason.MISDIRECTED, "a question that was asked as another");
    }
    return Bytes.wrap(Arrays.copyOfRange(text.shared(), 2 * Long.BYTES + NONCE_BYTES, text.size()));
  }

  private static Bytes nonce(Bytes text) {
    return Bytes.wrap(
        Arrays.copyOfRange(text.shared(), 2 * Long.BYTES, 2 * Long.BYTES + NONCE_BYTES));
  }

  private byte[] nonce(long id, long tag) {
    byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES).putLong(id).putLong(tag).array();
    byte[] hash = crypto.sha256().update(secret).update(numbers).finish();
    return Arrays.copyOf(hash, NONCE_BYTES);
  }

  // Answers.

  /// What goes behind the records of an answer.
  ///
  /// @param records sealed
  /// @throws IllegalArgumentException for a question that was never opened
  Bytes answer(Message.Anycast question, Sealing.Said said, List<Record> records) {
    Bytes asked;
    try {
      asked = Bytes.wrap(Statement.parse(open(question.question())).text());
    } catch (CapsuleException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    byte[] nonce = nonce(asked).shared();
    ByteBuffer text =
        ByteBuffer.allocate(ANSWER_BYTES + said.mark().size())
            .putLong(question.origin().value())
            .putLong(question.id())
            .putLong(question.tag())
            .put(nonce)
            .put(code(said.verdict()))
            .putInt(said.agoMillis())
            .putLong(said.sinceMillis())
            .put(digest(nonce, records))
            .put(said.mark().shared());
    byte[] statement = signed(Statement.Kind.ANSWER, text.array()).shared();
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
  Sealing.Said said(Message.AnycastAnswer answer, Bytes behind, List<Record> records)
      throws DisbeliefException {
    byte[] sealed = Arrays.copyOfRange(behind.shared(), 1, behind.size());
    Verified statement = verified(Statement.Kind.ANSWER, Bytes.wrap(sealed), answer.answerer());
    Bytes text = statement.text();
    if (text.size() < ANSWER_BYTES) {
      throw malformed("an answer's statement of " + text.size() + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(text.shared());
    Named named = new Named(in.getLong(), in.getLong(), in.getLong(), take(in, NONCE_BYTES));
    byte[] nonce = nonce(answer.id(), answer.tag());
    if (!named.equals(new Named(self.value(), answer.id(), answer.tag(), Bytes.wrap(nonce)))) {
      throw new DisbeliefException(Reason.MISDIRECTED, "an answer to another question");
    }
    Event.Answer.Verdict verdict = verdict(in.get());
    int agoMillis = in.getInt();
    long sinceMillis = in.getLong();
    if (completeness(verdict) != answer.completeness()
        || !take(in, Crypto.HASH_BYTES).equals(Bytes.wrap(digest(nonce, records)))) {
      throw new DisbeliefException(Reason.UNPROVEN, "an answer that is not what was signed");
    }
    if (!heard.add(statement.name())) {
      throw new DisbeliefException(Reason.REPLAYED, "an answer that has come before");
    }
    return new Sealing.Said(verdict, agoMillis, sinceMillis, take(in, in.remaining()));
  }

  private byte[] digest(byte[] nonce, List<Record> records) {
    Crypto.Hasher hasher = crypto.sha256().update(nonce);
    for (Record record : records) {
      byte[] payload = record.payload().shared();
      hasher.update(ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).array());
      hasher.update(payload);
    }
    return hasher.finish();
  }

  private static Bytes take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Bytes.wrap(bytes);
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
      default -> throw malformed("an answer's verdict " + code);
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

  // Both.

  /// Which epoch it is, is asked once: another may begin meanwhile, and nobody believes what is signed in one and sealed in the other.
  private Bytes signed(Statement.Kind kind, byte[] text) {
    GroupSecret sealing = membership.sealing();
    try {
      CapsuleGroup group = membership.group(sealing.epoch());
      byte[] statement =
          Statement.sign(crypto, kind, group, membership.key(), membership.certificate(), text);
      return Bytes.wrap(envelopes.seal(group, sealing, statement));
    } catch (CapsuleException e) {
      throw new IllegalStateException("a secret of an epoch whose group is not known", e);
    }
  }

  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  private byte[] open(Bytes sealed) throws CapsuleException {
    try {
      CapsuleGroup group = membership.group(Envelopes.epoch(sealed.shared()));
      return envelopes.open(group, membership.secrets(), sealed.shared());
    } catch (CapsuleException e) {
      if (e.fault() == Fault.UNREADABLE) {
        throw new Sealing.UnknownEpochException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /// @param speaker who is said to have made it
  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  private Verified verified(Statement.Kind kind, Bytes sealed, NodeId speaker)
      throws DisbeliefException {
    try {
      byte[] opened = open(sealed);
      Statement statement = Statement.parse(opened);
      Certificate.Checked owner = writers.check(statement.certificate());
      membership.hear(owner.certificate());
      if (membership.nowSeconds() > owner.certificate().expirySeconds()) {
        throw new CapsuleException(
            Fault.UNTIMELY, "a statement of a member whose certificate has expired");
      }
      if (owner.certificate().id() != speaker.value()) {
        throw new CapsuleException(Fault.FORGED, "a statement in another member's name");
      }
      int epoch = Envelopes.epoch(sealed.shared());
      Bytes name = Bytes.wrap(hash(kind, epoch, opened));
      if (!verified.has(name)) {
        statement.verify(crypto, kind, membership.group(epoch), owner);
        verified.add(name);
      }
      if (statement.text().length < 2 * Long.BYTES + NONCE_BYTES) {
        throw malformed("a statement that says next to nothing");
      }
      return new Verified(name, Bytes.wrap(statement.text()));
    } catch (CapsuleException e) {
      throw new DisbeliefException(e);
    }
  }

  private byte[] hash(Statement.Kind kind, int epoch, byte[] statement) {
    byte[] before =
        ByteBuffer.allocate(1 + Integer.BYTES).put((byte) kind.ordinal()).putInt(epoch).array();
    return crypto.sha256().update(before).update(statement).finish();
  }

  private static DisbeliefException malformed(String why) {
    return new DisbeliefException(Reason.MALFORMED, why);
  }
}
