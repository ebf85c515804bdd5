package dev.banyan.node.door;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parts of a request's address. A plus sign is a plus sign: keys may hold one.
record Query(String path, Map<String, String> parameters) {

  /// @param target path and query, percent-encoded
  static Query of(String target) throws Refusal {
    int question = target.indexOf('?');
    Map<String, String> parameters = new LinkedHashMap<>();
    if (question >= 0 && question + 1 < target.length()) {
      for (String pair : target.substring(question + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
          throw new Refusal(400, "the parameter '" + name + "' is given twice");
        }
      }
    }
    return new Query(question < 0 ? target : target.substring(0, question), parameters);
  }

  /// Refuses what would otherwise be ignored without a word.
  ///
  /// @param known all the parameters there are for this address
  Query only(String... known) throws Refusal {
    for (String name : parameters.keySet()) {
      if (!List.of(known).contains(name)) {
        throw new Refusal(
            400,
            "there is no parameter '"
                + name
                + "' here, "
                + (known.length == 0 ? "and no other" : "only " + String.join(", ", known)));
      }
    }
    return this;
  }

  /// What follows a prefix of the path, decoded: a key.
  String rest(String prefix) throws Refusal {
    String key = decode(path.substring(prefix.length()));
    if (key.isEmpty()) {
      throw new Refusal(400, "a key follows " + prefix);
    }
    return key;
  }

  String parameter(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  private static String decode(String text) throws Refusal {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new Refusal(400, "'" + text + "' has a % without two hex digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(
            c); // A byte as it came: what was not percent-encoded may be UTF-8 all the same.
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "'" + text + "' is not UTF-8");
    }
  }
}
