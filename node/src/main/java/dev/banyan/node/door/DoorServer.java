package dev.banyan.node.door;

import dev.banyan.node.http.BadRequest;
import dev.banyan.node.http.HttpExchange;
import dev.banyan.node.http.HttpListener;
import dev.banyan.node.settings.Durations;
import dev.banyan.node.text.Reason;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Serves a worker's store over HTTP, one virtual thread for each connection. What it promises is in `docs/door.md`.
public final class DoorServer implements AutoCloseable {

  private static final String KEYS = "/v1/keys/";
  private static final String HISTORY = "/v1/history/";
  private static final String TAGS = "/v1/tags/";
  private static final int DEFAULT_KEY_LIMIT = 1_000;
  private static final int MAX_KEY_LIMIT = 10_000;

  /// How long a read may take, unless it says otherwise: a little longer than the patience of the store, which knows better
  /// what to say then.
  private static final long READ_MILLIS = 6_000;

  /// The most that a read may ask for.
  private static final long MOST_READ_MILLIS = 60_000;

  private static final long AGAIN_MILLIS = 200;

  /// How long the worker itself may take: only one that hangs takes longer.
  private static final long ANSWER_MILLIS = 20_000;

  private final HttpListener listener;
  private final StoreCalls store;
  private final Inspection inspection;
  private final Visitors visitors;
  private final Address address;
  private final WatchStreams watches;
  private final BodyBudget bodies;
  private final Waiting waiting = new Waiting();
  private final long answerMillis;

  /// What the door tells of its worker. Each look is taken on the worker's loop; the JSON of what it saw, which may be
  /// long, is made by the request's own thread.
  public interface Inspection {

    /// What the worker says of itself.
    CompletableFuture<Supplier<Map<String, Object>>> status();

    /// Everything the worker holds, for checkers.
    CompletableFuture<Supplier<Map<String, Object>>> replica();

    /// The tags of a key, where an update of it would go from here, and which tree this is.
    ///
    /// @throws IllegalArgumentException when it cannot be a key, with one line that says why
    CompletableFuture<Supplier<Map<String, Object>>> tags(String key);
  }

  private DoorServer(
      Address at,
      List<String> names,
      StoreCalls store,
      Inspection inspection,
      long answerMillis,
      BodyBudget bodies)
      throws IOException {
    this.bodies = bodies;
    this.store = store;
    this.inspection = inspection;
    this.answerMillis = answerMillis;
    watches = new WatchStreams(store, WatchStreams.Limits.ofThisProcess());
    CompletableFuture<DoorServer> ready = new CompletableFuture<>();
    listener = HttpListener.open(at, "the door on " + at, exchange -> ready.join().serve(exchange));
    address = new Address(at.host(), listener.port());
    visitors = new Visitors(address, names);
    ready.complete(this);
  }

  /// Opens the door.
  ///
  /// @param at where; port 0 takes a free one
  /// @param names further names it may be asked for by
  /// @throws IOException when the address cannot be bound
  public static DoorServer open(
      Address at, List<String> names, StoreCalls store, Inspection inspection) throws IOException {
    return open(at, names, store, inspection, ANSWER_MILLIS);
  }

  public static DoorServer open(
      Address at, List<String> names, StoreCalls store, Inspection inspection, long answerMillis)
      throws IOException {
    return new DoorServer(at, names, store, inspection, answerMillis, BodyBudget.ofThisProcess());
  }

  public static DoorServer open(
      Address at, StoreCalls store, Inspection inspection, BodyBudget bodies) throws IOException {
    return new DoorServer(at, List.of(), store, inspection, ANSWER_MILLIS, bodies);
  }

  /// Where it is open, with the port it got.
  public Address address() {
    return address;
  }

  /// Ends watches with a word, answers whoever waits, and takes nothing more.
  @Override
  public void close() {
    waiting.close();
    watches.close();
    listener.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      visitors.check(exchange);
      if (waiting.stopping()) {
        throw Waiting.stopped();
      }
      Query query = Query.of(exchange.target());
      if (query.path().equals("/v1/watch") && exchange.method().equals("GET")) {
        watches.serve(exchange, query.only("key", "prefix"));
      } else {
        route(exchange, query).send(exchange);
      }
    } catch (BadRequest e) {
      throw e;
    } catch (Refusal e) {
      e.reply().send(exchange);
    } catch (RuntimeException e) {
      Reply.error(500, "the door failed, a fault of banyan itself: " + e).send(exchange);
    }
  }

  private Reply route(HttpExchange exchange, Query query) throws IOException, Refusal {
    String path = query.path();
    String method = exchange.method();
    if (path.startsWith(KEYS)) {
      String key = query.rest(KEYS);
      return switch (method) {
        case "GET", "HEAD" -> get(key, query.only("timeout"));
        case "PUT" -> {
          query.only();
          yield put(key, exchange);
        }
        case "DELETE" -> {
          query.only();
          yield delete(key, Condition.of(exchange));
        }
        default -> throw notAllowed(method, "GET, HEAD, PUT, DELETE");
      };
    }
    if (!method.equals("GET")) {
      throw notAllowed(method, "GET");
    }
    if (path.startsWith(HISTORY)) {
      query.only();
      return history(query.rest(HISTORY));
    }
    if (path.startsWith(TAGS)) {
      query.only();
      return tags(query.rest(TAGS));
    }
    return switch (path) {
      case "/v1/keys" -> keys(query.only("prefix", "after", "limit"));
      case "/v1/status" -> {
        query.only();
        yield told(inspection.status());
      }
      case "/v1/replica" -> {
        query.only();
        yield told(inspection.replica());
      }
      default ->
          throw new Refusal(
              404,
              "nothing at "
                  + path
                  + ": there are /v1/keys, /v1/watch, /v1/history, /v1/tags, /v1/status, /v1/replica");
    };
  }

  private static Refusal notAllowed(String method, String allowed) {
    return new Refusal(
        Reply.error(405, method + " is not served here: " + allowed).with("Allow", allowed));
  }

  /// Whoever says how long a read may take gets all of that time: a worker that gives up earlier is asked again.
  private Reply get(String key, Query query) throws Refusal {
    String told = query.parameter("timeout", "");
    if (told.isEmpty() && !query.parameters().containsKey("timeout")) {
      return reply(read(key, READ_MILLIS));
    }
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(readMillis(told));
    while (true) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      Answered answered = read(key, Math.max(1, leftMillis));
      if (!(answered.outcome() instanceof StoreOutcome.Unreachable)
          || leftMillis < 2 * AGAIN_MILLIS) {
        return reply(answered);
      }
      answered.giveBack();
      waiting.pause(AGAIN_MILLIS);
    }
  }

  private Answered read(String key, long millis) throws Refusal {
    Reply late = Answers.notKnown(OutcomeText.lateRead(key));
    return ask(request -> new StoreCommand.Get(request, key), millis, late);
  }

  private static long readMillis(String text) throws Refusal {
    try {
      long millis = TimeUnit.NANOSECONDS.toMillis(Durations.parse(text));
      if (millis >= 1 && millis <= MOST_READ_MILLIS) {
        return millis;
      }
      throw new Refusal(400, "timeout: 1ms to " + MOST_READ_MILLIS / 1_000 + "s, not " + text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "timeout: " + e.getMessage());
    }
  }

  private Reply put(String key, HttpExchange exchange) throws IOException, Refusal {
    Optional<Condition> expected = Condition.of(exchange);
    try (BodyBudget.Room _ = bodies.take(RequestBody.bytes(exchange))) {
      return put(key, RequestBody.read(exchange), expected);
    }
  }

  private Reply put(String key, Bytes value, Optional<Condition> expected) throws Refusal {
    if (expected.isPresent()) {
      Optional<Version> version = expected.get().version();
      return reply(
          request -> new StoreCommand.CompareAndSet(request, key, version, Optional.of(value)));
    }
    return reply(request -> new StoreCommand.Put(request, key, value));
  }

  private Reply delete(String key, Optional<Condition> expected) throws Refusal {
    if (expected.isPresent()) {
      Optional<Version> version = expected.get().version();
      return reply(
          request -> new StoreCommand.CompareAndSet(request, key, version, Optional.empty()));
    }
    return reply(request -> new StoreCommand.Delete(request, key));
  }

  private Reply history(String key) throws Refusal {
    return reply(request -> new StoreCommand.History(request, key));
  }

  private Reply tags(String key) throws Refusal {
    try {
      return told(inspection.tags(key));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, Reason.of(e));
    }
  }

  private Reply keys(Query query) throws Refusal {
    String limitText = query.parameter("limit", "" + DEFAULT_KEY_LIMIT);
    int limit;
    try {
      limit = Integer.parseInt(limitText);
    } catch (NumberFormatException e) {
      limit = 0;
    }
    if (limit < 1 || limit > MAX_KEY_LIMIT) {
      throw new Refusal(400, "limit: 1 to " + MAX_KEY_LIMIT + ", not " + limitText);
    }
    int most = limit;
    return reply(request ->
        new StoreCommand.Keys(
            request, query.parameter("prefix", ""), query.parameter("after", ""), most));
  }

  private Reply told(CompletableFuture<Supplier<Map<String, Object>>> look) throws Refusal {
    return Reply.json(200, waiting.answer(look, answerMillis, late()).get());
  }

  private Reply reply(LongFunction<StoreCommand> command) throws Refusal {
    return reply(ask(command, answerMillis, late()));
  }

  private static Reply reply(Answered answered) throws Refusal {
    StoreOutcome outcome = answered.outcome();
    if (outcome == null) {
      answered.giveBack();
      throw BodyBudget.busy();
    }
    return Answers.of(outcome).whenSent(answered::giveBack);
  }

  /// An answer for which there is no room is dropped, asked for again when there is, and dropped for good if it has grown
  /// meanwhile. What a write answers is small if it was made, so none is made twice.
  private Answered ask(LongFunction<StoreCommand> command, long millis, Reply late) throws Refusal {
    Answered answered =
        waiting.answer(
            store.ask(command, outcome -> Answered.of(outcome, bodies), Answered::giveBack),
            millis,
            late);
    if (answered.outcome() != null) {
      return answered;
    }
    BodyBudget.Room room = bodies.take(answered.bytes());
    try {
      return waiting.answer(
          store.ask(command, outcome -> Answered.within(room, outcome), Answered::giveBack),
          millis,
          late);
    } catch (Refusal | RuntimeException e) {
      room.close();
      throw e;
    }
  }

  private Reply late() {
    return Reply.error(
        504,
        "the worker did not answer within "
            + Durations.text(TimeUnit.MILLISECONDS.toNanos(answerMillis))
            + ": is it stalled? Whether a write was made is not known");
  }
}
