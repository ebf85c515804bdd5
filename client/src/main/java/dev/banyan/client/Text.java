package dev.banyan.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Texts on their way to a worker, and into messages.
final class Text {

  private static final int SHOWN_CHARS = 200;

  private Text() {}

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
