package dev.banyan.node.door;

import dev.banyan.store.Grounds;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the store says, as replies.
final class Answers {

  private Answers() {}

  static Reply of(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Written written -> written(written);
      case StoreOutcome.Value value ->
          stale(
              Reply.bytes(value.value().shared()).with("ETag", etag(value.version())),
              value.stale());
      case StoreOutcome.Absent absent ->
          absent.stale()
              ? notKnown(OutcomeText.staleAbsence(absent.key())).with("Banyan-Stale", "true")
              : absent(absent);
      case StoreOutcome.Unreachable unreachable -> notKnown(OutcomeText.of(unreachable));
      case StoreOutcome.Conflict conflict -> conflict(conflict);
      case StoreOutcome.KeyList list -> Reply.json(200, page(list));
      case StoreOutcome.Revisions revisions -> history(revisions);
      case StoreOutcome.Refused refused -> refused(refused);
      case StoreOutcome.Watching _,
          StoreOutcome.Changed _,
          StoreOutcome.CaughtUp _,
          StoreOutcome.Unwatched _,
          StoreOutcome.Draining _,
          StoreOutcome.Drained _,
          StoreOutcome.Learned _,
          StoreOutcome.Heads _ ->
          throw new IllegalStateException("nobody asked for it here: " + outcome);
    };
  }

  private static Reply absent(StoreOutcome.Absent absent) {
    String line = OutcomeText.absence(absent);
    return switch (absent.grounds()) {
      case Grounds.Trusted _ -> Reply.error(404, line);
      case Grounds.Provisional _ -> absent(line, Map.of("absence", "provisional"));
      case Grounds.Deleted _ -> absent(line, Map.of("absence", "deleted"));
      case Grounds.Confirmed(long since) -> {
        Map<String, String> grounds = new LinkedHashMap<>();
        grounds.put("absence", "confirmed");
        grounds.put("since", Instant.ofEpochMilli(since).toString());
        yield absent(line, grounds);
      }
    };
  }

  private static Reply absent(String line, Map<String, String> grounds) {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("error", line);
    json.putAll(grounds);
    return Reply.json(404, json).with("Banyan-Absence", String.valueOf(grounds.get("absence")));
  }

  static Reply refused(StoreOutcome.Refused refused) {
    return switch (refused.kind()) {
      case INVALID -> Reply.error(400, refused.reason());
      case FULL -> Reply.error(507, "full", refused.reason());
      case STOPPING -> Reply.notYet("stopping", refused.reason());
    };
  }

  /// Whether there is such a key cannot be said: neither that there is none.
  static Reply notKnown(String line) {
    return Reply.notYet("not-known", line);
  }

  private static Reply written(StoreOutcome.Written written) {
    boolean cutOff = !written.connected();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", written.key());
    json.put("version", written.version().toString());
    if (cutOff) {
      json.put("stale", true);
    }
    return stale(Reply.json(200, json).with("ETag", etag(written.version())), cutOff);
  }

  private static Reply conflict(StoreOutcome.Conflict conflict) {
    Optional<Revision> current = conflict.current();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("error", OutcomeText.of(conflict));
    current.ifPresent(revision -> json.put("current", RevisionJson.of(revision)));
    Reply reply = Reply.json(412, json);
    return current.map(revision -> reply.with("ETag", etag(revision.version()))).orElse(reply);
  }

  private static Reply history(StoreOutcome.Revisions revisions) {
    if (revisions.revisions().isEmpty()) {
      return Reply.error(404, "this worker remembers nothing of '" + revisions.key() + "'");
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", revisions.key());
    json.put("revisions", revisions.revisions().stream().map(RevisionJson::of).toList());
    return Reply.json(200, json);
  }

  private static Map<String, Object> page(StoreOutcome.KeyList list) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("keys", list.keys());
    json.put("more", list.more());
    return json;
  }

  private static Reply stale(Reply reply, boolean stale) {
    return stale ? reply.with("Banyan-Stale", "true") : reply;
  }

  private static String etag(Version version) {
    return "\"" + version + "\"";
  }
}
