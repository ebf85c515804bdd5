package dev.banyan.cli.door;

import com.sun.net.httpserver.HttpExchange;
import dev.banyan.cli.Json;
import dev.banyan.store.StoreOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Watches as server-sent events. A reader that falls behind loses the stream, never the worker its memory.
final class WatchStreams implements AutoCloseable {

  /// @param streams open at the same time
  /// @param events that one stream may be behind
  /// @param bytes of keys and values that one stream may be behind
  /// @param patienceMillis how long a reader that is too far behind has for what is being written, before it is cut off
  record Limits(int streams, int events, long bytes, long patienceMillis) {
    static final Limits DEFAULT = new Limits(256, 4_096, 8L << 20, 5_000);
  }

  /// A comment in this interval shows whether the reader is still there.
  private static final long KEEP_ALIVE_MILLIS = 10_000;

  private final StoreCalls store;
  private final Limits limits;
  private final Semaphore free;
  private final AtomicBoolean closed = new AtomicBoolean();

  WatchStreams(StoreCalls store, Limits limits) {
    this.store = store;
    this.limits = limits;
    this.free = new Semaphore(limits.streams);
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
      throw new Refusal(503, "this door has " + limits.streams + " watches open already: end one");
    }
    WatchQueue queue = new WatchQueue(limits.events, limits.bytes);
    Reader reader = new Reader(Thread.currentThread());
    long watch =
        store.watch(
            name,
            prefix,
            outcome -> {
              if (!queue.offer(outcome)) {
                store.unwatch(outcome.request());
                reader.hurry(limits.patienceMillis);
              }
            });
    try {
      stream(exchange, queue);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reader.done();
      store.unwatch(watch);
      free.release();
    }
  }

  /// The thread that writes to a reader. While the reader takes nothing it is stuck in a write; an interrupt closes the
  /// connection under it, which nothing else does without waiting for that very write.
  private static final class Reader {
    private final Thread thread;
    private boolean done;

    Reader(Thread thread) {
      this.thread = thread;
    }

    void hurry(long patienceMillis) {
      CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS).execute(this::cut);
    }

    private synchronized void cut() {
      if (!done) {
        thread.interrupt();
      }
    }

    synchronized void done() {
      done = true;
    }
  }

  private void stream(HttpExchange exchange, WatchQueue queue)
      throws IOException, InterruptedException, Refusal {
    StoreOutcome next = queue.poll(KEEP_ALIVE_MILLIS);
    if (next instanceof StoreOutcome.Refused refused) {
      throw new Refusal(DoorServer.status(refused), refused.reason());
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (!closed.get()) {
        if (queue.hasOverflown()) {
          write(out, event("overflow", Map.of("error", "events were lost: watch again")));
          return;
        }
        if (next instanceof StoreOutcome.Refused refused) {
          write(out, event("ended", Map.of("error", refused.reason())));
          return;
        }
        write(out, next == null ? ":\n\n" : event(next));
        if (queue.isEmpty()) {
          out.flush();
        }
        next = queue.poll(KEEP_ALIVE_MILLIS);
      }
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
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
          StoreOutcome.Draining _,
          StoreOutcome.Drained _,
          StoreOutcome.Refused _ ->
          event("note", Map.of("text", outcome.toString()));
    };
  }

  private static String event(String name, Object data) {
    return "event: " + name + "\ndata: " + Json.line(data) + "\n\n";
  }
}
