package dev.banyan.client;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A worker in another process, spoken to through its door over HTTP and server-sent events.
final class RemoteBanyan implements Banyan {

  private static final String KEYS = "/v1/keys/";

  /// Of one that lists: 10,000 keys of 1,024 characters, each written with six.
  private static final long MAX_PAGE_BYTES = 64L << 20;

  /// Of one that tells everything the worker holds.
  private static final long MAX_REPLICA_BYTES = 1L << 30;

  /// How much longer than told a door may take.
  private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Doors doors;
  private final long limitNanos;
  private final long silenceNanos;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  RemoteBanyan(ConnectOptions options) {
    doors = new Doors(options);
    limitNanos = options.callTimeout().toNanos();
    silenceNanos = options.silence().toNanos();
  }

  @Override
  public Written put(String key, byte[] value) {
    return write(key, Call.put(path(key), Arguments.requireValue(value)));
  }

  @Override
  public Written put(String key, byte[] value, Condition condition) {
    return write(key, conditional(Call.put(path(key), Arguments.requireValue(value)), condition));
  }

  @Override
  public Written delete(String key) {
    return write(key, Call.delete(path(key)));
  }

  @Override
  public Written delete(String key, Condition condition) {
    return write(key, conditional(Call.delete(path(key)), condition));
  }

  private static Call conditional(Call call, Condition condition) {
    return switch (condition) {
      case Condition.IfAbsent _ -> call.with("If-None-Match", "*");
      case Condition.IfVersion(Version version) -> call.with("If-Match", "\"" + version + "\"");
    };
  }

  private Written write(String key, Call call) {
    return doors.call(
        call,
        limitNanos,
        answer -> {
          answer.requireGranted();
          return new Written(key, new Version(answer.json().text("version")), answer.isStale());
        });
  }

  @Override
  public Lookup lookup(String key) {
    Call call = Call.get(path(key));
    return doors.call(
        false, _ -> call, Doors.PATIENCE_NANOS, limitNanos, answer -> found(key, answer));
  }

  @Override
  public Lookup lookup(String key, Duration patience) {
    String path = path(key) + "?timeout=";
    long wholeNanos = Arguments.requirePatience(patience).toNanos() + MARGIN_NANOS;
    return doors.call(
        false,
        leftNanos -> Call.get(path + millis(leftNanos - MARGIN_NANOS) + "ms"),
        wholeNanos,
        wholeNanos,
        answer -> found(key, answer));
  }

  private static long millis(long nanos) {
    return Math.max(1, Math.round(nanos / 1e6));
  }

  private static Lookup found(String key, Answer answer) throws AttemptFailed {
    if (answer.isAbsent()) {
      return Lookup.absent(answer.assurance());
    }
    answer.requireGranted();
    return Lookup.found(
        new Entry(key, Value.owning(answer.body()), answer.version(), answer.isStale()));
  }

  @Override
  public KeyPage keys(String prefix, String after, int limit) {
    Arguments.requireLimit(limit);
    String query =
        "?prefix="
            + Text.percentEncoded(Arguments.requirePrefix(prefix))
            + "&after="
            + Text.percentEncoded(Arguments.requirePrefix(after))
            + "&limit="
            + limit;
    return doors.call(
        Call.get("/v1/keys" + query, MAX_PAGE_BYTES),
        limitNanos,
        answer -> {
          answer.requireGranted();
          JsonObject page = answer.json();
          return page(page.texts("keys"), page.flag("more"), after);
        });
  }

  /// A page that does not go on where the one before ended would be asked for for ever.
  private static KeyPage page(List<String> keys, boolean more, String after) {
    if (keys.contains(after)) {
      throw new IllegalArgumentException("the page after a key has that key");
    }
    return new KeyPage(keys, more && !keys.isEmpty());
  }

  @Override
  public List<Revision> history(String key) {
    return doors.call(
        Call.get("/v1/history/" + Text.percentEncoded(Arguments.requireKey(key)), MAX_PAGE_BYTES),
        limitNanos,
        answer -> {
          if (answer.isAbsent()) {
            return List.of();
          }
          answer.requireGranted();
          return answer.json().objects("revisions").stream().map(Revisions::of).toList();
        });
  }

  @Override
  public Watch watch(Scope scope, Consumer<WatchEvent> listener) {
    Call call =
        Call.get(
            "/v1/watch?"
                + switch (scope) {
                  case Scope.Key(String key) -> "key=" + Text.percentEncoded(key);
                  case Scope.Prefix(String prefix) -> "prefix=" + Text.percentEncoded(prefix);
                });
    RemoteWatch watch =
        RemoteWatch.open(
            scope,
            lastId ->
                new EventStream(
                    doors.open(
                        lastId.isEmpty() ? call : call.with("Last-Event-ID", lastId), limitNanos),
                    silenceNanos),
            listener);
    watches.add(watch);
    watch.ended().whenComplete((_, _) -> watches.remove(watch));
    watch.start();
    try {
      doors.requireOpen();
    } catch (ClosedException e) {
      watch.close(); // Closed meanwhile, perhaps before it was known.
      throw e;
    }
    return watch;
  }

  @Override
  public Status status() {
    return doors.call(
        Call.get("/v1/status"),
        limitNanos,
        answer -> {
          answer.requireGranted();
          return Status.parse(answer.text().strip());
        });
  }

  @Override
  public String tagsJson(String key) {
    return json(Call.get("/v1/tags/" + Text.percentEncoded(Arguments.requireKey(key))));
  }

  @Override
  public String replicaJson() {
    return json(Call.get("/v1/replica", MAX_REPLICA_BYTES));
  }

  private String json(Call call) {
    return doors.call(
        call,
        limitNanos,
        answer -> {
          answer.requireGranted();
          return answer.text().strip();
        });
  }

  private static String path(String key) {
    return KEYS + Text.percentEncoded(Arguments.requireKey(key));
  }

  /// Watches come before their connections: they would tell that these break.
  @Override
  public void close() {
    doors.refuse();
    watches.forEach(Watch::close);
    doors.close();
  }
}
