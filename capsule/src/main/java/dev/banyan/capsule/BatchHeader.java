package dev.banyan.capsule;

import java.nio.ByteBuffer;

/// What is said of a batch once, in clear and signed (big-endian, 104 bytes; the signature of 64 follows it):
///
/// | bytes | what |
/// |---|---|
/// | 1 | version: 1 |
/// | 1 | compartment: 0, kept for read rights |
/// | 4 | key epoch |
/// | 8 | writer |
/// | 16 | session: 128 random bits for each life of the writer |
/// | 8 | number of the batch in its session, from 1 |
/// | 8 | sequence of its first record, from 1; the others follow |
/// | 2 | how many records |
/// | 8 | Lamport time that those of the records are told from: the least of them |
/// | 16 | salt, fresh for each batch |
/// | 32 | hash of the batch before, [Batch#chainHash]; zeros in the first |
///
/// The arrays are not copied.
@SuppressWarnings("ArrayRecordComponent")
public record BatchHeader(
    int epoch,
    long writer,
    long sessionHigh,
    long sessionLow,
    long number,
    long firstSequence,
    int count,
    long lamport,
    byte[] salt,
    byte[] previous) {

  public static final int VERSION = 1;
  public static final int BYTES = 104;
  public static final int SALT_BYTES = 16;

  /// Where in a header the number of records stands.
  static final int COUNT_AT = 46;

  /// Records in one batch.
  public static final int MAX_COUNT = 1_024;

  ByteBuffer putInto(ByteBuffer out) {
    return out.put((byte) VERSION)
        .put((byte) 0)
        .putInt(epoch)
        .putLong(writer)
        .putLong(sessionHigh)
        .putLong(sessionLow)
        .putLong(number)
        .putLong(firstSequence)
        .putShort((short) count)
        .putLong(lamport)
        .put(salt)
        .put(previous);
  }

  static BatchHeader parse(ByteBuffer in) throws CapsuleException {
    int version = in.get() & 0xff;
    int compartment = in.get() & 0xff;
    if (version != VERSION || compartment != 0) {
      throw CapsuleException.malformed(
          "a batch of version " + version + " and compartment " + compartment);
    }
    int epoch = in.getInt();
    long writer = in.getLong();
    long sessionHigh = in.getLong();
    long sessionLow = in.getLong();
    long number = in.getLong();
    long firstSequence = in.getLong();
    int count = in.getShort() & 0xffff;
    long lamport = in.getLong();
    byte[] salt = new byte[SALT_BYTES];
    in.get(salt);
    byte[] previous = new byte[Crypto.HASH_BYTES];
    in.get(previous);
    if (epoch < 0 || epoch > GroupSecret.MAX_EPOCH) {
      throw CapsuleException.malformed("a batch of epoch " + Integer.toUnsignedString(epoch));
    }
    if (count < 1 || count > MAX_COUNT) {
      throw CapsuleException.malformed("a batch of " + count + " records");
    }
    if (lamport < 0 || firstSequence > Long.MAX_VALUE - count) {
      throw CapsuleException.malformed(
          "a batch from record " + firstSequence + " at the time " + lamport);
    }
    requireInStep(number, firstSequence, previous);
    return new BatchHeader(
        epoch,
        writer,
        sessionHigh,
        sessionLow,
        number,
        firstSequence,
        count,
        lamport,
        salt,
        previous);
  }

  /// Each batch has a record or more, and the first of a session has nothing before it.
  private static void requireInStep(long number, long firstSequence, byte[] previous)
      throws CapsuleException {
    boolean first = number == 1;
    long most = number > Long.MAX_VALUE / MAX_COUNT ? Long.MAX_VALUE : (number - 1) * MAX_COUNT + 1;
    if (number < 1 || firstSequence < number || firstSequence > most || first != isZero(previous)) {
      throw CapsuleException.malformed("batch " + number + " from record " + firstSequence);
    }
  }

  private static boolean isZero(byte[] bytes) {
    int any = 0;
    for (byte each : bytes) {
      any |= each;
    }
    return any == 0;
  }
}
