package dev.banyan.client;

import dev.banyan.client.UnavailableException.Why;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// What a door has answered to a request.
record Answer(DoorAddress door, int status, HttpHeaders headers, byte[] body) {

  boolean isStale() {
    return headers.firstValue("Banyan-Stale").isPresent();
  }

  /// The version in the `ETag`.
  ///
  /// @throws IllegalArgumentException when there is none
  Version version() {
    return new Version(headers.firstValue("ETag").orElse("").replace("\"", ""));
  }

  /// The body as a JSON object.
  ///
  /// @throws IllegalArgumentException when it is none
  JsonObject json() {
    return JsonObject.parse(text());
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// Whether it says that there is no such key. The same status of anything but a door says nothing.
  boolean isAbsent() throws AttemptFailed {
    if (status != 404) {
      return false;
    }
    error();
    return true;
  }

  /// On whose word a key is [absent][#isAbsent].
  ///
  /// @throws IllegalArgumentException when that makes no sense
  Assurance assurance() {
    JsonObject json = json();
    return switch (json.optionalText("absence").orElse("")) {
      case "provisional" -> new Assurance(Assurance.Kind.PROVISIONAL, Optional.empty());
      case "confirmed" ->
          new Assurance(Assurance.Kind.CONFIRMED, json.optionalText("since").map(Answer::instant));
      case "deleted" -> new Assurance(Assurance.Kind.DELETED, Optional.empty());
      default -> Assurance.TRUSTED;
    };
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + text + "' is no time", e);
    }
  }

  /// Returns if the request was granted.
  ///
  /// @throws BanyanException when the door refuses it
  /// @throws AttemptFailed when another door may grant it
  void requireGranted() throws AttemptFailed {
    if (status == 200) {
      return;
    }
    JsonObject error = error();
    String line = error.text("error");
    switch (status) {
      case 400, 404, 405, 413, 414, 431 -> throw new BadRequestException(line);
      case 403, 421 -> throw new RefusedException(line);
      case 412 -> throw new ConditionFailedException(line, current(error));
      case 507 -> throw new StoreFullException(line);
      case 408 -> throw new AttemptFailed(door, Why.LATE, line, false);
      case 503 -> throw unavailable(error.optionalText("code").orElse(""), line);
      case 504 -> throw new AttemptFailed(door, Why.LATE, line, true);
      case 500 -> throw new AttemptFailed(door, Why.FAILED, line, true);
      default -> throw noDoor();
    }
  }

  private AttemptFailed unavailable(String code, String line) {
    if (code.equals("not-known")) {
      throw new NotKnownException(line);
    }
    return new AttemptFailed(door, Why.BUSY, line, code.equals("stopping"));
  }

  private Optional<Revision> current(JsonObject error) throws AttemptFailed {
    try {
      return error.optionalObject("current").map(Revisions::of);
    } catch (IllegalArgumentException e) {
      throw noDoor();
    }
  }

  private JsonObject error() throws AttemptFailed {
    try {
      JsonObject json = json();
      json.text("error");
      return json;
    } catch (IllegalArgumentException e) {
      throw noDoor();
    }
  }

  private AttemptFailed noDoor() {
    return AttemptFailed.noDoor(door, "HTTP status " + status);
  }
}
