package dev.banyan.client;

import java.util.Optional;

/// One write of a key: a value, or that the key was deleted.
///
/// @param writer the id of the worker that made it
/// @param value empty when the key was deleted
public record Revision(String key, Version version, String writer, Optional<Value> value) {

  /// Whether this write deleted the key.
  public boolean deleted() {
    return value.isEmpty();
  }

  /// The value as text; empty text when the key was deleted.
  public String text() {
    return value.map(Value::text).orElse("");
  }
}
