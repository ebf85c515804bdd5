package dev.banyan.client;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What may be handed to the calls of a [Banyan]. For those who implement it: all refuse the same, in the same words, before
/// anything is done.
public final class Arguments {

  /// The longest key, in bytes of UTF-8.
  public static final int MAX_KEY_BYTES = 1024;

  private static final Duration LEAST_PATIENCE = Duration.ofMillis(1);
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(1);

  private Arguments() {}

  /// @return the key
  /// @throws BadRequestException when it cannot be one
  public static String requireKey(String key) {
    if (key.isEmpty()) {
      throw new BadRequestException("a key has at least one character");
    }
    return requireLength("key", key);
  }

  /// @return the prefix
  /// @throws BadRequestException when it cannot be the beginning of a key
  public static String requirePrefix(String prefix) {
    return requireLength("prefix", prefix);
  }

  private static String requireLength(String what, String text) {
    int bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new BadRequestException(
          "'" + Text.shown(text) + "' is no " + what + ": half of a surrogate pair has no UTF-8");
    }
    if (bytes > MAX_KEY_BYTES) {
      throw new BadRequestException(
          "a " + what + " has at most " + MAX_KEY_BYTES + " bytes of UTF-8");
    }
    return text;
  }

  /// @return the value
  /// @throws BadRequestException when it is too long
  public static byte[] requireValue(byte[] value) {
    if (value.length > Value.MAX_BYTES) {
      throw new BadRequestException(
          "a value has at most "
              + Value.MAX_BYTES
              + " bytes, this one "
              + value.length
              + ": split it over several keys");
    }
    return value;
  }

  /// @return how long a read may take
  /// @throws BadRequestException when it cannot be that long
  public static Duration requirePatience(Duration patience) {
    if (patience.compareTo(LEAST_PATIENCE) < 0 || patience.compareTo(MOST_PATIENCE) > 0) {
      throw new BadRequestException("patience: a millisecond to a minute, not " + patience);
    }
    return patience;
  }

  /// @return how many keys a page may have
  /// @throws BadRequestException when it cannot have so many
  public static int requireLimit(int limit) {
    if (limit < 1 || limit > KeyPage.MAX_KEYS) {
      throw new BadRequestException("limit: 1 to " + KeyPage.MAX_KEYS + ", not " + limit);
    }
    return limit;
  }
}
