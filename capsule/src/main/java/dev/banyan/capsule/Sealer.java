package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One writer's session: numbers its batches, chains them, seals and signs them.
public final class Sealer {

  private final Crypto crypto;
  private final SigningKey key;
  private final long writer;
  private final long sessionHigh;
  private final long sessionLow;
  private long lastNumber;
  private long lastSequence;
  private byte[] previous = new byte[Crypto.HASH_BYTES];
  private @Nullable Keyed last;

  /// The session's key in one epoch.
  @SuppressWarnings("ArrayRecordComponent")
  private record Keyed(CapsuleGroup group, GroupSecret secret, byte[] key) {}

  /// @param sessionHigh with `sessionLow` 128 fresh random bits: this life of the writer
  public Sealer(Crypto crypto, SigningKey key, long sessionHigh, long sessionLow) {
    this.crypto = crypto;
    this.key = key;
    this.writer = MemberId.of(crypto, key.publicKey());
    this.sessionHigh = sessionHigh;
    this.sessionLow = sessionLow;
  }

  /// What the next record is numbered.
  public long nextSequence() {
    return lastSequence + 1;
  }

  /// The number of the session's last batch; 0 for none.
  public long lastNumber() {
    return lastNumber;
  }

  /// Seals records, in this order, as the session's next batch.
  ///
  /// @param group as of the secret's epoch
  /// @param records 1 to [BatchHeader#MAX_COUNT], numbered from [#nextSequence] on, at most [Batch#MAX_SEALED_BYTES] once sealed
  /// @param salt [BatchHeader#SALT_BYTES] fresh random bytes. With the rest of the header they make the key, so that not even a writer
  ///     that restarts with a session it had before seals two records under one key and nonce
  public Batch seal(CapsuleGroup group, GroupSecret secret, List<Plain> records, byte[] salt) {
    BatchHeader header = header(secret, records, salt);
    ByteBuffer out = ByteBuffer.allocate(size(header, records));
    header.putInto(out).position(Batch.BODY);
    byte[] bytes = out.array();
    BatchKey batchKey = new BatchKey(crypto, sessionKey(group, secret), bytes);
    for (int i = 0; i < records.size(); i++) {
      put(records.get(i), header, i, batchKey, out);
    }
    Batch sealed = parse(bytes);
    byte[] signature = crypto.sign(key, Batch.signedBytes(group, bytes, sealed.root(crypto)));
    System.arraycopy(signature, 0, bytes, BatchHeader.BYTES, signature.length);
    lastNumber = header.number();
    lastSequence += records.size();
    previous = sealed.chainHash(crypto);
    return sealed;
  }

  private BatchHeader header(GroupSecret secret, List<Plain> records, byte[] salt) {
    if (records.isEmpty() || records.size() > BatchHeader.MAX_COUNT) {
      throw new IllegalArgumentException("a batch of " + records.size() + " records");
    }
    if (salt.length != BatchHeader.SALT_BYTES) {
      throw new IllegalArgumentException("a salt of " + salt.length + " bytes");
    }
    long lamport = Long.MAX_VALUE;
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).sequence() != lastSequence + 1 + i) {
        throw new IllegalArgumentException(
            "record " + records.get(i).sequence() + " in the place of " + (lastSequence + 1 + i));
      }
      lamport = Math.min(lamport, records.get(i).lamport());
    }
    return new BatchHeader(
        secret.epoch(),
        writer,
        sessionHigh,
        sessionLow,
        lastNumber + 1,
        lastSequence + 1,
        records.size(),
        lamport,
        salt,
        previous);
  }

  private byte[] sessionKey(CapsuleGroup group, GroupSecret secret) {
    Keyed known = last;
    if (known == null || !known.secret.sameAs(secret) || !known.group.equals(group)) {
      byte[] key = secret.sessionKey(crypto, group, writer, sessionHigh, sessionLow);
      known = new Keyed(group, secret, key);
      last = known;
    }
    return known.key;
  }

  private static int size(BatchHeader header, List<Plain> records) {
    long size = Batch.BODY;
    for (Plain record : records) {
      int sealed = record.text().length + Crypto.SEAL_BYTES;
      size += clearSize(header, record, sealed) + (long) sealed;
    }
    if (size > Batch.MAX_SEALED_BYTES) {
      throw new IllegalArgumentException(
          "a batch of " + size + " bytes: at most " + Batch.MAX_SEALED_BYTES);
    }
    return (int) size;
  }

  private static int clearSize(BatchHeader header, Plain record, int sealed) {
    int size =
        1
            + Varint.size(record.lamport() - header.lamport())
            + Varint.size(record.tags().length)
            + record.tags().length * Long.BYTES
            + Varint.size(sealed);
    for (int i = 0; i < record.tags().length; i++) {
      size += Varint.size(record.distance(i));
    }
    return size;
  }

  private static void put(
      Plain record, BatchHeader header, int index, BatchKey key, ByteBuffer out) {
    int start = out.position();
    out.put((byte) record.tagEpoch());
    Varint.put(out, record.lamport() - header.lamport());
    Varint.put(out, record.tags().length);
    for (long tag : record.tags()) {
      out.putLong(tag);
    }
    for (int i = 0; i < record.tags().length; i++) {
      Varint.put(out, record.distance(i));
    }
    int sealed = record.text().length + Crypto.SEAL_BYTES;
    Varint.put(out, sealed);
    int at = out.position();
    key.seal(
        index, new Crypto.Slice(out.array(), start, at - start), record.text(), out.array(), at);
    out.position(at + sealed);
  }

  private static Batch parse(byte[] bytes) {
    try {
      return Batch.parse(bytes);
    } catch (CapsuleException e) {
      throw new IllegalStateException("what was sealed cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "Sealer[batch " + lastNumber + " of " + HexFormat.of().toHexDigits(writer) + "]";
  }
}
