package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// The secret of a key epoch, from which all sealing keys of that epoch come. Secrets form a regression (Fu, Kamara and
/// Kohno, "Key Regression", 2006): each is the hash of the next, S(e) = SHA-256("banyan/regress/1" ‖ S(e + 1)). So the newest opens
/// everything older, and whoever has an old one cannot go forward. They are made from the far end.
public final class GroupSecret {

  /// Epochs fit the 30 bits that a Lamport time has for them.
  public static final int MAX_EPOCH = (1 << 30) - 1;

  private final int epoch;
  private final byte[] bytes;

  /// @param bytes 32 secret bytes; copied
  public GroupSecret(int epoch, byte[] bytes) {
    if (epoch < 0 || epoch > MAX_EPOCH || bytes.length != Crypto.KEY_BYTES) {
      throw new IllegalArgumentException(
          "a secret has 32 bytes and an epoch of 0 to "
              + MAX_EPOCH
              + ", not "
              + bytes.length
              + " and "
              + epoch);
    }
    this.epoch = epoch;
    this.bytes = bytes.clone();
  }

  public int epoch() {
    return epoch;
  }

  /// The secret of an earlier epoch, or this one: a hash for each epoch between.
  ///
  /// @throws IllegalArgumentException for a later one: nobody can go forward
  public GroupSecret at(Crypto crypto, int earlier) {
    if (earlier < 0 || earlier > epoch) {
      throw new IllegalArgumentException(
          "the secret of epoch " + epoch + " does not open epoch " + earlier);
    }
    if (earlier == epoch) {
      return this;
    }
    byte[] at = bytes.clone();
    for (int e = epoch; e > earlier; e--) {
      Label.REGRESS.hashInto(crypto.sha256()).update(at).finish(at, 0);
    }
    return new GroupSecret(earlier, at);
  }

  /// The 32 bytes, to be given to a member. Secret.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The key of one writer's session in this epoch: HKDF(S(e), "seal" ‖ group ‖ roster hash ‖ writer ‖ session).
  byte[] sessionKey(
      Crypto crypto, CapsuleGroup group, long writer, long sessionHigh, long sessionLow) {
    return sessionKey(crypto, Label.SEAL, group, writer, sessionHigh, sessionLow);
  }

  /// The key of what one member says in one session that is no record: as above, with "envelope" in the place of "seal".
  byte[] envelopeKey(
      Crypto crypto, CapsuleGroup group, long writer, long sessionHigh, long sessionLow) {
    return sessionKey(crypto, Label.ENVELOPE, group, writer, sessionHigh, sessionLow);
  }

  private byte[] sessionKey(
      Crypto crypto,
      Label use,
      CapsuleGroup group,
      long writer,
      long sessionHigh,
      long sessionLow) {
    ByteBuffer info =
        ByteBuffer.allocate(
            use.size() + CapsuleGroup.ID_BYTES + Crypto.HASH_BYTES + 3 * Long.BYTES);
    use.putInto(info).put(group.id()).put(group.rosterHash());
    info.putLong(writer).putLong(sessionHigh).putLong(sessionLow);
    return crypto.derive(bytes, info.array());
  }

  /// Whether this is the same secret. Takes as long whatever differs.
  boolean sameAs(GroupSecret other) {
    return epoch == other.epoch && MessageDigest.isEqual(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "GroupSecret[of epoch " + epoch + "]";
  }
}
