package dev.banyan.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a value, which never change. Text is UTF-8.
public final class Value {

  /// The longest value that a worker takes.
  public static final int MAX_BYTES = 1 << 20;

  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A value of these bytes, which are copied.
  public static Value of(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /// A value of this text in UTF-8.
  public static Value of(String text) {
    return new Value(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A value of bytes that nobody else will change.
  static Value owning(byte[] bytes) {
    return new Value(bytes);
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The bytes themselves, for those who only read them.
  byte[] shared() {
    return bytes;
  }

  /// The bytes, read-only and not copied.
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /// The bytes read as UTF-8; what is none becomes U+FFFD. See [#isText].
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Whether the bytes are UTF-8.
  public boolean isText() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// The number of bytes.
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The text, or the number of bytes where it is long or none.
  @Override
  public String toString() {
    return bytes.length <= 100 && isText() ? Text.shown(text()) : bytes.length + " bytes";
  }
}
