package dev.banyan.client;

import dev.banyan.client.UnavailableException.Why;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One exchange with one door over HTTP/1.1. The time limit is on all of it: the JDK's own ends with the headers.
final class DoorHttp {

  /// Of an answer that refuses a stream.
  private static final long MAX_REFUSAL_BYTES = 1 << 16;

  private static final String EVENTS = "text/event-stream";

  private final HttpClient http;

  DoorHttp(Duration connectTimeout) {
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(ProxySelector.of(null)) // A worker's door is on this machine, as a rule.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  void close() {
    http.shutdownNow();
  }

  /// @throws AttemptFailed when there is no answer in time
  Answer send(DoorAddress door, Call call, long limitNanos) throws AttemptFailed {
    BodyHandler<byte[]> body =
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), call.maxAnswerBytes());
    HttpResponse<byte[]> response = exchange(door, call, body, limitNanos);
    return new Answer(door, response.statusCode(), response.headers(), response.body());
  }

  /// What came instead of an answer of limited length.
  private sealed interface Opened {
    record Stream(InputStream body) implements Opened {}

    record Refusal(byte[] body) implements Opened {}
  }

  /// Opens a stream. Nothing of it is read ahead but for a few buffers.
  ///
  /// @throws AttemptFailed when there is no answer in time
  InputStream open(DoorAddress door, Call call, long limitNanos) throws AttemptFailed {
    BodyHandler<Opened> body =
        head ->
            head.statusCode() == 200
                ? BodySubscribers.mapping(BodySubscribers.ofInputStream(), Opened.Stream::new)
                : BodySubscribers.mapping(
                    BodySubscribers.limiting(BodySubscribers.ofByteArray(), MAX_REFUSAL_BYTES),
                    Opened.Refusal::new);
    HttpResponse<Opened> response = exchange(door, call, body, limitNanos);
    return switch (response.body()) {
      case Opened.Stream stream -> {
        String type = response.headers().firstValue("Content-Type").orElse(EVENTS);
        if (!type.startsWith(EVENTS)) {
          close(stream.body());
          throw AttemptFailed.noDoor(door, "it does not answer a watch with events");
        }
        yield stream.body();
      }
      case Opened.Refusal refusal -> {
        new Answer(door, response.statusCode(), response.headers(), refusal.body())
            .requireGranted();
        throw AttemptFailed.noDoor(door, "HTTP status " + response.statusCode());
      }
    };
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // It was to end.
    }
  }

  private <T> HttpResponse<T> exchange(
      DoorAddress door, Call call, BodyHandler<T> body, long limitNanos) throws AttemptFailed {
    CompletableFuture<HttpResponse<T>> response = http.sendAsync(call.to(door), body);
    try {
      return response.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw late(door, true);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new CallInterruptedException(
          "interrupted while the worker at " + door + " had not answered yet");
    } catch (ExecutionException e) {
      throw failed(door, e.getCause() == null ? e : e.getCause());
    }
  }

  private static AttemptFailed late(DoorAddress door, boolean mayBeMade) {
    return new AttemptFailed(
        door,
        Why.LATE,
        "the worker at " + door + " did not answer in time: is it stalled, or is that no door?",
        mayBeMade);
  }

  private static AttemptFailed failed(DoorAddress door, Throwable failure) {
    if (failure instanceof HttpConnectTimeoutException) {
      return late(door, false);
    }
    if (failure instanceof ConnectException && isUnknownHost(failure)) {
      return new AttemptFailed(
          door,
          Why.UNKNOWN_HOST,
          "no worker answers at " + door + " (unknown host): is its name spelled right?",
          false);
    }
    if (failure instanceof ConnectException) {
      return new AttemptFailed(
          door,
          Why.UNREACHABLE,
          "no worker answers at "
              + door
              + " (connection refused): does it run, and is that the address of its door?",
          false);
    }
    return new AttemptFailed(
        door,
        Why.BROKEN,
        "what answers at "
            + door
            + " does not speak HTTP, or hung up: is it a root's or router's port?",
        true);
  }

  private static boolean isUnknownHost(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
