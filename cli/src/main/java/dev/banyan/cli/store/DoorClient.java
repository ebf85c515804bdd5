package dev.banyan.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.store.StoreCommand;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// A client of a worker's door. Every failure is a [UserError] of one line.
public final class DoorClient implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /// Longer than a door waits for its worker.
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(25);

  /// Longer than a door gives a read by itself.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(8);

  /// How much longer than told a door may take.
  private static final Duration DOOR_MARGIN = Duration.ofSeconds(1);

  /// A value and where it came from.
  ///
  /// @param stale the worker may have missed newer ones
  public record Found(byte[] value, String version, boolean stale) {}

  private final Address door;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(NoProxy.SELECTOR)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /// @throws IllegalArgumentException when its host cannot be part of a URL, with one line that says what to do
  public DoorClient(Address door) {
    this.door = door;
    if (!isUrlHost(door)) {
      throw new IllegalArgumentException(
          "'"
              + door.host()
              + "' cannot be the host of a URL (letters, digits, hyphens and dots only): give its IP address instead");
    }
  }

  private static boolean isUrlHost(Address door) {
    try {
      return new URI("http://" + door).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /// What a write must find, or it is not made.
  ///
  /// @param version empty: the key must not exist
  public record Expected(Optional<String> version) {}

  /// A write that was made.
  ///
  /// @param cutOff the worker is cut off: others hear of it later
  public record Written(String version, boolean cutOff) {}

  /// Writes a value.
  public Written put(String key, byte[] value, Optional<Expected> expected) {
    if (value.length > StoreCommand.MAX_VALUE_BYTES) {
      throw UserError.failed(
          "a value has at most "
              + StoreCommand.MAX_VALUE_BYTES
              + " bytes, this one "
              + value.length
              + ": split it over several keys");
    }
    HttpRequest.Builder request = request(keyPath(key)).PUT(BodyPublishers.ofByteArray(value));
    return written(conditional(request, expected));
  }

  /// Deletes a key.
  public Written delete(String key, Optional<Expected> expected) {
    return written(conditional(request(keyPath(key)).DELETE(), expected));
  }

  /// Reads a key, within the time a door gives by itself.
  ///
  /// @return empty when it is absent
  public Optional<Found> get(String key) {
    return found(exchange(request(keyPath(key)).timeout(READ_TIMEOUT).GET().build()));
  }

  /// Reads a key.
  ///
  /// @param timeout how long other workers may take
  /// @return empty when it is absent
  public Optional<Found> get(String key, Duration timeout) {
    String path = keyPath(key) + "?timeout=" + Math.max(1, timeout.toMillis()) + "ms";
    return found(exchange(request(path).timeout(timeout.plus(DOOR_MARGIN)).GET().build()));
  }

  private Optional<Found> found(HttpResponse<byte[]> response) {
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    checked(response.statusCode(), response.body());
    String etag = response.headers().firstValue("ETag").orElse("");
    return Optional.of(
        new Found(
            response.body(),
            etag.replace("\"", ""),
            response.headers().firstValue("Banyan-Stale").isPresent()));
  }

  /// One page of keys: `keys` and whether there is `more`.
  public JsonNode keys(String prefix, String after) {
    return json(request("/v1/keys?prefix=" + encode(prefix) + "&after=" + encode(after)));
  }

  /// The remembered revisions of a key; empty when there is none.
  public Optional<JsonNode> history(String key) {
    HttpResponse<byte[]> response = exchange(request("/v1/history/" + encode(key)).GET().build());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    checked(response.statusCode(), response.body());
    return Optional.of(Json.parse(text(response.body())));
  }

  /// The key's tags, and what else `GET /v1/tags/KEY` tells.
  public JsonNode tags(String key) {
    return json(request("/v1/tags/" + encode(key)));
  }

  public JsonNode status() {
    return json(request("/v1/status"));
  }

  /// Everything the worker holds.
  public JsonNode replica() {
    return json(request("/v1/replica"));
  }

  /// Opens a stream of changes.
  public InputStream watch(String name, boolean prefix) {
    return watch(name, prefix, "");
  }

  /// Opens a stream of changes.
  ///
  /// @param lastId that of the last event seen of such a stream; empty to begin
  public InputStream watch(String name, boolean prefix, String lastId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/v1/watch?" + (prefix ? "prefix=" : "key=") + encode(name)));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    try {
      HttpResponse<InputStream> response =
          http.send(request.GET().build(), BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        checked(response.statusCode(), response.body().readAllBytes());
      }
      return response.body();
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private JsonNode json(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = exchange(request.GET().build());
    checked(response.statusCode(), response.body());
    return Json.parse(text(response.body()));
  }

  private Written written(HttpRequest request) {
    HttpResponse<byte[]> response = exchange(request);
    checked(response.statusCode(), response.body());
    return new Written(
        Json.parse(text(response.body())).path("version").asText(),
        response.headers().firstValue("Banyan-Stale").isPresent());
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void checked(int status, byte[] body) {
    if (status == 412) {
      throw UserError.conflict(reason(status, body));
    }
    if (status / 100 != 2) {
      throw UserError.failed(reason(status, body));
    }
  }

  private String reason(int status, byte[] body) {
    try {
      JsonNode error = Json.parse(text(body)).get("error");
      if (error != null) {
        return error.asText();
      }
    } catch (IllegalArgumentException e) {
      // What answers there is no door; the line below says so.
    }
    return "what answers at " + door + " is no worker's door (HTTP status " + status + ")";
  }

  private UserError unreachable(IOException e) {
    if (e instanceof ConnectException && isUnknownHost(e)) {
      return UserError.failed(
          "no worker answers at " + door + " (unknown host): check --door or BANYAN_DOOR");
    }
    if (e instanceof ConnectException) {
      return UserError.failed(
          "no worker answers at "
              + door
              + " (connection refused): start one with 'banyan worker --root HOST:PORT', or name its door with --door"
              + " or BANYAN_DOOR");
    }
    if (e instanceof HttpTimeoutException) {
      return UserError.failed(
          "the worker at " + door + " did not answer in time: is it stalled, or is that no door?");
    }
    return UserError.failed(
        "what answers at "
            + door
            + " does not speak HTTP, or hung up: is it a root's or router's port? --door and BANYAN_DOOR take the"
            + " address that a worker prints as that of its door");
  }

  private static boolean isUnknownHost(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static UserError interrupted() {
    Thread.currentThread().interrupt();
    return UserError.failed("interrupted");
  }

  private static HttpRequest conditional(HttpRequest.Builder request, Optional<Expected> expected) {
    expected.ifPresent(condition -> {
      if (condition.version().isPresent()) {
        request.header("If-Match", "\"" + condition.version().get() + "\"");
      } else {
        request.header("If-None-Match", "*");
      }
    });
    return request.build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(ANSWER_TIMEOUT);
  }

  private URI uri(String path) {
    return URI.create("http://" + door + path);
  }

  private static String keyPath(String key) {
    if (key.isEmpty()) {
      throw UserError.usage("a key has at least one character");
    }
    return "/v1/keys/" + encode(key);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// Loopback is never behind a proxy, whatever the system's settings say.
  private static final class NoProxy {
    static final ProxySelector SELECTOR = ProxySelector.of(null);
  }
}
