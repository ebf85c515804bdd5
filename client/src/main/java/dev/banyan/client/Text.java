package dev.banyan.client;

import java.net.URLEncoder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Texts on their way to a worker, and into messages.
final class Text {

  static final int MAX_KEY_BYTES = 1024;
  private static final int SHOWN_CHARS = 200;

  private Text() {}

  /// @throws BadRequestException when it cannot be a key
  static String requireKey(String key) {
    if (key.isEmpty()) {
      throw new BadRequestException("a key has at least one character");
    }
    return requireLength("key", key);
  }

  /// @throws BadRequestException when it cannot be the beginning of a key
  static String requirePrefix(String prefix) {
    return requireLength("prefix", prefix);
  }

  private static String requireLength(String what, String text) {
    int bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text)).remaining();
    } catch (CharacterCodingException e) {
      throw new BadRequestException(
          "'" + shown(text) + "' is no " + what + ": half of a surrogate pair has no UTF-8");
    }
    if (bytes > MAX_KEY_BYTES) {
      throw new BadRequestException(
          "a " + what + " has at most " + MAX_KEY_BYTES + " bytes of UTF-8");
    }
    return text;
  }

  static byte[] requireValue(byte[] value) {
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

  static String percentEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// What others wrote, for a message: one line, not long.
  static String shown(String text) {
    String cut = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "…" : text;
    StringBuilder line = new StringBuilder(cut.length());
    cut.chars()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            line.append(String.format("\\u%04x", c));
          } else {
            line.append((char) c);
          }
        });
    return line.toString();
  }
}
