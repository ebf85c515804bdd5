package dev.banyan.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A JSON object that somebody else has written. Asked for what is not there, or is of another kind, it throws
/// [IllegalArgumentException].
record JsonObject(Map<String, Object> fields) {

  static JsonObject parse(String text) {
    return of(JsonParser.parse(text));
  }

  private static JsonObject of(Object value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new IllegalArgumentException("no JSON object");
  }

  Optional<String> optionalText(String name) {
    Object value = fields.get(name);
    return value == null || JsonParser.NULL.equals(value)
        ? Optional.empty()
        : Optional.of(text(name));
  }

  String text(String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no text '" + name + "'");
  }

  /// A whole number; 0 where there is none.
  long number(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /// Whether it is there, and true.
  boolean flag(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  Optional<JsonObject> optionalObject(String name) {
    return Optional.ofNullable(fields.get(name)).map(JsonObject::of);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(name)) {
      if (!(item instanceof String text)) {
        throw new IllegalArgumentException("'" + name + "' has an item that is no text");
      }
      texts.add(text);
    }
    return texts;
  }

  List<JsonObject> objects(String name) {
    return list(name).stream().map(JsonObject::of).toList();
  }

  /// Its fields that are whole numbers.
  Map<String, Long> numbers() {
    Map<String, Long> numbers = new LinkedHashMap<>();
    fields.forEach((name, value) -> {
      if (value instanceof Number number) {
        numbers.put(name, number.longValue());
      }
    });
    return numbers;
  }

  private List<?> list(String name) {
    if (fields.get(name) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("no list '" + name + "'");
  }
}
