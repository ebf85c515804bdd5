package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;

/// Seals and opens what members say to each other that is no record: any member can read it, nobody else can read or make it.
/// It is not signed: a member may say it in another's name.
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 4 | key epoch |
/// | 8 | writer |
/// | 16 | session |
/// | 8 | counts the envelopes of the session, from 1 |
/// | rest | ciphertext, its 16-byte tag included; associated data are all of the above, the nonce is the count as a number of 12 bytes |
public final class Envelopes {

  static final int HEADER_BYTES = 1 + Integer.BYTES + 4 * Long.BYTES;

  private final Crypto crypto;
  private final long writer;
  private final long sessionHigh;
  private final long sessionLow;
  private long count;

  /// @param sessionHigh with `sessionLow` 128 fresh random bits: never used twice, or nonces would come twice
  public Envelopes(Crypto crypto, long writer, long sessionHigh, long sessionLow) {
    this.crypto = crypto;
    this.writer = writer;
    this.sessionHigh = sessionHigh;
    this.sessionLow = sessionLow;
  }

  public byte[] seal(CapsuleGroup group, GroupSecret secret, byte[] text) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + text.length + Crypto.SEAL_BYTES);
    out.put((byte) 1).putInt(secret.epoch()).putLong(writer);
    out.putLong(sessionHigh).putLong(sessionLow).putLong(++count);
    byte[] key = secret.envelopeKey(crypto, group, writer, sessionHigh, sessionLow);
    crypto
        .aead(key)
        .seal(
            nonce(count),
            new Crypto.Slice(out.array(), 0, HEADER_BYTES),
            Crypto.Slice.of(text),
            out.array(),
            HEADER_BYTES);
    return out.array();
  }

  /// The epoch that an envelope is of.
  ///
  /// @throws CapsuleException for what is none
  public static int epoch(byte[] sealed) throws CapsuleException {
    if (sealed.length < HEADER_BYTES + Crypto.SEAL_BYTES || sealed[0] != 1) {
      throw CapsuleException.malformed("an envelope of " + sealed.length + " bytes");
    }
    int epoch = ByteBuffer.wrap(sealed).getInt(1);
    if (epoch < 0 || epoch > GroupSecret.MAX_EPOCH) {
      throw CapsuleException.malformed("an envelope of epoch " + Integer.toUnsignedString(epoch));
    }
    return epoch;
  }

  /// @param group as of its epoch
  /// @throws CapsuleException when no member has sealed it like this, or its epoch is later than our secret
  public byte[] open(CapsuleGroup group, GroupSecrets secrets, byte[] sealed)
      throws CapsuleException {
    int epoch = epoch(sealed);
    ByteBuffer in = ByteBuffer.wrap(sealed).position(1 + Integer.BYTES);
    byte[] key =
        secrets.of(epoch).envelopeKey(crypto, group, in.getLong(), in.getLong(), in.getLong());
    byte[] text = new byte[sealed.length - HEADER_BYTES - Crypto.SEAL_BYTES];
    boolean opened =
        crypto
            .aead(key)
            .open(
                nonce(in.getLong()),
                new Crypto.Slice(sealed, 0, HEADER_BYTES),
                new Crypto.Slice(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES),
                text,
                0);
    if (!opened) {
      throw new CapsuleException(
          Fault.FORGED, "an envelope that is not sealed with the epoch's key");
    }
    return text;
  }

  private static byte[] nonce(long count) {
    return ByteBuffer.allocate(Crypto.NONCE_BYTES).putLong(Integer.BYTES, count).array();
  }
}
