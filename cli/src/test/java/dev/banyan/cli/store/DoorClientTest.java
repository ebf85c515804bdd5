package dev.banyan.cli.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.client.BadRequestException;
import dev.banyan.client.Banyan;
import dev.banyan.client.Condition;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.Entry;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.Revision;
import dev.banyan.client.Scope;
import dev.banyan.client.Status;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.Value;
import dev.banyan.client.Version;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.node.Cluster;
import dev.banyan.node.door.BodyBudget;
import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.node.text.Json;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Session;
import dev.banyan.store.Grounds;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The door over real workers on loopback.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DoorClientTest {

  private static final Address ANY = new Address("127.0.0.1", 0);

  private static Cluster cluster;
  private static DoorServer first;
  private static DoorServer second;
  private static Banyan here;
  private static Banyan there;

  @BeforeAll
  static void open() {
    cluster = new Cluster();
    cluster.router();
    first = cluster.worker().openDoor(ANY, List.of("store.example"));
    second = cluster.worker().openDoor(ANY, List.of());
    here = Banyan.connect(first.address().toString());
    there = Banyan.connect(second.address().toString());
  }

  @AfterAll
  static void close() {
    here.close();
    there.close();
    first.close();
    second.close();
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a/b/c",
        "a b",
        "a+b",
        "ключ",
        "50%",
        "?q=1&x",
        "..",
        "\u0001\uD83C\uDF33"
      })
  void what_one_worker_writes_another_reads_whatever_the_key(String key) {
    Version version = here.put(key, utf8("value of " + key)).version();

    Entry found = there.get(key).orElseThrow();
    assertThat(found.bytes()).isEqualTo(utf8("value of " + key));
    assertThat(found.version()).isEqualTo(version);
    assertThat(found.stale()).isFalse();
  }

  @Test
  void an_absent_key_is_no_value() {
    assertThat(here.get("never/written")).isEmpty();
  }

  @Test
  void a_deleted_key_is_absent_everywhere_and_history_remembers() {
    here.put("fleeting", utf8("one"));
    here.put("fleeting", utf8("two"));
    here.delete("fleeting");

    assertThat(there.get("fleeting")).isEmpty();
    List<Revision> history = here.history("fleeting");
    assertThat(history.getFirst().deleted()).isTrue();
    assertThat(history).extracting(Revision::text).containsExactly("", "two", "one");
  }

  @Test
  void a_conditional_write_is_made_only_against_the_version_expected() {
    Condition againstOld = Condition.ifVersion(here.put("guarded", utf8("1")).version());
    here.put("guarded", utf8("2"), againstOld);

    assertThatThrownBy(() -> here.put("guarded", utf8("3"), againstOld))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is not here as the write expects")
        .extracting(failure -> ((ConditionFailedException) failure).current().orElseThrow().text())
        .isEqualTo("2");
    assertThat(here.get("guarded").orElseThrow().bytes()).isEqualTo(utf8("2"));
    assertThatThrownBy(() -> here.delete("guarded", againstOld))
        .isInstanceOf(ConditionFailedException.class);
  }

  @Test
  void a_write_of_a_key_that_must_be_absent_is_made_once() {
    Condition absent = Condition.ifAbsent();
    assertThat(here.get("once")).isEmpty();
    here.put("once", utf8("mine"), absent);
    assertThatThrownBy(() -> here.put("once", utf8("mine again"), absent))
        .hasMessageContaining("is not here as the write expects");
  }

  @Test
  void a_value_may_be_as_long_as_the_limit_and_no_longer() throws IOException {
    byte[] largest = new byte[StoreCommand.MAX_VALUE_BYTES];
    here.put("large", largest);
    assertThat(there.get("large").orElseThrow().bytes()).isEqualTo(largest);

    byte[] tooLarge = new byte[StoreCommand.MAX_VALUE_BYTES + 1];
    assertThatThrownBy(() -> here.put("large", tooLarge))
        .hasMessageContaining("at most 1048576 bytes, this one 1048577");

    String answer =
        raw(
            "PUT /v1/keys/large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + tooLarge.length
                + "\r\n\r\n"
                + "x".repeat(tooLarge.length));
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("at most 1048576 bytes");

    String brokenOff =
        raw(
            "PUT /v1/keys/large HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"
                + "x".repeat(tooLarge.length)
                + "\r\nno size\r\n");
    assertThat(brokenOff).startsWith("HTTP/1.1 413 ").contains("at most 1048576 bytes");
  }

  @Test
  void bytes_that_are_no_text_come_back_as_they_were() {
    byte[] bytes = {0, (byte) 0xff, 10, 13, (byte) 0x80};
    here.put("binary", bytes);
    assertThat(there.get("binary").orElseThrow().bytes()).isEqualTo(bytes);
    assertThat(there.history("binary").getFirst().value()).hasValue(Value.of(bytes));
  }

  @Test
  void keys_are_listed_in_order_and_by_page() throws IOException {
    for (String key : List.of("list/c", "list/a", "list/b")) {
      here.put(key, utf8(""));
    }
    assertThat(here.keys("list/")).containsExactly("list/a", "list/b", "list/c");
    assertThat(get("/v1/keys?prefix=list/&limit=1&after=list/a"))
        .contains("list/b")
        .doesNotContain("list/c")
        .contains("{\"keys\":[\"list/b\"],\"more\":true}");
  }

  @Test
  void a_watch_tells_what_is_there_and_then_every_change_made_elsewhere() throws Exception {
    here.put("watched/a", utf8("before"));
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    try (Watch _ = there.watch("watched/", events::add)) {
      assertThat(next(events, WatchEvent.Put.class).text()).isEqualTo("before");
      next(events, WatchEvent.CaughtUp.class);
      here.put("watched/b", utf8("after"));
      WatchEvent.Put change = next(events, WatchEvent.Put.class);
      assertThat(change.key()).isEqualTo("watched/b");
      assertThat(change.text()).isEqualTo("after");
      here.delete("watched/b");
      assertThat(next(events, WatchEvent.Deleted.class).key()).isEqualTo("watched/b");
    }
  }

  @Test
  void the_empty_prefix_watches_everything_and_the_status_says_so() throws Exception {
    here.put("every/where", utf8("1"));
    here.put("plain", utf8("2"));
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    try (Watch _ = there.watch(Scope.everything(), events::add)) {
      next(events, WatchEvent.CaughtUp.class);
      assertThat(Json.parse(there.replicaJson()).path("held"))
          .extracting(key -> key.path("key").asText())
          .contains("every/where", "plain");
      JsonNode interests = Json.parse(there.status().json()).path("interests");
      assertThat(interests.path("everything").asBoolean()).isTrue();
      assertThat(interests.path("explicit").asInt()).isPositive();
      assertThat(interests.path("faded").asInt()).isZero();
      here.put("plain", utf8("3"));
      // What was there may come in between.
      assertThat(
              Stream.generate(() -> next(events, WatchEvent.Put.class))
                  .anyMatch(put -> put.text().equals("3")))
          .isTrue();
    }
    assertThat(get("/v1/watch")).startsWith("HTTP/1.1 400 ");
    assertThat(get("/v1/watch?key=")).startsWith("HTTP/1.1 400 ");
    assertThat(get("/v1/watch?key=a&prefix=")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_prefix_that_cannot_be_watched_is_refused_with_the_reason() {
    assertThatThrownBy(() -> here.watch(Scope.prefix("noslash"), _ -> {}))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("/");
  }

  @Test
  void status_and_replica_tell_where_the_worker_is_and_what_it_holds() {
    Version version = here.put("held", utf8("x")).version();
    Status status = here.status();
    assertThat(status.connected()).isTrue();
    assertThat(status.depth()).isEqualTo(2);
    assertThat(status.counters().get("updates")).isPositive();
    assertThat(Json.parse(here.replicaJson()).path("held"))
        .anySatisfy(key -> {
          assertThat(key.path("key").asText()).isEqualTo("held");
          assertThat(key.path("version").asText()).isEqualTo(version.text());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1:80", "[::1]:7171", "store.example", "STORE.example:1"})
  void a_request_for_this_machine_is_served(String host) throws IOException {
    assertThat(raw(statusRequest(host, ""))).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:7171", "127.0.0.1.evil.example", "", "[::2]"})
  void a_request_under_a_name_of_somebody_elses_is_refused(String host) throws IOException {
    assertThat(raw(statusRequest(host, ""))).startsWith("HTTP/1.1 421 ");
  }

  @Test
  void a_web_page_of_somebody_elses_is_refused() throws IOException {
    assertThat(raw(statusRequest("localhost", "Origin: https://evil.example\r\n")))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw(statusRequest("localhost", "Origin: http://localhost:3000\r\n")))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void what_a_page_of_another_site_loads_without_its_origin_is_refused(String site)
      throws IOException {
    String header = "Sec-Fetch-Site: " + site + "\r\n";
    assertThat(raw(statusRequest("localhost", header))).startsWith("HTTP/1.1 403 ");
    assertThat(
            raw(
                "GET /v1/watch?prefix= HTTP/1.1\r\nHost: localhost\r\n"
                    + header
                    + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw(statusRequest("localhost", header + "Origin: http://localhost:3000\r\n")))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "same-origin"})
  void what_a_user_typed_into_a_browser_is_served(String site) throws IOException {
    assertThat(raw(statusRequest("localhost", "Sec-Fetch-Site: " + site + "\r\n")))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/keys/a?ttl=5, ttl",
    "/v1/watch?prefix=&since=3, since",
    "/v1/status?x=1, x",
    "/v1/keys?prefix=a&prefix=b, prefix",
    "/v1/history/a?limit=1, limit"
  })
  void a_parameter_that_is_none_is_refused_and_not_ignored(String path, String name)
      throws IOException {
    assertThat(get(path)).startsWith("HTTP/1.1 400 ").contains("'" + name + "'");
  }

  @Test
  void what_is_not_there_and_what_is_not_served_say_so() throws IOException {
    assertThat(get("/")).startsWith("HTTP/1.1 404 ").contains("/v1/keys");
    assertThat(get("/v1/keys/%zz")).startsWith("HTTP/1.1 400 ").contains("{\"error\":");
    assertThat(get("/v1/keys/%ff")).startsWith("HTTP/1.1 400 ").contains("{\"error\":");
    assertThat(get("/v1/keys/")).startsWith("HTTP/1.1 400 ");
    assertThat(get("/v1/keys?limit=0")).startsWith("HTTP/1.1 400 ");
    assertThat(get("/v1/watch")).startsWith("HTTP/1.1 400 ");
    assertThat(raw("POST /v1/keys/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("Allow: GET, HEAD, PUT, DELETE");
    assertThat(get("/v1/keys/" + "k".repeat(StoreCommand.MAX_KEY_BYTES + 1)))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_worker_that_never_answers_is_waited_for_only_so_long() throws IOException {
    CompletableFuture<Supplier<Map<String, Object>>> never = new CompletableFuture<>();
    StoreCalls deaf = new StoreCalls(event -> {});
    try (DoorServer door = DoorServer.open(ANY, List.of(), deaf, looks(never), 1)) {
      for (String request :
          List.of("GET /v1/status", "GET /v1/replica", "GET /v1/tags/key", "DELETE /v1/keys/k")) {
        assertThat(raw(door, request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
            .startsWith("HTTP/1.1 504 ")
            .contains("{\"error\":\"the worker did not answer");
      }
    }
  }

  @Test
  void a_read_that_cannot_be_answered_in_its_time_says_that_it_is_not_known_yet()
      throws IOException {
    StoreCalls deaf = new StoreCalls(event -> {});
    try (DoorServer door = DoorServer.open(ANY, List.of(), deaf, looks(new CompletableFuture<>()));
        Banyan client = Banyan.connect(door.address().toString())) {
      assertThat(
              raw(
                  door,
                  "GET /v1/keys/k?timeout=1ms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: 1", "it is not known yet", "\"code\":\"not-known\"");
      assertThatThrownBy(() -> client.get("k", Duration.ofMillis(1)))
          .isInstanceOf(NotKnownException.class)
          .hasMessageContaining("not known yet");
      for (String wrong : List.of("0", "soon", "61s", "")) {
        assertThat(
                raw(
                    door,
                    "GET /v1/keys/k?timeout="
                        + wrong
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
            .startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void absence_of_which_a_worker_is_not_sure_is_not_claimed() throws IOException {
    try (DoorServer door = doorThatSays(get -> new StoreOutcome.Absent(get, "k", true))) {
      assertThat(getOfKey(door)).startsWith("HTTP/1.1 503 ").contains("\"code\":\"not-known\"");
    }
    try (DoorServer door =
        doorThatSays(get ->
            new StoreOutcome.Unreachable(get, "k", StoreOutcome.Unreachable.Why.UNANSWERED))) {
      assertThat(getOfKey(door)).startsWith("HTTP/1.1 503 ").contains("\"code\":\"not-known\"");
    }
    try (DoorServer door = doorThatSays(get -> new StoreOutcome.Absent(get, "k", false))) {
      assertThat(getOfKey(door)).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void an_answer_that_there_is_no_key_says_on_whose_word() throws IOException {
    Map<Grounds, String> all =
        Map.of(
            Grounds.PROVISIONAL,
            "no key 'k' (provisional: no worker has confirmed it)",
            new Grounds.Confirmed(1_000),
            "no key 'k' (confirmed by who has followed it since 1970-01-01T00:00:01Z)",
            Grounds.DELETED,
            "no key 'k'",
            Grounds.TRUSTED,
            "no key 'k'");
    for (Map.Entry<Grounds, String> each : all.entrySet()) {
      try (DoorServer door =
              doorThatSays(get -> new StoreOutcome.Absent(get, "k", false, each.getKey()));
          Banyan client = Banyan.connect(door.address().toString())) {
        String answer = getOfKey(door);
        assertThat(answer).startsWith("HTTP/1.1 404 ").contains("\"error\":\"" + each.getValue());
        switch (each.getKey()) {
          case Grounds.Trusted _ -> assertThat(answer).doesNotContainIgnoringCase("absence");
          case Grounds.Provisional _ ->
              assertThat(answer)
                  .contains("Banyan-Absence: provisional", "\"absence\":\"provisional\"");
          case Grounds.Confirmed _ ->
              assertThat(answer)
                  .contains("Banyan-Absence: confirmed", "\"since\":\"1970-01-01T00:00:01Z\"");
          case Grounds.Deleted _ -> assertThat(answer).contains("Banyan-Absence: deleted");
        }
        assertThat("no key 'k'" + client.lookup("k").absence().orElseThrow().text())
            .isEqualTo(each.getValue());
      }
    }
  }

  @Test
  void a_write_at_a_worker_that_is_cut_off_is_made_and_the_answer_says_so() throws IOException {
    dev.banyan.store.Version version =
        new dev.banyan.store.Version(1, new NodeId(7), new Session(1, 2));
    for (boolean connected : List.of(true, false)) {
      try (DoorServer door =
              doorThatSays(put -> new StoreOutcome.Written(put, "k", version, connected));
          Banyan client = Banyan.connect(door.address().toString())) {
        assertThat(client.put("k", utf8("v")).cutOff()).isEqualTo(!connected);
      }
    }
  }

  @Test
  void a_write_for_which_a_worker_has_no_room_is_refused_as_such() throws IOException {
    StoreOutcome.Refused.Kind full = StoreOutcome.Refused.Kind.FULL;
    try (DoorServer door = doorThatSays(put -> new StoreOutcome.Refused(put, "it is full", full))) {
      assertThat(getOfKey(door))
          .startsWith("HTTP/1.1 507 ")
          .contains("{\"error\":\"it is full\",\"code\":\"full\"}");
    }
  }

  @Test
  void a_read_that_has_more_time_than_its_worker_takes_is_tried_again() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    StoreOutcome.Unreachable.Why why = StoreOutcome.Unreachable.Why.INCOMPLETE;
    try (DoorServer door =
        doorThatSays(get ->
            tries.incrementAndGet() < 3
                ? new StoreOutcome.Unreachable(get, "k", why)
                : new StoreOutcome.Absent(get, "k", false))) {
      assertThat(
              raw(
                  door,
                  "GET /v1/keys/k?timeout=60s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 404 ");
    }
    assertThat(tries).hasValue(3);
  }

  @Test
  void reads_that_wait_at_a_stop_are_answered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    StoreCalls deaf = new StoreCalls(event -> asked.countDown());
    try (DoorServer door = openDoor(deaf);
        Socket socket = new Socket(door.address().host(), door.address().port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(utf8("GET /v1/keys/k HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      asked.await();
      door.close();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 503 ")
          .contains("\"code\":\"stopping\"");
    }
  }

  private static DoorServer openDoor(StoreCalls calls) {
    try {
      return DoorServer.open(ANY, List.of(), calls, looks(new CompletableFuture<>()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static DoorServer doorThatSays(LongFunction<StoreOutcome> outcome) {
    return openDoor(callsThatSay(outcome));
  }

  private static StoreCalls callsThatSay(LongFunction<StoreOutcome> outcome) {
    AtomicReference<StoreCalls> calls = new AtomicReference<>();
    calls.set(
        new StoreCalls(
            event -> calls.get().onOutcome(outcome.apply(((StoreCommand) event).request()))));
    return calls.get();
  }

  @Test
  void bodies_under_way_have_one_budget_and_who_finds_no_room_in_it_is_refused() throws Exception {
    dev.banyan.store.Version version =
        new dev.banyan.store.Version(1, new NodeId(7), new Session(1, 2));
    int size = StoreCommand.MAX_VALUE_BYTES;
    String put =
        "PUT /v1/keys/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + size;
    try (DoorServer door =
            DoorServer.open(
                ANY,
                callsThatSay(request -> new StoreOutcome.Written(request, "k", version, true)),
                looks(new CompletableFuture<>()),
                new BodyBudget(3L << 20, 1));
        Socket first = new Socket(door.address().host(), door.address().port())) {
      first.setSoTimeout(30_000);
      first.getOutputStream().write(utf8(put + "\r\nExpect: 100-continue\r\n\r\n"));
      String go = "HTTP/1.1 100 Continue\r\n\r\n";
      assertThat(first.getInputStream().readNBytes(go.length())).isEqualTo(utf8(go));

      assertThat(raw(door, put + "\r\n\r\n" + "x".repeat(size)))
          .startsWith("HTTP/1.1 503 ")
          .contains("\"code\":\"busy\"", "Retry-After: 1");

      first.getOutputStream().write(new byte[size]);
      assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200 ");
      assertThat(raw(door, put + "\r\n\r\n" + "x".repeat(size))).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void an_answer_that_its_client_does_not_take_holds_its_room_until_then() throws Exception {
    dev.banyan.store.Version version =
        new dev.banyan.store.Version(1, new NodeId(7), new Session(1, 2));
    Bytes value = Bytes.wrap(new byte[32 << 20]); // More than lies in the buffers of two sockets.
    String get = "GET /v1/keys/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (DoorServer door =
            DoorServer.open(
                ANY,
                callsThatSay(r -> new StoreOutcome.Value(r, "k", version, value, false)),
                looks(new CompletableFuture<>()),
                new BodyBudget(3L << 20, 1));
        Socket first = new Socket(door.address().host(), door.address().port())) {
      first.setSoTimeout(30_000);
      first.getOutputStream().write(utf8(get));
      assertThat(first.getInputStream().read()).isEqualTo('H');
      assertThat(getOfKey(door)).startsWith("HTTP/1.1 503 ").contains("\"code\":\"busy\"");
      assertThat(first.getInputStream().readAllBytes().length).isGreaterThan(value.size());
      String again;
      do {
        again = getOfKey(door); // The first client may know that it is done a little sooner.
      } while (again.startsWith("HTTP/1.1 503 "));
      assertThat(again).startsWith("HTTP/1.1 200 ");
    }
  }

  private static String getOfKey(DoorServer door) throws IOException {
    return raw(door, "GET /v1/keys/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  @Test
  void json_is_made_by_the_thread_of_the_request_and_not_by_the_loop_that_looked()
      throws Exception {
    CompletableFuture<Thread> maker = new CompletableFuture<>();
    CompletableFuture<Supplier<Map<String, Object>>> look = new CompletableFuture<>();
    Thread loop =
        new Thread(() ->
            look.complete(() -> {
              maker.complete(Thread.currentThread());
              return Map.of("held", List.of());
            }));
    StoreCalls deaf = new StoreCalls(event -> {});
    try (DoorServer door = DoorServer.open(ANY, List.of(), deaf, looks(look));
        Socket socket = new Socket(door.address().host(), door.address().port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(utf8("GET /v1/replica HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
      loop.start();
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 200 ");
    }
    assertThat(maker.join()).isNotSameAs(loop);
  }

  private static DoorServer.Inspection looks(
      CompletableFuture<Supplier<Map<String, Object>>> look) {
    return new DoorServer.Inspection() {
      @Override
      public CompletableFuture<Supplier<Map<String, Object>>> status() {
        return look.copy();
      }

      @Override
      public CompletableFuture<Supplier<Map<String, Object>>> replica() {
        return look.copy();
      }

      @Override
      public CompletableFuture<Supplier<Map<String, Object>>> tags(String key) {
        return look.copy();
      }
    };
  }

  @Test
  void a_client_of_a_door_that_is_not_there_is_told_what_to_do() throws IOException {
    Address gone;
    try (ServerSocket socket = new ServerSocket(0)) {
      gone = new Address("127.0.0.1", socket.getLocalPort());
    }
    try (Banyan client = Banyan.connect(gone.toString())) {
      assertThatThrownBy(() -> client.get("a"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("no worker answers at " + gone);
    }
  }

  @Test
  void a_client_of_something_that_is_no_door_is_told_so() throws IOException {
    try (Banyan client = Banyan.connect(cluster.root().address().toString())) {
      assertThatThrownBy(() -> client.get("a"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("does not speak HTTP");
    }
  }

  private static String statusRequest(String host, String more) {
    return "GET /v1/status HTTP/1.1\r\nHost: " + host + "\r\n" + more + "Connection: close\r\n\r\n";
  }

  private static String get(String path) throws IOException {
    return raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  private static String raw(String request) throws IOException {
    return raw(first, request);
  }

  private static String raw(DoorServer door, String request) throws IOException {
    try (Socket socket = new Socket(door.address().host(), door.address().port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(utf8(request));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// The next event of this kind.
  private static <T extends WatchEvent> T next(BlockingQueue<WatchEvent> events, Class<T> kind) {
    try {
      while (true) {
        WatchEvent event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("an event within a minute").isNotNull();
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
