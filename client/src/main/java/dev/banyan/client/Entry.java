package dev.banyan.client;

/// What a read found.
///
/// @param version names the write that made this value; see [Condition#ifVersion]
/// @param stale the worker was cut off from the tree, or away for long: there may be a newer value elsewhere
public record Entry(String key, Value value, Version version, boolean stale) {

  /// The value as text; see [Value#text].
  public String text() {
    return value.text();
  }

  /// A copy of the value's bytes.
  public byte[] bytes() {
    return value.bytes();
  }
}
