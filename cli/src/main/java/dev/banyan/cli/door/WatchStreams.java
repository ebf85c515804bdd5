package dev.banyan.cli.door;

import com.sun.net.httpserver.HttpExchange;
import dev.banyan.cli.Json;
import dev.banyan.store.StoreOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Watches as server-sent events. A reader that falls behind loses the stream, never the worker its memory.
final class WatchStreams implements AutoCloseable {

  private static final int MAX_STREAMS = 256;
  private static final int QUEUED_EVENTS = 4_096;

  /// A comment in this interval shows whether the reader is still there.
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final StoreCalls store;
  private final Semaphore free = new Semaphore(MAX_STREAMS);
  private final AtomicBoolean closed = new AtomicBoolean();

  WatchStreams(StoreCalls store) {
    this.store = store;
  }

  @Override
  public void close() {
    closed.set(true);
  }

  void serve(HttpExchange exchange, Query query) throws IOException, Refusal {
    boolean prefix = query.parameters().containsKey("prefix");
    String name = query.parameter(prefix ? "prefix" : "key", "");
    if (prefix == query.parameters().containsKey("key") || (!prefix && name.isEmpty())) {
      throw new Refusal(
          400, "give either key=KEY or prefix=PREFIX; the empty prefix means everything");
    }
    if (!free.tryAcquire()) {
      throw new Refusal(503, "this door has " + MAX_STREAMS + " watches open already: end one");
    }
    BlockingQueue<StoreOutcome> queue = new ArrayBlockingQueue<>(QUEUED_EVENTS);
    AtomicBoolean overflow = new AtomicBoolean();
    long watch =
        store.watch(
            name,
            prefix,
            outcome -> {
              if (!queue.offer(outcome)) {
                overflow.set(true);
              }
            });
    try {
      stream(exchange, queue, overflow);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      store.unwatch(watch);
      free.release();
    }
  }

  private void stream(
      HttpExchange exchange, BlockingQueue<StoreOutcome> queue, AtomicBoolean overflow)
      throws IOException, InterruptedException, Refusal {
    StoreOutcome first = queue.poll(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    if (first instanceof StoreOutcome.Refused refused) {
      throw new Refusal(400, refused.reason());
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      StoreOutcome outcome = first;
      while (!closed.get()) {
        out.write((outcome == null ? ":\n\n" : event(outcome)).getBytes(StandardCharsets.UTF_8));
        if (queue.isEmpty()) {
          out.flush();
          if (overflow.get()) {
            out.write(
                event("overflow", Map.of("error", "events were lost: watch again"))
                    .getBytes(StandardCharsets.UTF_8));
            return;
          }
        }
        outcome = queue.poll(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  private static String event(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Changed changed ->
          "id: "
              + changed.revision().version()
              + "\n"
              + event(
                  changed.revision().deleted() ? "delete" : "put",
                  RevisionJson.of(changed.revision()));
      case StoreOutcome.Watching watching -> event("watching", Map.of("values", watching.values()));
      case StoreOutcome.CaughtUp _ -> event("caught-up", Map.of());
      case StoreOutcome.Written _,
          StoreOutcome.Value _,
          StoreOutcome.Absent _,
          StoreOutcome.Unreachable _,
          StoreOutcome.Conflict _,
          StoreOutcome.Unwatched _,
          StoreOutcome.KeyList _,
          StoreOutcome.Revisions _,
          StoreOutcome.Refused _ ->
          event("note", Map.of("text", outcome.toString()));
    };
  }

  private static String event(String name, Object data) {
    return "event: " + name + "\ndata: " + Json.line(data) + "\n\n";
  }
}
