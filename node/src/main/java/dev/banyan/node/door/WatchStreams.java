package dev.banyan.node.door;

import dev.banyan.node.door.WatchSubscription.End;
import dev.banyan.node.door.WatchSubscription.Subject;
import dev.banyan.node.http.HttpExchange;
import dev.banyan.node.text.Json;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Watches as server-sent events. A reader that falls behind loses the stream, never the worker its memory. One whose
/// connection broke can go on where it was (`Last-Event-ID`), for a while.
final class WatchStreams implements AutoCloseable {

  /// @param streams open at the same time
  /// @param bytes of memory for what all of them have still to tell, and for what readers may come back to
  /// @param patienceMillis how long a reader that is too far behind has for what is being written, before it is cut off
  /// @param lingerMillis how long a watch is kept for a reader that has gone
  record Limits(int streams, long bytes, long patienceMillis, long lingerMillis) {

    private static final long LEAST_BYTES = 4L << 20;
    private static final long LEAST_WINDOW_BYTES = 4L << 10;
    private static final long MOST_WINDOW_BYTES = 256L << 10;

    static Limits ofThisProcess() {
      long heap = Runtime.getRuntime().maxMemory();
      return new Limits(256, Math.max(LEAST_BYTES, heap / 16), 5_000, 30_000);
    }

    /// How much the store may tell a reader ahead: so much that all readers together stay within half of the memory, but
    /// for the last value of each.
    long windowBytes() {
      return Math.clamp(bytes / 2 / streams, LEAST_WINDOW_BYTES, MOST_WINDOW_BYTES);
    }
  }

  /// A comment in this interval shows whether the reader is still there.
  private static final long KEEP_ALIVE_MILLIS = 10_000;

  private final StoreCalls store;
  private final Limits limits;
  private final WatchBudget budget;

  /// Of this door's life: names given by another one mean nothing here.
  private final String life = Long.toHexString(System.nanoTime() ^ ProcessHandle.current().pid());

  private final Map<String, WatchSubscription> open = new LinkedHashMap<>();
  private long names;
  private boolean closed;

  WatchStreams(StoreCalls store, Limits limits) {
    this.store = store;
    this.limits = limits;
    this.budget = new WatchBudget(limits.bytes);
  }

  /// Ends all streams, with an event that says why.
  @Override
  public void close() {
    synchronized (open) {
      closed = true;
      open.values().forEach(subscription -> subscription.end(End.STOPPING));
    }
  }

  void serve(HttpExchange exchange, Query query) throws IOException, Refusal {
    boolean prefix = query.parameters().containsKey("prefix");
    String name = query.parameter(prefix ? "prefix" : "key", "");
    if (prefix == query.parameters().containsKey("key") || (!prefix && name.isEmpty())) {
      throw new Refusal(
          400, "give either key=KEY or prefix=PREFIX; the empty prefix means everything");
    }
    Subject subject = new Subject(name, prefix);
    String lastId = exchange.header("Last-Event-ID");
    Optional<WatchSubscription> resumed =
        lastId == null ? Optional.empty() : resumed(lastId, subject, exchange);
    String first = lastId == null ? "" : beginning(lastId, resumed.isPresent());
    WatchSubscription subscription = resumed.orElseGet(() -> opened(subject));
    if (resumed.isEmpty()) {
      register(subscription, exchange);
      start(subscription);
    }
    boolean over = true;
    try {
      over = stream(exchange, subscription, first);
    } catch (IOException e) {
      over = false; // The reader has gone, and may come back.
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      left(subscription, exchange, over);
    }
  }

  private static String beginning(String lastId, boolean resumed) {
    return resumed
        ? event("resumed", Map.of("after", lastId))
        : event(
            "restarted",
            Map.of(
                "reason",
                "this door does not remember what came after "
                    + lastId
                    + ": all that is there now is told again, and deletions made meanwhile are not"));
  }

  private Optional<WatchSubscription> resumed(
      String lastId, Subject subject, HttpExchange exchange) {
    int dash = lastId.lastIndexOf('-');
    long number;
    try {
      number = Long.parseLong(lastId.substring(dash + 1));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    synchronized (open) {
      WatchSubscription subscription = open.get(lastId.substring(0, Math.max(0, dash)));
      if (subscription == null
          || !subscription.subject.equals(subject)
          || !subscription.queue.resumeAfter(number, exchange)) {
        return Optional.empty();
      }
      subscription.attach(exchange);
      return Optional.of(subscription);
    }
  }

  private WatchSubscription opened(Subject subject) {
    synchronized (open) {
      return new WatchSubscription(life + "." + ++names, subject, new WatchQueue(budget));
    }
  }

  private void register(WatchSubscription subscription, HttpExchange exchange) throws Refusal {
    Optional<WatchSubscription> evicted = Optional.empty();
    synchronized (open) {
      if (closed) {
        throw Waiting.stopped();
      }
      if (open.size() >= limits.streams) {
        evicted = open.values().stream().filter(WatchSubscription::isDetached).findFirst();
        if (evicted.isEmpty()) {
          throw new Refusal(
              Reply.notYet(
                  "too-many",
                  "this door has " + limits.streams + " watches open already: end one"));
        }
        open.remove(evicted.get().id);
      }
      subscription.attach(exchange);
      subscription.queue.begin(exchange);
      open.put(subscription.id, subscription);
    }
    evicted.ifPresent(this::drop);
  }

  private void start(WatchSubscription subscription) {
    Subject subject = subscription.subject;
    subscription.watch(
        store.watch(
            subject.name(),
            subject.prefix(),
            limits.windowBytes(),
            outcome -> offer(subscription, outcome)));
  }

  /// The next event for a reader, which has been sent the one before: the store may go on accordingly.
  private WatchQueue.@Nullable Told next(HttpExchange exchange, WatchSubscription subscription)
      throws InterruptedException {
    subscription.queue.sent(exchange);
    long taken = subscription.queue.taken(limits.windowBytes() / 2);
    if (taken > 0) {
      store.taken(subscription.watch(), taken);
    }
    return subscription.queue.poll(exchange, KEEP_ALIVE_MILLIS);
  }

  /// On the worker's loop. Where there is no room, the watch that has most waiting loses it: one that nobody reads now
  /// before others.
  private void offer(WatchSubscription subscription, StoreOutcome outcome) {
    subscription.watch(outcome.request());
    while (!subscription.queue.offer(outcome)) {
      if (forgetTold() == 0) {
        overflow(greediest().orElse(subscription));
      }
    }
  }

  private void overflow(WatchSubscription subscription) {
    subscription.end(End.OVERFLOW);
    if (subscription.isDetached()) {
      forget(subscription);
      return;
    }
    store.unwatch(subscription.watch());
    CompletableFuture.delayedExecutor(limits.patienceMillis, TimeUnit.MILLISECONDS)
        .execute(subscription::cut);
  }

  /// Who comes back after this begins anew: that is the lesser evil.
  private long forgetTold() {
    synchronized (open) {
      return open.values().stream().mapToLong(each -> each.queue.forgetTold()).sum();
    }
  }

  private Optional<WatchSubscription> greediest() {
    synchronized (open) {
      @Nullable WatchSubscription found = null;
      for (WatchSubscription subscription : open.values()) {
        if (subscription.queue.waitingBytes() > 0
            && (found == null || isBefore(subscription, found))) {
          found = subscription;
        }
      }
      return Optional.ofNullable(found);
    }
  }

  private static boolean isBefore(WatchSubscription one, WatchSubscription other) {
    return one.isDetached() == other.isDetached()
        ? one.queue.waitingBytes() > other.queue.waitingBytes()
        : one.isDetached();
  }

  /// The reader has gone.
  ///
  /// @param over whether it will not come back
  private void left(WatchSubscription subscription, HttpExchange exchange, boolean over) {
    if (!subscription.detach(exchange)) {
      return;
    }
    if (over || subscription.hasEnded()) {
      forget(subscription);
      return;
    }
    long sinceNanos = subscription.detachedNanos();
    CompletableFuture.delayedExecutor(limits.lingerMillis, TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (subscription.isDetached() && subscription.detachedNanos() == sinceNanos) {
            forget(subscription);
          }
        });
  }

  private void forget(WatchSubscription subscription) {
    synchronized (open) {
      open.remove(subscription.id);
    }
    drop(subscription);
  }

  private void drop(WatchSubscription subscription) {
    store.unwatch(subscription.watch());
    subscription.queue.end();
  }

  /// Writes events until one end closes.
  ///
  /// @return whether the watch is over
  private boolean stream(HttpExchange exchange, WatchSubscription subscription, String first)
      throws IOException, InterruptedException, Refusal {
    WatchQueue queue = subscription.queue;
    WatchQueue.Told next = first.isEmpty() ? next(exchange, subscription) : null;
    if (next != null && next.outcome() instanceof StoreOutcome.Refused refused) {
      throw new Refusal(Answers.refused(refused));
    }
    OutputStream out =
        exchange.stream(
            200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"));
    write(out, first);
    if (!first.isEmpty()) {
      out.flush();
      next = next(exchange, subscription);
    }
    while (true) {
      End end = subscription.endOf(exchange);
      if (end != null) {
        write(out, last(end));
        out.close();
        return end != End.TAKEN_OVER;
      }
      if (next != null && next.outcome() instanceof StoreOutcome.Refused refused) {
        write(out, event("ended", Map.of("error", refused.reason())));
        out.close();
        return true;
      }
      if (next == null) {
        write(out, ":\n\n");
      } else {
        write(out, "id: " + subscription.id + "-" + next.number() + "\n");
        write(out, next.outcome());
      }
      if (queue.isEmpty()) {
        out.flush();
      }
      next = next(exchange, subscription);
    }
  }

  private static String last(End end) {
    return switch (end) {
      case OVERFLOW ->
          event(
              "overflow",
              Map.of(
                  "error", "too much waited for this reader, and events were lost: watch again"));
      case STOPPING ->
          event(
              "stopping",
              Map.of(
                  "error", "the worker is stopping: watch again when it is back, or at another"));
      case TAKEN_OVER -> ":\n\n";
    };
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(OutputStream out, StoreOutcome outcome) throws IOException {
    switch (outcome) {
      case StoreOutcome.Changed(long _, Revision revision) -> {
        write(out, "event: " + (revision.deleted() ? "delete" : "put") + "\ndata: ");
        RevisionJson.write(revision, out);
        write(out, "\n\n");
      }
      case StoreOutcome.Watching watching ->
          write(out, event("watching", Map.of("values", watching.values())));
      case StoreOutcome.CaughtUp _ -> write(out, event("caught-up", Map.of()));
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
          StoreOutcome.Learned _,
          StoreOutcome.Heads _,
          StoreOutcome.Refused _ ->
          write(out, event("note", Map.of("text", outcome.toString())));
    }
  }

  private static String event(String name, Object data) {
    return "event: " + name + "\ndata: " + Json.line(data) + "\n\n";
  }
}
