package dev.banyan.node.door;

import dev.banyan.node.http.HttpExchange;
import dev.banyan.node.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the door answers to one request.
///
/// @param headers beside `Content-Type`
/// @param sent done when the client has taken it, or has gone
record Reply(int status, String type, byte[] body, Map<String, String> headers, Runnable sent) {

  private static final String JSON = "application/json; charset=utf-8";

  static Reply json(int status, Object value) {
    return new Reply(
        status,
        JSON,
        (Json.line(value) + "\n").getBytes(StandardCharsets.UTF_8),
        Map.of(),
        () -> {});
  }

  static Reply bytes(byte[] body) {
    return new Reply(200, "application/octet-stream", body, Map.of(), () -> {});
  }

  /// A refusal: one line that says what, why, and what to do.
  static Reply error(int status, String line) {
    return json(status, Map.of("error", line));
  }

  /// A refusal of a kind that its status alone does not tell.
  static Reply error(int status, String code, String line) {
    Map<String, String> json = new LinkedHashMap<>();
    json.put("error", line);
    json.put("code", code);
    return json(status, json);
  }

  /// The worker's answer will be another one soon.
  static Reply notYet(String code, String line) {
    return error(503, code, line).with("Retry-After", "1");
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, type, body, more, sent);
  }

  Reply whenSent(Runnable then) {
    return new Reply(status, type, body, headers, then);
  }

  void send(HttpExchange exchange) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Content-Type", type);
    all.put("X-Content-Type-Options", "nosniff");
    all.put("Cache-Control", "no-store");
    all.putAll(headers);
    try {
      exchange.answer(status, all, body, sent);
    } catch (IOException | RuntimeException e) {
      sent.run();
      throw e;
    }
  }
}
