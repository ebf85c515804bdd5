package dev.banyan.node.door;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A revision as the door's JSON has it: a value that is text as `value`, any other as `valueBase64`, a deletion as
/// `deleted: true`.
final class RevisionJson {

  private static final int PIECE_CHARS = 1 << 10;

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

  /// Writes the same a piece at a time, so that a value is never there twice.
  static void write(Revision revision, OutputStream out) throws IOException {
    try (JsonGenerator json = Json.writer(out)) {
      json.writeStartObject();
      json.writeStringField("key", revision.key());
      json.writeStringField("version", revision.version().toString());
      json.writeStringField("writer", revision.version().writer().toString());
      if (revision.value().isEmpty()) {
        json.writeBooleanField("deleted", true);
      } else {
        writeValue(revision.value().get().shared(), json);
      }
      json.writeEndObject();
    }
  }

  private static void writeValue(byte[] value, JsonGenerator json) throws IOException {
    if (isText(value)) {
      json.writeFieldName("value");
      json.writeString(
          new InputStreamReader(new ByteArrayInputStream(value), StandardCharsets.UTF_8), -1);
    } else {
      json.writeFieldName("valueBase64");
      json.writeBinary(new ByteArrayInputStream(value), value.length);
    }
  }

  private static boolean isText(byte[] value) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(value);
    CharBuffer piece = CharBuffer.allocate(PIECE_CHARS);
    CoderResult result;
    do {
      piece.clear();
      result = decoder.decode(bytes, piece, true);
    } while (result.isOverflow());
    return !result.isError();
  }
}
