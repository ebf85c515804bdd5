package dev.banyan.capsule;

import dev.banyan.capsule.CapsuleException.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Begins a key epoch, signed by who gives out its secret (big-endian):
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 16 | group |
/// | 4 | key epoch: 1 or later |
/// | 8 | seconds since 1970 from when on members seal in it: some time after it was given out, so that all have it before |
/// | 4 | how many members the roster had: never less than in the epoch before |
/// | 32 | hash of the roster |
/// | 2 | how many closes: at most 4,096 |
/// | 32 each | writer, 8 bytes; its session, 16; the last batch of the session that counts, 8. Ascending, as unsigned numbers |
/// | 64 | Ed25519 signature of "banyan/activate/1" and the above |
///
/// A writer that is named among the closes has left: of what it wrote in earlier epochs, only the sessions that are named here with a number above 0
/// count, up to that number, and nothing of this epoch or later. The arrays are not copied: read only.
@SuppressWarnings("ArrayRecordComponent")
public record Activation(
    byte[] group,
    int epoch,
    long fromSeconds,
    int rosterSize,
    byte[] rosterHash,
    List<Close> closes,
    byte[] signature) {

  public static final int VERSION = 1;
  public static final int MAX_CLOSES = 4_096;
  private static final int HEAD_BYTES =
      1 + CapsuleGroup.ID_BYTES + 4 + 8 + 4 + Crypto.HASH_BYTES + 2;
  private static final int CLOSE_BYTES = 32;
  public static final int MAX_BYTES =
      HEAD_BYTES + MAX_CLOSES * CLOSE_BYTES + Crypto.SIGNATURE_BYTES;

  /// How far the batches of a writer that has left still count.
  ///
  /// @param lastNumber of the last batch in that session; 0 for none
  public record Close(long writer, long sessionHigh, long sessionLow, long lastNumber)
      implements Comparable<Close> {
    @Override
    public int compareTo(Close other) {
      int byWriter = Long.compareUnsigned(writer, other.writer);
      int byHigh = Long.compareUnsigned(sessionHigh, other.sessionHigh);
      int byLow = Long.compareUnsigned(sessionLow, other.sessionLow);
      return byWriter != 0 ? byWriter : byHigh != 0 ? byHigh : byLow;
    }
  }

  public Activation {
    if (group.length != CapsuleGroup.ID_BYTES
        || rosterHash.length != Crypto.HASH_BYTES
        || signature.length != Crypto.SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "an activation with parts of another length than they have");
    }
    if (epoch < 1 || epoch > GroupSecret.MAX_EPOCH || fromSeconds < 0 || rosterSize < 0) {
      throw new IllegalArgumentException(
          "an activation of epoch "
              + epoch
              + " from "
              + fromSeconds
              + ", of "
              + rosterSize
              + " members");
    }
    if (closes.size() > MAX_CLOSES) {
      throw new IllegalArgumentException("an activation with " + closes.size() + " closes");
    }
    closes = List.copyOf(closes);
    for (int i = 0; i < closes.size(); i++) {
      if (closes.get(i).lastNumber < 0
          || i > 0 && closes.get(i - 1).compareTo(closes.get(i)) >= 0) {
        throw new IllegalArgumentException("an activation whose closes are out of order");
      }
    }
  }

  /// @param closes in any order, each session once
  public static Activation sign(
      Crypto crypto,
      SigningKey issuer,
      byte[] group,
      int epoch,
      long fromSeconds,
      int rosterSize,
      byte[] rosterHash,
      List<Close> closes) {
    Activation unsigned =
        new Activation(
            group,
            epoch,
            fromSeconds,
            rosterSize,
            rosterHash,
            closes.stream().sorted().toList(),
            new byte[Crypto.SIGNATURE_BYTES]);
    return new Activation(
        group,
        epoch,
        fromSeconds,
        rosterSize,
        rosterHash,
        unsigned.closes,
        crypto.sign(issuer, unsigned.signedBytes()));
  }

  /// @param issuerKey the public key of who gives out the group's secrets
  /// @throws CapsuleException for bytes that are no activation, or one of another group, or that the issuer has not signed
  public static Activation read(Crypto crypto, byte[] bytes, byte[] ofGroup, byte[] issuerKey)
      throws CapsuleException {
    if (bytes.length < HEAD_BYTES + Crypto.SIGNATURE_BYTES || bytes.length > MAX_BYTES) {
      throw CapsuleException.malformed("an activation of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int version = in.get() & 0xff;
    if (version != VERSION) {
      throw CapsuleException.malformed("an activation of version " + version);
    }
    byte[] group = take(in, CapsuleGroup.ID_BYTES);
    int epoch = in.getInt();
    long from = in.getLong();
    int rosterSize = in.getInt();
    byte[] rosterHash = take(in, Crypto.HASH_BYTES);
    int count = in.getShort() & 0xffff;
    if (in.remaining() != count * CLOSE_BYTES + Crypto.SIGNATURE_BYTES) {
      throw CapsuleException.malformed(
          "an activation that says it has " + count + " closes, but has not");
    }
    List<Close> closes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      closes.add(new Close(in.getLong(), in.getLong(), in.getLong(), in.getLong()));
    }
    byte[] signature = take(in, Crypto.SIGNATURE_BYTES);
    Activation read;
    try {
      read = new Activation(group, epoch, from, rosterSize, rosterHash, closes, signature);
    } catch (IllegalArgumentException e) {
      throw CapsuleException.malformed(String.valueOf(e.getMessage()));
    }
    if (!Arrays.equals(group, ofGroup)) {
      throw new CapsuleException(Fault.FOREIGN, "an activation of another group");
    }
    if (!crypto.verifies(issuerKey, read.signedBytes(), signature)) {
      throw new CapsuleException(Fault.FORGED, "an activation that its issuer has not signed");
    }
    return read;
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  public byte[] encoded() {
    return body(ByteBuffer.allocate(bodyBytes() + signature.length)).put(signature).array();
  }

  private byte[] signedBytes() {
    ByteBuffer out = ByteBuffer.allocate(Label.ACTIVATION.size() + bodyBytes());
    return body(Label.ACTIVATION.putInto(out)).array();
  }

  private int bodyBytes() {
    return HEAD_BYTES + closes.size() * CLOSE_BYTES;
  }

  private ByteBuffer body(ByteBuffer out) {
    out.put((byte) VERSION)
        .put(group)
        .putInt(epoch)
        .putLong(fromSeconds)
        .putInt(rosterSize)
        .put(rosterHash)
        .putShort((short) closes.size());
    for (Close close : closes) {
      out.putLong(close.writer)
          .putLong(close.sessionHigh)
          .putLong(close.sessionLow)
          .putLong(close.lastNumber);
    }
    return out;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Activation activation && Arrays.equals(encoded(), activation.encoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "Activation[of epoch " + epoch + "]";
  }
}
