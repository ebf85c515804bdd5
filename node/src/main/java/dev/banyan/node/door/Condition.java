package dev.banyan.node.door;

import dev.banyan.node.http.HttpExchange;
import dev.banyan.store.Version;
import java.util.Optional;

/// What a conditional request expects to find.
///
/// @param version empty: nothing
record Condition(Optional<Version> version) {

  static Optional<Condition> of(HttpExchange exchange) throws Refusal {
    String match = exchange.header("If-Match");
    String noneMatch = exchange.header("If-None-Match");
    if (match != null && noneMatch != null) {
      throw new Refusal(400, "give If-Match or If-None-Match, not both");
    }
    if (noneMatch != null) {
      if (!noneMatch.strip().equals("*")) {
        throw new Refusal(400, "If-None-Match takes * here: the key must not exist");
      }
      return Optional.of(new Condition(Optional.empty()));
    }
    if (match == null) {
      return Optional.empty();
    }
    String bare = match.strip();
    if (bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    try {
      return Optional.of(new Condition(Optional.of(Version.parse(bare))));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "If-Match: " + e.getMessage());
    }
  }
}
