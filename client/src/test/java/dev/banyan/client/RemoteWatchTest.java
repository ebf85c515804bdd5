package dev.banyan.client;

import static dev.banyan.client.FakeDoor.awaitHangUp;
import static dev.banyan.client.FakeDoor.event;
import static dev.banyan.client.FakeDoor.events;
import static dev.banyan.client.FakeDoor.put;
import static dev.banyan.client.FakeDoor.say;
import static dev.banyan.client.FakeDoor.saying;
import static dev.banyan.client.FakeDoor.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.client.WatchEvent.Interrupted;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Watches, against doors that go, come back, forget, flood and fall silent.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class RemoteWatchTest {

  private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();

  private WatchEvent next() throws InterruptedException {
    WatchEvent event = told.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute").isNotNull();
    return event;
  }

  private String nextValue() throws InterruptedException {
    return next() instanceof WatchEvent.Put put ? put.key() + "=" + put.text() : "no value";
  }

  private Interrupted.Why nextInterruption() throws InterruptedException {
    return next() instanceof Interrupted broken ? broken.why() : null;
  }

  /// A door of which each watch, in turn, gets another answer; the last one stays.
  private static FakeDoor door(FakeDoor.Script... watches) {
    AtomicInteger count = new AtomicInteger();
    return new FakeDoor((request, socket) ->
        watches[Math.min(count.getAndIncrement(), watches.length - 1)].answer(request, socket));
  }

  private static FakeDoor.Script tells(byte[]... events) {
    return (_, socket) -> {
      OutputStream out = events(socket);
      for (byte[] event : events) {
        out.write(event);
      }
      out.flush();
    };
  }

  private static FakeDoor.Script tellsAndStays(byte[]... events) {
    return (request, socket) -> {
      tells(events).answer(request, socket);
      awaitHangUp(socket);
    };
  }

  @Test
  void events_are_told_in_their_order() throws InterruptedException {
    try (FakeDoor door =
            door(
                tellsAndStays(
                    put("w-1", "r/a", "1"),
                    event("w-2", "watching", "{'values':1}"),
                    utf8(":\n\n"),
                    event("w-3", "caught-up", "{}"),
                    event("w-4", "of-tomorrow", "{}"),
                    event("w-5", "delete", "{'key':'r/a','version':'2@1@1','deleted':true}")));
        Banyan banyan = Banyan.connect(door.address());
        Watch watch = banyan.watch("r/", told::add)) {
      assertThat(nextValue()).isEqualTo("r/a=1");
      assertThat(next()).isEqualTo(new WatchEvent.Current(1));
      assertThat(next()).isEqualTo(new WatchEvent.CaughtUp());
      assertThat(next())
          .isInstanceOfSatisfying(
              WatchEvent.Deleted.class,
              deleted -> assertThat(deleted.revision().deleted()).isTrue());
      assertThat(watch.scope()).isEqualTo(Scope.prefix("r/"));
      assertThat(door.requests.getFirst().target()).isEqualTo("/v1/watch?prefix=r%2F");
    }
  }

  @Test
  void a_watch_that_breaks_off_goes_on_after_the_last_event_that_was_told() throws Exception {
    try (FakeDoor door =
            door(
                tells(put("w-1", "k", "1"), utf8("id: w-2\nevent: put\ndata: {\"half")),
                (_, socket) -> say(socket, 503, "{\"error\":\"stopping\",\"code\":\"stopping\"}"),
                tellsAndStays(event("", "resumed", "{}"), put("w-2", "k", "2")));
        Banyan banyan = Banyan.connect(door.address());
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(next()).isEqualTo(new WatchEvent.Resumed());
      assertThat(nextValue()).isEqualTo("k=2");
      assertThat(door.requests)
          .extracting(request -> request.header("Last-Event-ID"))
          .containsExactly("", "w-1", "w-1");
    }
  }

  @Test
  void a_gap_is_told_as_an_event_whether_the_door_says_so_or_not() throws Exception {
    try (FakeDoor door =
            door(
                tells(put("w-1", "k", "1"), event("", "stopping", "{'error':'it stops'}")),
                tells(
                    event("", "restarted", "{'reason':'forgotten'}"),
                    put("v-1", "k", "2"),
                    event("", "overflow", "{'error':'too slow'}")),
                tells(put("u-1", "k", "3"), event("", "ended", "{'error':'no room'}")),
                tellsAndStays(event("", "resumed", "{}")));
        Banyan banyan = Banyan.connect(door.address());
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.STOPPING);
      assertThat(next()).isEqualTo(new WatchEvent.Restarted("forgotten"));
      assertThat(nextValue()).isEqualTo("k=2");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.TOO_SLOW);
      assertThat(next()).isInstanceOf(WatchEvent.Restarted.class);
      assertThat(nextValue()).isEqualTo("k=3");
      assertThat(next())
          .isEqualTo(
              new Interrupted(Interrupted.Why.ENDED, "the worker ended the watch (no room)"));
      assertThat(next()).isEqualTo(new WatchEvent.Resumed());
    }
  }

  @Test
  void a_watch_goes_on_at_another_worker_when_its_own_has_gone() throws Exception {
    try (FakeDoor other =
            door(tellsAndStays(event("", "restarted", "{}"), put("v-1", "k", "there")));
        FakeDoor door = door(tellsAndStays(put("w-1", "k", "here")));
        Banyan banyan = Banyan.connect(door.address(), other.address());
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextValue()).isEqualTo("k=here");
      door.close();
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(next()).isInstanceOf(WatchEvent.Restarted.class);
      assertThat(nextValue()).isEqualTo("k=there");
      assertThat(other.requests.getFirst().header("Last-Event-ID")).isEqualTo("w-1");
    }
  }

  @Test
  void a_watch_that_hears_nothing_for_too_long_is_taken_up_again() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeDoor door =
            door(
                (_, socket) -> {
                  events(socket).write(put("w-1", "k", "1"));
                  awaitHangUp(socket);
                  hungUp.countDown();
                },
                tellsAndStays(event("", "resumed", "{}")));
        Banyan banyan =
            Banyan.connect(ConnectOptions.to(door.address()).withSilence(Duration.ofMillis(300)));
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(next()).isEqualTo(new WatchEvent.Resumed());
    }
  }

  @Test
  void an_event_without_end_is_cut_off() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (FakeDoor door =
            door(
                (_, socket) -> {
                  OutputStream out = events(socket);
                  out.write(utf8("data: "));
                  byte[] more = utf8("x".repeat(1 << 16));
                  while (true) {
                    out.write(more);
                    sent.addAndGet(more.length);
                  }
                },
                tellsAndStays(event("", "restarted", "{}")));
        Banyan banyan = Banyan.connect(door.address());
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(next()).isInstanceOf(WatchEvent.Restarted.class);
      assertThat(sent.get()).isLessThan(64 << 20);
    }
  }

  @Test
  void what_is_no_event_of_a_worker_breaks_the_watch_off() throws Exception {
    try (FakeDoor door =
            door(
                tellsAndStays(event("", "put", "garbage")),
                tellsAndStays(event("", "put", "{'key':'k'}")),
                tellsAndStays(utf8("id: a b\nevent: put\ndata: {}\n\n")),
                tellsAndStays(event("", "restarted", "{}"), put("w-1", "k", "1")));
        Banyan banyan = Banyan.connect(door.address());
        Watch _ = banyan.watch("k", told::add)) {
      for (int i = 0; i < 3; i++) {
        assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      }
      assertThat(next()).isInstanceOf(WatchEvent.Restarted.class);
      assertThat(nextValue()).isEqualTo("k=1");
    }
  }

  @Test
  void a_value_that_is_longer_than_any_worker_has_breaks_the_watch_off() throws Exception {
    try (FakeDoor door =
            door(
                tellsAndStays(put("w-1", "k", "x".repeat(Value.MAX_BYTES + 1))),
                tellsAndStays(event("", "restarted", "{}"), put("v-1", "k", "1")));
        Banyan banyan = Banyan.connect(door.address());
        Watch _ = banyan.watch("k", told::add)) {
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(next()).isInstanceOf(WatchEvent.Restarted.class);
      assertThat(nextValue()).isEqualTo("k=1");
    }
  }

  @Test
  void a_listener_that_takes_its_time_stops_the_door_and_misses_nothing() throws Exception {
    AtomicLong sent = new AtomicLong();
    int events = 1_000;
    String value = "x".repeat(1 << 16);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    CompletableFuture<Void> all = new CompletableFuture<>();
    Consumer<WatchEvent> slow =
        event -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          assertThat(((WatchEvent.Put) event).key()).isEqualTo("k" + told.getAndIncrement());
          if (told.get() == events) {
            all.complete(null);
          }
        };
    try (FakeDoor door =
            door((_, socket) -> {
              OutputStream out = events(socket);
              for (int i = 0; i < events; i++) {
                byte[] event = put("w-" + i, "k" + i, value);
                out.write(event);
                sent.addAndGet(event.length);
              }
              awaitHangUp(socket);
            });
        Banyan banyan = Banyan.connect(door.address());
        Watch watch = banyan.watch("k", slow)) {
      assertThat(whenStill(sent)).isLessThan(32L << 20);
      goOn.countDown();
      CompletableFuture.anyOf(all, watch.ended()).get(60, TimeUnit.SECONDS);
      assertThat(all).isCompleted();
    }
  }

  /// Its value once it has not changed for a while.
  private static long whenStill(AtomicLong value) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long before = -1;
    while (before != value.get() || before == 0) {
      before = value.get();
      assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
    }
    return before;
  }

  @Test
  void a_watch_may_be_closed_by_its_listener_and_tells_nothing_after_that() throws Exception {
    CompletableFuture<Watch> itself = new CompletableFuture<>();
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeDoor door =
            door((_, socket) -> {
              OutputStream out = events(socket);
              out.write(put("w-1", "k", "1"));
              out.write(put("w-2", "k", "2"));
              awaitHangUp(socket);
              hungUp.countDown();
            });
        Banyan banyan = Banyan.connect(door.address())) {
      Watch watch =
          banyan.watch(
              "k",
              event -> {
                told.add(event);
                itself.join().close();
              });
      itself.complete(watch);
      watch.ended().get(60, TimeUnit.SECONDS);
      assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(told).isEmpty();
      watch.close();
    }
  }

  @Test
  void the_client_may_be_closed_by_a_listener_and_ends_all_watches() throws Exception {
    try (FakeDoor door = door(tellsAndStays(put("w-1", "k", "1")))) {
      Banyan banyan = Banyan.connect(door.address());
      CountDownLatch both = new CountDownLatch(1);
      Watch silent = banyan.watch("other", _ -> {});
      Watch watch =
          banyan.watch(
              "k",
              _ -> {
                await(both);
                banyan.close();
              });
      both.countDown();
      watch.ended().get(60, TimeUnit.SECONDS);
      silent.ended().get(60, TimeUnit.SECONDS);
      assertThatThrownBy(banyan::status).isInstanceOf(ClosedException.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_watch_that_looks_for_a_worker_can_be_closed() throws Exception {
    try (FakeDoor door = door(tells(put("w-1", "k", "1")))) {
      Banyan banyan = Banyan.connect(door.address());
      Watch watch =
          banyan.watch(
              "k",
              event -> {
                door.close();
                told.add(event);
              });
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      banyan.close();
      watch.ended().get(60, TimeUnit.SECONDS);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void a_watch_whose_listener_throws_ends_with_what_it_threw() {
    try (FakeDoor door = door(tellsAndStays(put("w-1", "k", "1"), put("w-2", "k", "2")));
        Banyan banyan = Banyan.connect(door.address());
        Watch watch =
            banyan.watch(
                "k",
                event -> {
                  told.add(event);
                  throw new IllegalStateException("a fault of the listener");
                })) {
      assertThatThrownBy(() -> watch.ended().get(60, TimeUnit.SECONDS))
          .hasRootCauseMessage("a fault of the listener");
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void a_watch_that_is_refused_does_not_begin_and_one_that_is_refused_later_ends()
      throws Exception {
    try (FakeDoor refuses = saying(400, "{\"error\":\"no such prefix\"}");
        FakeDoor door =
            door(
                tells(put("w-1", "k", "1")),
                (_, socket) -> say(socket, 400, "{\"error\":\"no such prefix\"}"));
        Banyan refused = Banyan.connect(refuses.address());
        Banyan banyan = Banyan.connect(door.address())) {
      assertThatThrownBy(() -> refused.watch("k/", told::add))
          .isInstanceOf(BadRequestException.class)
          .hasMessage("no such prefix");
      assertThat(told).isEmpty();
      Watch watch = banyan.watch("k", told::add);
      assertThat(nextValue()).isEqualTo("k=1");
      assertThat(nextInterruption()).isEqualTo(Interrupted.Why.BROKEN);
      assertThat(next()).isInstanceOf(WatchEvent.Ended.class);
      assertThatThrownBy(() -> watch.ended().get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(BadRequestException.class);
    }
  }

  @Test
  void a_watch_of_what_is_no_door_does_not_begin() {
    List<FakeDoor> others =
        List.of(
            saying(200, "<html>", "Content-Type: text/html"),
            saying(404, "<html>"),
            new FakeDoor((_, _) -> {}));
    for (FakeDoor other : others) {
      try (other;
          Banyan banyan = Banyan.connect(other.address())) {
        assertThatThrownBy(() -> banyan.watch("k", told::add))
            .isInstanceOf(UnavailableException.class);
      }
    }
  }

  @Test
  void a_watch_whose_future_was_cancelled_is_closed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeDoor door =
            door((_, socket) -> {
              asked.countDown();
              awaitHangUp(socket);
              hungUp.countDown();
            });
        Banyan banyan = Banyan.connect(door.address())) {
      CompletableFuture<Watch> watch = banyan.async().watch("k", told::add);
      asked.await();
      watch.cancel(true);
      assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// Kept apart, as it must compile: a reader that overlooks no kind of event.
  static String line(WatchEvent event) throws IOException {
    return switch (event) {
      case WatchEvent.Put put -> put.key();
      case WatchEvent.Deleted deleted -> deleted.key();
      case WatchEvent.Current current -> "" + current.values();
      case WatchEvent.CaughtUp _ -> "caught up";
      case WatchEvent.Interrupted broken -> broken.line();
      case WatchEvent.Resumed _ -> "resumed";
      case WatchEvent.Restarted restarted -> restarted.reason();
      case WatchEvent.Ended ended -> ended.why().line();
    };
  }
}
