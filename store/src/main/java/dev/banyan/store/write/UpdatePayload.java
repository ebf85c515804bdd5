package dev.banyan.store.write;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.Lamport;
import dev.banyan.store.StoreCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What the payload of an update says, read in place. Big-endian:
///
/// | bytes | meaning |
/// |---|---|
/// | 1 | kind: [PayloadKind#PUT] or [PayloadKind#DELETE] |
/// | 2 | length of the key, 1 to 1024 |
/// | 8 | Lamport time, 1 to 2^62 |
/// | key | UTF-8 |
/// | rest | the value; nothing for a tombstone |
public final class UpdatePayload {

  private static final int KEY_OFFSET = 11;

  private final byte[] bytes;
  private final int valueOffset;
  private final long lamport;

  private UpdatePayload(byte[] bytes, int valueOffset, long lamport) {
    this.bytes = bytes;
    this.valueOffset = valueOffset;
    this.lamport = lamport;
  }

  public static UpdatePayload put(String key, long lamport, Bytes value) {
    return write(PayloadKind.PUT, key, lamport, value);
  }

  public static UpdatePayload delete(String key, long lamport) {
    return write(PayloadKind.DELETE, key, lamport, Bytes.EMPTY);
  }

  private static UpdatePayload write(byte kind, String key, long lamport, Bytes value) {
    byte[] utf8 = Bytes.utf8(key).shared();
    int valueOffset = KEY_OFFSET + utf8.length;
    byte[] bytes = new byte[valueOffset + value.size()];
    ByteBuffer.wrap(bytes).put(kind).putShort((short) utf8.length).putLong(lamport).put(utf8);
    System.arraycopy(value.shared(), 0, bytes, valueOffset, value.size());
    return new UpdatePayload(bytes, valueOffset, lamport);
  }

  /// @throws IllegalArgumentException with one line saying what is wrong
  public static UpdatePayload parse(Bytes payload) {
    byte[] bytes = payload.shared();
    if (bytes.length < KEY_OFFSET + 1) {
      throw new IllegalArgumentException("an update has at least " + (KEY_OFFSET + 1) + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte kind = in.get();
    int keyLength = in.getShort() & 0xffff;
    long lamport = in.getLong();
    int valueSize = bytes.length - KEY_OFFSET - keyLength;
    if (kind != PayloadKind.PUT && kind != PayloadKind.DELETE) {
      throw new IllegalArgumentException("kind " + kind + " is no update");
    }
    if (keyLength == 0 || keyLength > StoreCommand.MAX_KEY_BYTES || valueSize < 0) {
      throw new IllegalArgumentException("a key of " + keyLength + " bytes in " + bytes.length);
    }
    if (lamport < 1 || lamport > Lamport.MAX) {
      throw new IllegalArgumentException("a Lamport time of " + lamport);
    }
    if (valueSize > StoreCommand.MAX_VALUE_BYTES || (kind == PayloadKind.DELETE && valueSize > 0)) {
      throw new IllegalArgumentException("a value of " + valueSize + " bytes");
    }
    return new UpdatePayload(bytes, KEY_OFFSET + keyLength, lamport);
  }

  public Bytes encoded() {
    return Bytes.wrap(bytes);
  }

  public boolean deleted() {
    return bytes[0] == PayloadKind.DELETE;
  }

  public long lamport() {
    return lamport;
  }

  int valueSize() {
    return bytes.length - valueOffset;
  }

  public Bytes value() {
    return Bytes.wrap(Arrays.copyOfRange(bytes, valueOffset, bytes.length));
  }

  public String key() {
    return new String(bytes, KEY_OFFSET, valueOffset - KEY_OFFSET, StandardCharsets.UTF_8);
  }

  boolean sameKey(UpdatePayload other) {
    return Arrays.equals(
        bytes, KEY_OFFSET, valueOffset, other.bytes, KEY_OFFSET, other.valueOffset);
  }
}
