package dev.banyan.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses JSON (RFC 8259) that somebody else has written: strictly, and never deeper than [#MAX_DEPTH]. How long it may be is
/// for the caller to say. Objects become [JsonObject], arrays lists, numbers [Long] or [Double], null [#NULL].
final class JsonParser {

  static final Object NULL = new Object();
  static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER_CHARS = 64;

  private final String text;
  private int at;

  private JsonParser(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException when it is no JSON
  static Object parse(String text) {
    JsonParser parser = new JsonParser(text);
    Object value = parser.value(0);
    parser.skipBlanks();
    if (parser.at < text.length()) {
      throw parser.wrong("something follows the value");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("it is nested too deep");
    }
    skipBlanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private JsonObject object(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    at++;
    skipBlanks();
    if (peek() == '}') {
      at++;
      return new JsonObject(fields);
    }
    while (true) {
      skipBlanks();
      if (peek() != '"') {
        throw wrong("a name is missing");
      }
      String name = string();
      skipBlanks();
      expect(':');
      fields.put(name, value(depth + 1));
      skipBlanks();
      if (peek() == '}') {
        at++;
        return new JsonObject(fields);
      }
      expect(',');
    }
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    at++;
    skipBlanks();
    if (peek() == ']') {
      at++;
      return items;
    }
    while (true) {
      items.add(value(depth + 1));
      skipBlanks();
      if (peek() == ']') {
        at++;
        return items;
      }
      expect(',');
    }
  }

  private String string() {
    int start = ++at;
    while (isPlain(peek())) {
      at++;
    }
    if (peek() == '"') {
      return text.substring(start, at++);
    }
    StringBuilder built = new StringBuilder(text.substring(start, at));
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c == '\\') {
        built.append(escaped());
      } else if (c < ' ') {
        throw wrong("a control character stands in a text");
      } else {
        built.append(c);
      }
    }
    at++;
    return requirePairs(built.toString());
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c != '"' && c != '\\';
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> throw wrong("there is no such escape");
    };
  }

  private char hex() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw wrong("four hex digits are missing");
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  /// Half a surrogate pair is no text: it has no UTF-8.
  private String requirePairs(String built) {
    for (int i = 0; i < built.length(); i++) {
      char c = built.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < built.length()
          && Character.isLowSurrogate(built.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw wrong("half a surrogate pair stands in a text");
      }
    }
    return built;
  }

  private Number number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.length() > MAX_NUMBER_CHARS
        || !digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      throw wrong("a value is missing");
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      return Double.valueOf(digits);
    }
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("a value is missing");
    }
    at += word.length();
    return value;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong("'" + c + "' is missing");
    }
    at++;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw wrong("it ends too early");
    }
    return text.charAt(at);
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException("not JSON: at character " + at + ", " + why);
  }
}
