package dev.banyan.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Immutable bytes whose meaning this layer does not know. Whoever wraps an array gives it up: it must not be written
/// to afterwards.
public final class Bytes {

  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /// Takes the array over, without a copy.
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return array.length;
  }

  public byte at(int index) {
    return array[index];
  }

  /// The bytes themselves, shared: read only.
  public byte[] shared() {
    return array;
  }

  public String asUtf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return "Bytes[" + array.length + "]";
  }
}
