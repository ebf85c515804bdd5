package dev.banyan.cli.door;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.cli.Json;
import dev.banyan.cli.UserError;
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
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(70);

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

  /// Writes a value.
  ///
  /// @return the version it got
  public String put(String key, byte[] value, Optional<Expected> expected) {
    if (value.length > StoreCommand.MAX_VALUE_BYTES) {
      throw UserError.failed(
          "a value has at most "
              + StoreCommand.MAX_VALUE_BYTES
              + " bytes, this one "
              + value.length
              + ": split it over several keys");
    }
    HttpRequest.Builder request = request(keyPath(key)).PUT(BodyPublishers.ofByteArray(value));
    return version(send(conditional(request, expected)));
  }

  /// Deletes a key.
  ///
  /// @return the version of the tombstone
  public String delete(String key, Optional<Expected> expected) {
    return version(send(conditional(request(keyPath(key)).DELETE(), expected)));
  }

  /// Reads a key.
  ///
  /// @return empty when it is absent
  public Optional<Found> get(String key) {
    HttpResponse<byte[]> response = exchange(request(keyPath(key)).GET().build());
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
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/watch?" + (prefix ? "prefix=" : "key=") + encode(name)))
            .GET()
            .build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
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

  private byte[] send(HttpRequest request) {
    HttpResponse<byte[]> response = exchange(request);
    checked(response.statusCode(), response.body());
    return response.body();
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
      // What answers there is not a door; the line below says so.
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
      return UserError.failed("the worker at " + door + " did not answer in time: is it stalled?");
    }
    return UserError.failed(
        "the connection to the worker at " + door + " broke: " + e.getMessage());
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

  private static String version(byte[] body) {
    return Json.parse(text(body)).path("version").asText();
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// Loopback is never behind a proxy, whatever the system's settings say.
  private static final class NoProxy {
    static final ProxySelector SELECTOR = ProxySelector.of(null);
  }
}
