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
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Sealing;
import dev.banyan.store.Sealing.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// What members say in their own names: signed ([Statement]), and sealed so that routers see nothing of it. Each names the question or task
/// that it is, or is about ([Named]).
///
/// A nonce is a hash of a secret of this life and the number: so none has to be remembered.
final class Statements {

  static final int NONCE_BYTES = 16;

  /// Statements whose signatures were found good: a question that waits here, or that routers bring again and again, is verified once.
  private static final int VERIFIED = 1_024;

  private static final int SECRET_BYTES = 32;

  private final Crypto crypto;
  private final Membership membership;
  private final Writers writers;
  private final Envelopes envelopes;
  private final byte[] secret = new byte[SECRET_BYTES];
  private final Recent verified = new Recent(VERIFIED);

  /// A question, or a task.
  ///
  /// @param asker whose it is
  /// @param nonce nobody but the asker can have known it before
  record Named(long asker, long id, long tag, Bytes nonce) {
    static final int BYTES = 3 * Long.BYTES + NONCE_BYTES;

    void put(ByteBuffer out) {
      out.putLong(asker).putLong(id).putLong(tag).put(nonce.shared());
    }

    static Named get(ByteBuffer in) {
      return new Named(in.getLong(), in.getLong(), in.getLong(), take(in, NONCE_BYTES));
    }
  }

  /// A statement that somebody has made.
  ///
  /// @param name the hash of it: the same in whatever envelope it comes
  /// @param speaker who has made it
  record Verified(Bytes name, NodeId speaker, Bytes text) {}

  /// @param envelopes seals and opens what is signed
  Statements(
      Crypto crypto,
      Membership membership,
      Writers writers,
      Envelopes envelopes,
      RandomGenerator random) {
    this.crypto = crypto;
    this.membership = membership;
    this.writers = writers;
    this.envelopes = envelopes;
    random.nextBytes(secret);
  }

  /// The nonce of what is asked here, with that number and tag.
  Bytes nonce(long id, long tag) {
    byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES).putLong(id).putLong(tag).array();
    byte[] hash = crypto.sha256().update(secret).update(numbers).finish();
    return Bytes.wrap(Arrays.copyOf(hash, NONCE_BYTES));
  }

  /// Which epoch it is, is asked once: another may begin meanwhile, and nobody believes what is signed in one and sealed in the other.
  Bytes signed(Statement.Kind kind, byte[] text) {
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

  /// The text of a statement that was found good before.
  ///
  /// @throws IllegalArgumentException when it is none
  Bytes textOf(Bytes sealed) {
    try {
      return Bytes.wrap(Statement.parse(open(sealed)).text());
    } catch (CapsuleException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
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

  /// As [#verified(Statement.Kind, Bytes, int)].
  ///
  /// @param speaker who is said to have made it
  Verified verified(Statement.Kind kind, Bytes sealed, int leastBytes, NodeId speaker)
      throws DisbeliefException {
    Verified statement = verified(kind, sealed, leastBytes);
    if (!statement.speaker().equals(speaker)) {
      throw new DisbeliefException(Reason.FORGED, "a statement in another member's name");
    }
    return statement;
  }

  /// Opens what a member has said, whoever it is.
  ///
  /// @param leastBytes a shorter text is malformed
  /// @throws DisbeliefException when no member that is to be heard has signed it
  /// @throws Sealing.UnknownEpochException when it cannot be read yet
  Verified verified(Statement.Kind kind, Bytes sealed, int leastBytes) throws DisbeliefException {
    try {
      byte[] opened = open(sealed);
      Statement statement = Statement.parse(opened);
      Certificate.Checked owner = writers.check(statement.certificate());
      membership.hear(owner.certificate());
      if (membership.nowSeconds() > owner.certificate().expirySeconds()) {
        throw new CapsuleException(
            Fault.UNTIMELY, "a statement of a member whose certificate has expired");
      }
      int epoch = Envelopes.epoch(sealed.shared());
      Bytes name = Bytes.wrap(hash(kind, epoch, opened));
      if (!verified.has(name)) {
        statement.verify(crypto, kind, membership.group(epoch), owner);
        verified.add(name);
      }
      if (statement.text().length < leastBytes) {
        throw malformed("a statement that says next to nothing");
      }
      NodeId speaker = new NodeId(owner.certificate().id());
      return new Verified(name, speaker, Bytes.wrap(statement.text()));
    } catch (CapsuleException e) {
      throw new DisbeliefException(e);
    }
  }

  private byte[] hash(Statement.Kind kind, int epoch, byte[] statement) {
    byte[] before =
        ByteBuffer.allocate(1 + Integer.BYTES).put((byte) kind.ordinal()).putInt(epoch).array();
    return crypto.sha256().update(before).update(statement).finish();
  }

  static Bytes take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Bytes.wrap(bytes);
  }

  static DisbeliefException malformed(String why) {
    return new DisbeliefException(Reason.MALFORMED, why);
  }
}
