package dev.banyan.capsule;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// One writer's session: numbers its batches, chains them, seals and signs them.
public final class Sealer {

  private final Crypto crypto;
  private final Group group;
  private final SigningKey key;
  private final long writer;
  private final long sessionHigh;
  private final long sessionLow;
  private long lastNumber;
  private long lastSequence;
  private byte[] previous = new byte[Crypto.HASH_BYTES];
  private int keyEpoch = -1;
  private byte[] sessionKey = {};

  /// @param sessionHigh with `sessionLow` 128 fresh random bits: this life of the writer
  public Sealer(Crypto crypto, Group group, SigningKey key, long sessionHigh, long sessionLow) {
    this.crypto = crypto;
    this.group = group;
    this.key = key;
    this.writer = MemberId.of(crypto, key.publicKey());
    this.sessionHigh = sessionHigh;
    this.sessionLow = sessionLow;
  }

  /// What the next record is numbered.
  public long nextSequence() {
    return lastSequence + 1;
  }

  /// Seals records, in this order, as the session's next batch.
  ///
  /// @param records 1 to [BatchHeader#MAX_COUNT], numbered from [#nextSequence] on
  /// @param salt [BatchHeader#SALT_BYTES] fresh random bytes
  public Batch seal(GroupSecret secret, List<Plain> records, byte[] salt) {
    BatchHeader header = header(secret, records, salt);
    ByteBuffer out = ByteBuffer.allocate(size(header, records));
    header.putInto(out).position(Batch.BODY);
    byte[] bytes = out.array();
    BatchKey batchKey = new BatchKey(crypto, sessionKey(secret), header, bytes);
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

  private byte[] sessionKey(GroupSecret secret) {
    if (keyEpoch != secret.epoch()) {
      sessionKey = secret.sessionKey(crypto, group, writer, sessionHigh, sessionLow);
      keyEpoch = secret.epoch();
    }
    return sessionKey;
  }

  private static int size(BatchHeader header, List<Plain> records) {
    int size = Batch.BODY;
    for (Plain record : records) {
      int sealed = record.text().length + Crypto.SEAL_BYTES;
      size += clearSize(header, record, sealed) + sealed;
    }
    return size;
  }

  private static int clearSize(BatchHeader header, Plain record, int sealed) {
    int size =
        1
            + Varint.size(record.lamport() - header.lamport())
            + Varint.size(record.tags().length)
            + record.tags().length * Long.BYTES
            + Varint.size(sealed);
    for (long predecessor : record.predecessors()) {
      size += Varint.size(distance(record, predecessor));
    }
    return size;
  }

  private static long distance(Plain record, long predecessor) {
    return predecessor == 0 ? 0 : record.sequence() - predecessor;
  }

  private static void put(
      Plain record, BatchHeader header, int index, BatchKey key, ByteBuffer out) {
    int start = out.position();
    out.put((byte) (record.tagEpoch() & 3));
    Varint.put(out, record.lamport() - header.lamport());
    Varint.put(out, record.tags().length);
    for (long tag : record.tags()) {
      out.putLong(tag);
    }
    for (long predecessor : record.predecessors()) {
      Varint.put(out, distance(record, predecessor));
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
    } catch (MalformedCapsuleException e) {
      throw new IllegalArgumentException("records that no batch can have: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Sealer[batch " + lastNumber + " of " + Arrays.hashCode(key.publicKey()) + "]";
  }
}
