package dev.banyan.client;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.Map;

/// A request to whichever door answers.
///
/// @param path with its query, percent-encoded
/// @param maxAnswerBytes a longer answer is no door's
record Call(
    String method,
    String path,
    BodyPublisher body,
    Map<String, String> headers,
    long maxAnswerBytes) {

  /// A value, or a short answer, and no more than a little beyond.
  private static final long MAX_VALUE_ANSWER = Value.MAX_BYTES + (1 << 16);

  static Call get(String path) {
    return new Call("GET", path, BodyPublishers.noBody(), Map.of(), MAX_VALUE_ANSWER);
  }

  /// @param maxBytes how long its answer may be
  static Call get(String path, long maxBytes) {
    return new Call("GET", path, BodyPublishers.noBody(), Map.of(), maxBytes);
  }

  static Call put(String path, byte[] value) {
    return new Call("PUT", path, BodyPublishers.ofByteArray(value), Map.of(), MAX_CONFLICT_ANSWER);
  }

  static Call delete(String path) {
    return new Call("DELETE", path, BodyPublishers.noBody(), Map.of(), MAX_CONFLICT_ANSWER);
  }

  /// A refused write is answered with the revision that is there, as JSON: six characters for a byte at worst.
  private static final long MAX_CONFLICT_ANSWER = 6 * MAX_VALUE_ANSWER;

  Call with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Call(method, path, body, more, maxAnswerBytes);
  }

  boolean writes() {
    return !method.equals("GET");
  }

  HttpRequest to(DoorAddress door) {
    HttpRequest.Builder request = HttpRequest.newBuilder(door.uri(path)).method(method, body);
    headers.forEach(request::header);
    return request.build();
  }
}
