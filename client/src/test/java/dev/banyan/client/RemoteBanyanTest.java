package dev.banyan.client;

import static dev.banyan.client.FakeDoor.nobody;
import static dev.banyan.client.FakeDoor.say;
import static dev.banyan.client.FakeDoor.saying;
import static dev.banyan.client.FakeDoor.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.banyan.client.UnavailableException.Attempt;
import dev.banyan.client.UnavailableException.Why;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls over HTTP, against doors that answer well, badly, late or not at all.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RemoteBanyanTest {

  private static final String WRITTEN = "{\"key\":\"k\",\"version\":\"2@a@b\"}";

  private static Banyan to(FakeDoor... doors) {
    return Banyan.connect(
        java.util.Arrays.stream(doors).map(FakeDoor::address).toArray(String[]::new));
  }

  private static FakeDoor holding(String value) {
    return saying(200, value, "ETag: \"1@a@b\"");
  }

  private static String error(String code) {
    return "{\"error\":\"this is why\",\"code\":\"" + code + "\"}";
  }

  @Test
  void a_value_is_read_with_its_version() {
    try (FakeDoor door = saying(200, "x=1", "ETag: \"1@a@b\"", "Banyan-Stale: true");
        Banyan banyan = to(door)) {
      assertThat(banyan.get("a/b c"))
          .hasValue(new Entry("a/b c", Value.of("x=1"), new Version("1@a@b"), true));
      assertThat(door.requests)
          .singleElement()
          .satisfies(request -> {
            assertThat(request.target()).isEqualTo("/v1/keys/a%2Fb%20c");
            assertThat(request.header("Upgrade")).isEmpty();
          });
    }
  }

  @Test
  void a_write_is_sent_with_its_condition() {
    try (FakeDoor door = saying(200, WRITTEN);
        Banyan banyan = to(door)) {
      Version version = new Version("1@a@b");
      assertThat(banyan.put("k", "v")).isEqualTo(new Written("k", new Version("2@a@b"), false));
      banyan.put("k", "v", Condition.ifVersion(version));
      banyan.delete("k", Condition.ifAbsent());
      assertThat(door.requests)
          .extracting(FakeDoor.Request::method)
          .containsExactly("PUT", "PUT", "DELETE");
      assertThat(door.requests.get(0).body()).isEqualTo(utf8("v"));
      assertThat(door.requests.get(1).header("If-Match")).isEqualTo("\"1@a@b\"");
      assertThat(door.requests.get(2).header("If-None-Match")).isEqualTo("*");
    }
  }

  @Test
  void an_absent_key_is_no_failure() {
    try (FakeDoor door = saying(404, "{\"error\":\"no key 'k'\"}");
        Banyan banyan = to(door)) {
      assertThat(banyan.get("k")).isEmpty();
      assertThat(banyan.history("k")).isEmpty();
    }
  }

  @Test
  void on_whose_word_a_key_is_absent_is_said() {
    assertThat(absence("{\"error\":\"no key 'k'\"}"))
        .isEqualTo(new Assurance(Assurance.Kind.TRUSTED, Optional.empty()));
    assertThat(absence("{\"error\":\"no key 'k'\",\"absence\":\"provisional\"}"))
        .isEqualTo(new Assurance(Assurance.Kind.PROVISIONAL, Optional.empty()));
    assertThat(
            absence(
                "{\"error\":\"no key 'k'\",\"absence\":\"confirmed\",\"since\":\"2026-11-28T03:10:00Z\"}"))
        .isEqualTo(
            new Assurance(
                Assurance.Kind.CONFIRMED, Optional.of(Instant.parse("2026-11-28T03:10:00Z"))));
    assertThat(absence("{\"error\":\"no key 'k'\",\"absence\":\"deleted\"}"))
        .isEqualTo(new Assurance(Assurance.Kind.DELETED, Optional.empty()));
  }

  private Assurance absence(String body) {
    try (FakeDoor door = saying(404, body);
        Banyan banyan = to(door)) {
      Lookup lookup = banyan.lookup("k");
      assertThat(lookup.entry()).isEmpty();
      return lookup.absence().orElseThrow();
    }
  }

  @Test
  void that_a_key_is_absent_is_believed_of_a_door_alone() {
    try (FakeDoor web = saying(404, "<html>not found</html>");
        Banyan banyan = to(web)) {
      assertThat(attempt(() -> banyan.get("k")))
          .extracting(Attempt::why, Attempt::line)
          .containsExactly(
              Why.NO_DOOR,
              "what answers at " + web.address() + " is no worker's door (HTTP status 404)");
    }
  }

  private static Attempt attempt(Runnable call) {
    return catchThrowableOfType(UnavailableException.class, call::run).attempts().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "400,'',BadRequestException",
    "405,'',BadRequestException",
    "413,'',BadRequestException",
    "414,'',BadRequestException",
    "431,'',BadRequestException",
    "403,'',RefusedException",
    "421,'',RefusedException",
    "412,'',ConditionFailedException",
    "507,full,StoreFullException",
    "503,not-known,NotKnownException",
    "503,busy,UnavailableException",
    "503,'',UnavailableException",
    "408,'',UnavailableException",
    "503,stopping,OutcomeUnknownException",
    "504,'',OutcomeUnknownException",
    "500,'',OutcomeUnknownException",
    "302,'',OutcomeUnknownException"
  })
  void each_refusal_of_a_write_has_a_kind_and_says_why(int status, String code, String kind) {
    try (FakeDoor door = saying(status, error(code));
        Banyan banyan = to(door)) {
      Throwable failure = catchThrowable(() -> banyan.put("k", "v"));
      assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(failure).hasMessageContaining(status == 302 ? "no worker's door" : "this is why");
    }
  }

  @Test
  void a_condition_that_does_not_hold_tells_what_is_there() {
    String current =
        "{\"key\":\"k\",\"version\":\"9@a@b\",\"writer\":\"a\",\"valueBase64\":\"/w==\"}";
    try (FakeDoor door = saying(412, "{\"error\":\"no\",\"current\":" + current + "}");
        Banyan banyan = to(door)) {
      assertThat(
              catchThrowableOfType(
                      ConditionFailedException.class,
                      () -> banyan.put("k", "v", Condition.ifAbsent()))
                  .current())
          .hasValue(
              new Revision("k", new Version("9@a@b"), "a", Optional.of(Value.of(new byte[] {-1}))));
    }
  }

  @Test
  void the_next_address_is_asked_when_one_does_not_answer_and_the_one_that_did_is_remembered() {
    try (FakeDoor door = holding("v");
        Banyan banyan = Banyan.connect(nobody(), door.address(), nobody())) {
      assertThat(banyan.get("k").map(Entry::text)).hasValue("v");
    }
    try (FakeDoor first = holding("1");
        FakeDoor second = holding("2");
        Banyan banyan = to(first, second)) {
      assertThat(banyan.get("k").map(Entry::text)).hasValue("1");
      first.close();
      assertThat(banyan.get("k").map(Entry::text)).hasValue("2");
      assertThat(banyan.get("k").map(Entry::text)).hasValue("2");
      assertThat(first.requests).hasSize(1);
    }
  }

  @Test
  void a_call_that_fails_everywhere_says_what_became_of_it_at_each_address() {
    String[] nobody = {nobody(), nobody()};
    try (Banyan banyan = Banyan.connect(nobody)) {
      UnavailableException failure =
          catchThrowableOfType(UnavailableException.class, () -> banyan.put("k", "v"));
      assertThat(failure.attempts()).extracting(Attempt::address).containsExactly(nobody);
      assertThat(failure.attempts()).extracting(Attempt::why).containsOnly(Why.UNREACHABLE);
      assertThat(failure.line())
          .contains(nobody[0], nobody[1], "connection refused")
          .doesNotContain("\n");
    }
    try (Banyan banyan = Banyan.connect("no-such-host.invalid:7171")) {
      assertThat(attempt(() -> banyan.get("k")).why()).isEqualTo(Why.UNKNOWN_HOST);
    }
  }

  @Test
  void a_write_that_a_worker_may_have_taken_is_sent_to_no_other_one() {
    try (FakeDoor hangsUp = new FakeDoor((_, _) -> {});
        FakeDoor other = saying(200, WRITTEN);
        Banyan banyan = to(hangsUp, other)) {
      assertThatThrownBy(() -> banyan.put("k", "v"))
          .isInstanceOf(OutcomeUnknownException.class)
          .hasMessageContaining("read the key before making it again");
      assertThat(other.requests).isEmpty();
      assertThat(hangsUp.requests).hasSize(1);
    }
  }

  @Test
  void a_write_that_was_surely_not_made_goes_to_the_next_address() {
    try (FakeDoor busy = saying(503, error("busy"));
        FakeDoor other = saying(200, WRITTEN);
        Banyan banyan = Banyan.connect(nobody(), busy.address(), other.address())) {
      assertThat(banyan.put("k", "v").version()).isEqualTo(new Version("2@a@b"));
    }
  }

  @Test
  void a_read_goes_on_to_the_next_address_whatever_happened() {
    try (FakeDoor hangsUp = new FakeDoor((_, _) -> {});
        FakeDoor half =
            new FakeDoor((_, socket) ->
                socket
                    .getOutputStream()
                    .write(
                        utf8(
                            "HTTP/1.1 200 OK\r\nETag: \"1@a@b\"\r\nContent-Length: 9\r\n\r\nhal")));
        FakeDoor garbage =
            new FakeDoor((_, socket) -> socket.getOutputStream().write(new byte[99]));
        FakeDoor reset = new FakeDoor((_, socket) -> socket.setSoLinger(true, 0));
        FakeDoor failed = saying(500, error(""));
        FakeDoor stopping = saying(503, error("stopping"));
        FakeDoor unsure = saying(503, error("not-known"));
        FakeDoor versionless = saying(200, "v");
        FakeDoor door = holding("v");
        Banyan banyan =
            to(hangsUp, half, garbage, reset, failed, stopping, unsure, versionless, door)) {
      assertThat(banyan.get("k").map(Entry::text)).hasValue("v");
    }
  }

  @Test
  void a_key_is_not_known_if_one_worker_does_not_know_and_no_other_does() {
    try (FakeDoor unsure = saying(503, error("not-known"));
        FakeDoor failed = saying(500, error(""));
        Banyan banyan = to(failed, unsure)) {
      assertThatThrownBy(() -> banyan.get("k")).isInstanceOf(NotKnownException.class);
    }
    try (FakeDoor unsure = saying(503, error("not-known"));
        FakeDoor other = saying(200, WRITTEN);
        Banyan banyan = to(unsure, other)) {
      assertThatThrownBy(() -> banyan.put("k", "v", Condition.ifAbsent()))
          .isInstanceOf(NotKnownException.class);
      assertThat(other.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nETag: \"1@a@b\"\r\nContent-Length: 9\r\n\r\nhal",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"
      })
  void an_answer_that_does_not_end_is_given_up_in_time_and_its_connection_closed(String half)
      throws InterruptedException {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              OutputStream out = socket.getOutputStream();
              out.write(utf8(half));
              out.flush();
              FakeDoor.awaitHangUp(socket);
              hungUp.countDown();
            });
        Banyan banyan =
            Banyan.connect(
                ConnectOptions.to(door.address()).withCallTimeout(Duration.ofMillis(200)))) {
      assertThat(attempt(() -> banyan.get("k")).why()).isEqualTo(Why.LATE);
      assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void an_answer_without_end_is_cut_off() throws InterruptedException {
    CountDownLatch cut = new CountDownLatch(1);
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              try {
                OutputStream out = socket.getOutputStream();
                out.write(utf8("HTTP/1.1 200 OK\r\nETag: \"1@a@b\"\r\nConnection: close\r\n\r\n"));
                while (true) {
                  out.write(new byte[1 << 16]);
                }
              } finally {
                cut.countDown();
              }
            });
        Banyan banyan = to(door)) {
      assertThat(attempt(() -> banyan.get("k")).why()).isEqualTo(Why.BROKEN);
      assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_refusal_without_end_of_a_watch_is_cut_off() throws InterruptedException {
    CountDownLatch cut = new CountDownLatch(1);
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              try {
                OutputStream out = socket.getOutputStream();
                out.write(utf8("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
                for (int i = 0; i < 1_000; i++) {
                  out.write(new byte[1 << 16]);
                }
                FakeDoor.awaitHangUp(socket);
              } finally {
                cut.countDown();
              }
            });
        Banyan banyan =
            Banyan.connect(
                ConnectOptions.to(door.address()).withCallTimeout(Duration.ofSeconds(20)))) {
      assertThat(attempt(() -> banyan.watch("k", _ -> {})).why()).isEqualTo(Why.BROKEN);
      assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_call_waits_for_its_turn_no_longer_than_a_call_may_take() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              asked.countDown();
              FakeDoor.awaitHangUp(socket);
            });
        Banyan banyan =
            Banyan.connect(
                ConnectOptions.to(door.address())
                    .withCalls(1)
                    .withCallTimeout(Duration.ofMillis(200)))) {
      CompletableFuture<Optional<Entry>> patient = banyan.async().get("k", Duration.ofMinutes(1));
      asked.await();
      assertThatThrownBy(() -> banyan.put("k", "v"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageStartingWith("the call waited in vain for its turn behind 1 others");
      assertThat(patient).isNotDone();
    }
  }

  @Test
  void a_call_takes_no_longer_over_several_addresses_than_over_one() {
    try (FakeDoor first = new FakeDoor((_, socket) -> FakeDoor.awaitHangUp(socket));
        FakeDoor second = holding("v");
        Banyan banyan =
            Banyan.connect(
                ConnectOptions.to(first.address(), second.address())
                    .withCallTimeout(Duration.ofMillis(200)))) {
      UnavailableException failure =
          catchThrowableOfType(UnavailableException.class, () -> banyan.keys("", "", 9));
      assertThat(failure.attempts())
          .extracting(Attempt::line)
          .last()
          .isEqualTo("no time was left to ask " + second.address());
      assertThat(second.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "null",
        "{\"keys\":1}",
        "{\"keys\":[1]}",
        "{\"keys\":[\"a\"],\"more\":true}x"
      })
  void what_is_no_page_of_keys_is_not_taken_for_one(String page) {
    try (FakeDoor door = saying(200, page);
        Banyan banyan = to(door)) {
      assertThat(attempt(() -> banyan.keys("", "", 9)).why()).isEqualTo(Why.NO_DOOR);
    }
  }

  @Test
  void keys_are_listed_page_by_page_and_a_door_that_turns_in_circles_is_found_out() {
    try (FakeDoor door =
            new FakeDoor((request, socket) ->
                say(
                    socket,
                    200,
                    request.target().contains("after=b")
                        ? "{\"keys\":[\"c\"],\"more\":false}"
                        : "{\"keys\":[\"a\",\"b\"],\"more\":true}"));
        FakeDoor circle = saying(200, "{\"keys\":[\"a\",\"b\"],\"more\":true}");
        Banyan banyan = to(door);
        Banyan endless = to(circle)) {
      assertThat(banyan.keys("")).containsExactly("a", "b", "c");
      assertThatThrownBy(() -> endless.keys("").toList()).isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void a_call_that_cannot_be_right_is_not_sent() {
    try (FakeDoor door = holding("v");
        Banyan banyan = to(door)) {
      List<Runnable> wrong =
          List.of(
              () -> banyan.get(""),
              () -> banyan.get("k".repeat(1025)),
              () -> banyan.get("\ud800"),
              () -> banyan.put("k", new byte[Value.MAX_BYTES + 1]),
              () -> banyan.get("k", Duration.ofMinutes(2)),
              () -> banyan.keys("", "", 0),
              () -> banyan.watch("", _ -> {}));
      assertThat(wrong)
          .allSatisfy(
              call -> assertThatThrownBy(call::run).isInstanceOf(BadRequestException.class));
      assertThat(door.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        ":1",
        "[]:1",
        "a b:1",
        "my_worker:1",
        "exämple:1",
        "h:0",
        "h:65536",
        "::1:7171",
        "a/b:1",
        "u@h:1"
      })
  void what_is_no_address_is_refused_before_anything_is_sent(String address) {
    assertThatThrownBy(() -> Banyan.connect(address)).isInstanceOf(IllegalArgumentException.class);
    assertThat(DoorAddress.parse("[::1]:7171").uri("/").getHost()).isEqualTo("[::1]");
  }

  @Test
  void closing_ends_the_calls_that_wait_and_refuses_more() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (FakeDoor door =
        new FakeDoor((_, socket) -> {
          asked.countDown();
          FakeDoor.awaitHangUp(socket);
        })) {
      Banyan banyan = Banyan.connect(ConnectOptions.to(door.address()).withCalls(1));
      CompletableFuture<Written> waits = banyan.async().put("k", "v");
      asked.await();
      CompletableFuture<Optional<Entry>> queued = banyan.async().get("k");
      banyan.close();
      banyan.close();
      for (CompletableFuture<?> call : List.of(waits, queued)) {
        assertThatThrownBy(() -> call.get(60, TimeUnit.SECONDS))
            .hasCauseInstanceOf(ClosedException.class);
      }
      assertThatThrownBy(() -> banyan.get("k")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> banyan.watch("k", _ -> {})).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void a_future_that_is_cancelled_gives_its_call_up() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              asked.countDown();
              FakeDoor.awaitHangUp(socket);
              hungUp.countDown();
            });
        Banyan banyan = to(door)) {
      CompletableFuture<Status> status = banyan.async().status();
      asked.await();
      status.cancel(true);
      assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_thread_that_is_interrupted_stays_so_and_its_call_ends() throws Exception {
    try (FakeDoor door = new FakeDoor((_, socket) -> FakeDoor.awaitHangUp(socket));
        Banyan banyan = to(door)) {
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(banyan::status).isInstanceOf(CallInterruptedException.class);
                flag.complete(Thread.currentThread().isInterrupted());
              });
      assertThat(flag.get(60, TimeUnit.SECONDS)).isTrue();
      caller.join();
    }
  }

  @Test
  void no_more_calls_are_under_way_than_are_allowed() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (FakeDoor door =
            new FakeDoor((_, socket) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.yield();
              now.decrementAndGet();
              say(socket, 200, WRITTEN);
            });
        Banyan banyan = Banyan.connect(ConnectOptions.to(door.address()).withCalls(3))) {
      List<CompletableFuture<Written>> writes =
          java.util.stream.IntStream.range(0, 100)
              .mapToObj(i -> banyan.async().put("k" + i, "v"))
              .toList();
      writes.forEach(CompletableFuture::join);
      assertThat(door.requests).hasSize(100);
      assertThat(most.get()).isBetween(1, 3);
    }
  }

  @Test
  void a_status_is_read_and_unknown_parts_of_it_do_no_harm() {
    String json =
        "{\"node\":\"ab\",\"connected\":false,\"trouble\":\"no root\",\"depth\":2,\"keys\":7,\"new\":[{\"x\":1.5}],"
            + "\"interests\":{\"learned\":1,\"explicit\":2,\"everything\":true},\"counters\":{\"puts\":3}}";
    try (FakeDoor door = saying(200, json + "\n");
        Banyan banyan = to(door)) {
      Status status = banyan.status();
      assertThat(status.trouble()).hasValue("no root");
      assertThat(status.connected()).isFalse();
      assertThat(status.keys()).isEqualTo(7);
      assertThat(status.interests()).isEqualTo(new Status.Interests(1, 2, true));
      assertThat(status.counters()).containsEntry("puts", 3L);
      assertThat(status.json()).isEqualTo(json);
    }
  }

  @Test
  void a_value_cannot_be_changed_from_outside() {
    byte[] bytes = {1, 2};
    Value value = Value.of(bytes);
    bytes[0] = 9;
    value.bytes()[1] = 9;
    assertThat(value).isEqualTo(Value.of(new byte[] {1, 2}));
  }
}
