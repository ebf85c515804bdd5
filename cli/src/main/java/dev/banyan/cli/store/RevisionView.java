package dev.banyan.cli.store;

import dev.banyan.client.Revision;
import dev.banyan.client.Value;
import dev.banyan.node.text.SafeText;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A revision as a line for people, and as the door's JSON.
final class RevisionView {

  private RevisionView() {}

  static String of(Revision revision) {
    String what = revision.value().map(RevisionView::of).orElse("(deleted)");
    return revision.version() + "  " + what;
  }

  private static String of(Value value) {
    return value.isText() ? SafeText.escaped(value.text()) : "base64:" + base64(value);
  }

  /// The same for machines, as the door writes it.
  static Map<String, Object> json(Revision revision) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", revision.key());
    json.put("version", revision.version().text());
    json.put("writer", revision.writer());
    revision
        .value()
        .ifPresentOrElse(value -> putValue(json, value), () -> json.put("deleted", true));
    return json;
  }

  /// Text as `value`, anything else as `valueBase64`.
  static void putValue(Map<String, Object> json, Value value) {
    if (value.isText()) {
      json.put("value", value.text());
    } else {
      json.put("valueBase64", base64(value));
    }
  }

  private static String base64(Value value) {
    return Base64.getEncoder().encodeToString(value.bytes());
  }
}
