package dev.banyan.cli.door;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.banyan.cli.HttpServers;
import dev.banyan.cli.UserError;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Serves a worker's store over HTTP, one virtual thread per request. What it promises is in `docs/door.md`.
public final class DoorServer implements AutoCloseable {

  private static final String KEYS = "/v1/keys/";
  private static final String HISTORY = "/v1/history/";
  private static final String TAGS = "/v1/tags/";
  private static final int DEFAULT_KEY_LIMIT = 1_000;
  private static final int MAX_KEY_LIMIT = 10_000;

  /// Longer than a fetch with all its tries.
  private static final long ANSWER_MILLIS = 60_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final StoreCalls store;
  private final Inspection inspection;
  private final Visitors visitors;
  private final Address address;
  private final WatchStreams watches;
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
      HttpServer server,
      StoreCalls store,
      Inspection inspection,
      String host,
      List<String> names,
      long answerMillis) {
    this.server = server;
    this.store = store;
    this.inspection = inspection;
    this.address = new Address(host, server.getAddress().getPort());
    this.visitors = new Visitors(address, names);
    this.answerMillis = answerMillis;
    this.watches = new WatchStreams(store, WatchStreams.Limits.DEFAULT);
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

  static DoorServer open(
      Address at, List<String> names, StoreCalls store, Inspection inspection, long answerMillis)
      throws IOException {
    HttpServer http = HttpServers.bind(at);
    DoorServer door = new DoorServer(http, store, inspection, at.host(), names, answerMillis);
    http.setExecutor(door.threads);
    http.createContext("/", door::serve);
    http.start();
    return door;
  }

  /// Where it is open, with the port it got.
  public Address address() {
    return address;
  }

  @Override
  public void close() {
    watches.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        visitors.check(exchange);
        Query query = Query.of(exchange.getRequestURI());
        if (query.path().equals("/v1/watch") && exchange.getRequestMethod().equals("GET")) {
          watches.serve(exchange, query);
        } else {
          route(exchange, query).send(exchange);
        }
      } catch (Refusal e) {
        e.reply().send(exchange);
      } catch (RuntimeException e) {
        Reply.error(500, "the door failed: " + e).send(exchange);
      }
    }
  }

  private Reply route(HttpExchange exchange, Query query) throws IOException, Refusal {
    String path = query.path();
    String method = exchange.getRequestMethod();
    if (path.startsWith(KEYS)) {
      String key = query.rest(KEYS);
      return switch (method) {
        case "GET", "HEAD" -> get(key);
        case "PUT" -> put(key, RequestBody.read(exchange), expectation(exchange));
        case "DELETE" -> delete(key, expectation(exchange));
        default -> throw notAllowed(method, "GET, HEAD, PUT, DELETE");
      };
    }
    if (!method.equals("GET")) {
      throw notAllowed(method, "GET");
    }
    if (path.startsWith(HISTORY)) {
      return history(query.rest(HISTORY));
    }
    if (path.startsWith(TAGS)) {
      return tags(query.rest(TAGS));
    }
    return switch (path) {
      case "/v1/keys" -> keys(query);
      case "/v1/status" -> told(inspection.status());
      case "/v1/replica" -> told(inspection.replica());
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

  private Reply get(String key) throws Refusal {
    return reply(ask(request -> new StoreCommand.Get(request, key)));
  }

  private Reply put(String key, Bytes value, Optional<Expectation> expected) throws Refusal {
    if (expected.isPresent()) {
      Optional<Version> version = expected.get().version();
      return reply(
          ask(request ->
              new StoreCommand.CompareAndSet(request, key, version, Optional.of(value))));
    }
    return reply(ask(request -> new StoreCommand.Put(request, key, value)));
  }

  private Reply delete(String key, Optional<Expectation> expected) throws Refusal {
    if (expected.isPresent()) {
      Optional<Version> version = expected.get().version();
      return reply(
          ask(request -> new StoreCommand.CompareAndSet(request, key, version, Optional.empty())));
    }
    return reply(ask(request -> new StoreCommand.Delete(request, key)));
  }

  private Reply history(String key) throws Refusal {
    return reply(ask(request -> new StoreCommand.History(request, key)));
  }

  private Reply tags(String key) throws Refusal {
    try {
      return told(inspection.tags(key));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, UserError.lineOf(e));
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
    return reply(
        ask(request ->
            new StoreCommand.Keys(
                request, query.parameter("prefix", ""), query.parameter("after", ""), most)));
  }

  /// What a conditional request expects to find.
  ///
  /// @param version empty: nothing
  private record Expectation(Optional<Version> version) {}

  private static Optional<Expectation> expectation(HttpExchange exchange) throws Refusal {
    String match = exchange.getRequestHeaders().getFirst("If-Match");
    String noneMatch = exchange.getRequestHeaders().getFirst("If-None-Match");
    if (noneMatch != null) {
      if (!noneMatch.strip().equals("*")) {
        throw new Refusal(400, "If-None-Match takes * here: the key must not exist");
      }
      return Optional.of(new Expectation(Optional.empty()));
    }
    if (match == null) {
      return Optional.empty();
    }
    String bare = match.strip();
    if (bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
      bare = bare.substring(1, bare.length() - 1);
    }
    try {
      return Optional.of(new Expectation(Optional.of(Version.parse(bare))));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "If-Match: " + e.getMessage());
    }
  }

  private Reply told(CompletableFuture<Supplier<Map<String, Object>>> look) throws Refusal {
    return Reply.json(200, answer(look).get());
  }

  private StoreOutcome ask(LongFunction<StoreCommand> command) throws Refusal {
    return answer(store.ask(command));
  }

  private <T> T answer(CompletableFuture<T> asked) throws Refusal {
    try {
      return asked.orTimeout(answerMillis, TimeUnit.MILLISECONDS).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new Refusal(504, "the worker did not answer within " + answerMillis / 1_000 + " s");
      }
      throw new Refusal(500, "the worker failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(503, "the worker is stopping");
    }
  }

  private static Reply reply(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Written written ->
          Reply.json(200, keyed(written.key(), written.version()))
              .with("ETag", etag(written.version()));
      case StoreOutcome.Value value ->
          stale(
              Reply.bytes(value.value().shared()).with("ETag", etag(value.version())),
              value.stale());
      case StoreOutcome.Absent absent ->
          stale(Reply.error(404, "no key '" + absent.key() + "'"), absent.stale());
      case StoreOutcome.Unreachable unreachable ->
          Reply.error(503, unreachable(unreachable));
      case StoreOutcome.Conflict conflict -> conflict(conflict);
      case StoreOutcome.KeyList list -> Reply.json(200, page(list));
      case StoreOutcome.Revisions revisions -> history(revisions);
      case StoreOutcome.Refused refused -> Reply.error(status(refused), refused.reason());
      case StoreOutcome.Watching _,
          StoreOutcome.Changed _,
          StoreOutcome.CaughtUp _,
          StoreOutcome.Unwatched _,
          StoreOutcome.Draining _,
          StoreOutcome.Drained _ ->
          throw new IllegalStateException("nobody asked for it here: " + outcome);
    };
  }

  static int status(StoreOutcome.Refused refused) {
    return switch (refused.kind()) {
      case INVALID -> 400;
      case FULL -> 507;
      case STOPPING -> 503;
    };
  }

  private static String unreachable(StoreOutcome.Unreachable outcome) {
    return "it is not known now what '"
        + outcome.key()
        + "' is: "
        + switch (outcome.why()) {
          case CUT_OFF -> "this worker is cut off from the tree (GET /v1/status tells); try again";
          case UNANSWERED -> "nobody has answered in time; try again";
          case INCOMPLETE ->
              "not everybody who may hold it can be asked (the root has just started, or a node was lost lately or does"
                  + " not answer); try again in some seconds";
        };
  }

  private static Reply conflict(StoreOutcome.Conflict conflict) {
    Optional<Revision> current = conflict.current();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(
        "error",
        "the key '"
            + conflict.key()
            + "' is not here as the write expects: it is "
            + current.map(revision -> "at " + revision.version()).orElse("absent"));
    current.ifPresent(revision -> json.put("current", RevisionJson.of(revision)));
    Reply reply = Reply.json(412, json);
    return current.map(revision -> reply.with("ETag", etag(revision.version()))).orElse(reply);
  }

  private static Reply history(StoreOutcome.Revisions revisions) {
    if (revisions.revisions().isEmpty()) {
      return Reply.error(404, "this worker remembers nothing of '" + revisions.key() + "'");
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", revisions.key());
    json.put("revisions", revisions.revisions().stream().map(RevisionJson::of).toList());
    return Reply.json(200, json);
  }

  private static Map<String, Object> page(StoreOutcome.KeyList list) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("keys", list.keys());
    json.put("more", list.more());
    return json;
  }

  private static Map<String, Object> keyed(String key, Version version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("version", version.toString());
    return json;
  }

  private static Reply stale(Reply reply, boolean stale) {
    return stale ? reply.with("Banyan-Stale", "true") : reply;
  }

  private static String etag(Version version) {
    return "\"" + version + "\"";
  }
}
