package dev.banyan.client;

import java.util.Base64;
import java.util.Optional;

/// Revisions as a door writes them.
final class Revisions {

  private Revisions() {}

  /// @throws IllegalArgumentException when it is none
  static Revision of(JsonObject json) {
    return new Revision(
        json.text("key"),
        new Version(json.text("version")),
        json.optionalText("writer").orElse(""),
        json.flag("deleted") ? Optional.empty() : Optional.of(value(json)));
  }

  private static Value value(JsonObject json) {
    Optional<String> encoded = json.optionalText("valueBase64");
    Value value =
        encoded.isPresent()
            ? Value.owning(Base64.getDecoder().decode(encoded.get()))
            : Value.of(json.text("value"));
    if (value.size() > Value.MAX_BYTES) {
      throw new IllegalArgumentException("a value of " + value.size() + " bytes");
    }
    return value;
  }
}
