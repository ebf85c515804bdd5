package dev.banyan.cli.door;

import com.sun.net.httpserver.HttpExchange;
import dev.banyan.cli.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the door answers to one request.
///
/// @param headers beside `Content-Type`
record Reply(int status, String type, byte[] body, Map<String, String> headers) {

  private static final String JSON = "application/json; charset=utf-8";

  static Reply json(int status, Object value) {
    return new Reply(
        status, JSON, (Json.line(value) + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply bytes(byte[] body) {
    return new Reply(200, "application/octet-stream", body, Map.of());
  }

  /// A refusal: one line that says what, why, and what to do.
  static Reply error(int status, String line) {
    return json(status, Map.of("error", line));
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, type, body, more);
  }

  void send(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    headers.forEach(exchange.getResponseHeaders()::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
