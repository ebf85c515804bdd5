package dev.banyan.cli.door;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A revision as the door's JSON has it: a value that is text as `value`, any other as `valueBase64`, a deletion as
/// `deleted: true`.
final class RevisionJson {

  private RevisionJson() {}

  static Map<String, Object> of(Revision revision) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", revision.key());
    json.put("version", revision.version().toString());
    json.put("writer", revision.version().writer().toString());
    if (revision.value().isPresent()) {
      putValue(json, revision.value().get());
    } else {
      json.put("deleted", true);
    }
    return json;
  }

  private static void putValue(Map<String, Object> json, Bytes value) {
    try {
      json.put(
          "value",
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.shared())).toString());
    } catch (CharacterCodingException e) {
      json.put("valueBase64", Base64.getEncoder().encodeToString(value.shared()));
    }
  }
}
