package dev.banyan.client;

import java.util.Map;
import java.util.Optional;

/// How a worker is.
///
/// @param worker its id
/// @param connected whether it is in the tree; if not, it may miss writes of others
/// @param trouble why it is not, if it says so
/// @param parent the id of the node above it
/// @param depth how many links are between it and the root
/// @param congested whether more waits for its parent than the link takes
/// @param keys how many it holds, deleted ones that it remembers among them
/// @param interests why it wants what it wants
/// @param counters what it has counted, by name
/// @param json all that it says, as one line of JSON
public record Status(
    String worker,
    boolean connected,
    Optional<String> trouble,
    Optional<String> parent,
    int depth,
    boolean congested,
    long keys,
    Interests interests,
    Map<String, Long> counters,
    String json) {

  public Status {
    counters = Map.copyOf(counters);
  }

  /// What a worker says of itself, as JSON.
  ///
  /// @throws IllegalArgumentException when no worker says that
  public static Status parse(String text) {
    JsonObject json = JsonObject.parse(text);
    JsonObject interests = json.optionalObject("interests").orElse(new JsonObject(Map.of()));
    return new Status(
        json.text("node"),
        json.flag("connected"),
        json.optionalText("trouble"),
        json.optionalText("parent"),
        (int) json.number("depth"),
        json.flag("congested"),
        json.number("keys"),
        new Interests(
            interests.number("learned"),
            interests.number("explicit"),
            interests.flag("everything")),
        json.optionalObject("counters").map(JsonObject::numbers).orElse(Map.of()),
        text);
  }

  /// Why a worker wants what it wants.
  ///
  /// @param learned how many keys it wants because they were used
  /// @param explicit how many keys and prefixes it wants because somebody watches them
  /// @param everything whether it wants everything
  public record Interests(long learned, long explicit, boolean everything) {}
}
