package dev.banyan.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.banyan.client.BadRequestException;
import dev.banyan.client.Banyan;
import dev.banyan.client.BanyanException;
import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.ClosedException;
import dev.banyan.client.Condition;
import dev.banyan.client.ConditionFailedException;
import dev.banyan.client.Entry;
import dev.banyan.client.KeyPage;
import dev.banyan.client.NotKnownException;
import dev.banyan.client.OutcomeUnknownException;
import dev.banyan.client.Revision;
import dev.banyan.client.Scope;
import dev.banyan.client.Status;
import dev.banyan.client.Value;
import dev.banyan.client.Version;
import dev.banyan.client.Watch;
import dev.banyan.client.WatchEvent;
import dev.banyan.client.Written;
import dev.banyan.node.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every implementation of [Banyan] promises, against real workers. Its subclasses say how a worker is reached; they run the same
/// tests, so that implementations cannot drift apart.
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
abstract class BanyanContract {

  private static final Duration LONG = Duration.ofSeconds(60);

  /// Without routers: workers lose their parent with the root.
  final BanyanCluster cluster =
      BanyanCluster.start(
          BanyanCluster.Options.workers(2).withRouters(0).with("drain-timeout", "1s"));

  final Banyan here = open(0, LONG);
  final Banyan there = open(1, LONG);
  private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();

  /// Reaches a worker of the cluster.
  abstract Banyan open(int worker, Duration callTimeout);

  @AfterEach
  void close() {
    cluster.close();
    here.close();
    there.close();
  }

  private WatchEvent next() throws InterruptedException {
    WatchEvent event = told.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event within a minute").isNotNull();
    return event;
  }

  private <T extends WatchEvent> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      WatchEvent event = next();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  private String nextPut() throws InterruptedException {
    WatchEvent.Put put = next(WatchEvent.Put.class);
    return put.key() + "=" + put.text();
  }

  @Test
  void what_is_written_at_one_worker_is_read_at_another() {
    Written written = here.put("a b/ключ", "x=1");
    assertThat(written.key()).isEqualTo("a b/ключ");
    assertThat(written.cutOff()).isFalse();
    Entry expected = new Entry("a b/ключ", Value.of("x=1"), written.version(), false);
    assertThat(here.get("a b/ключ")).hasValue(expected);
    cluster.awaitSettled();
    assertThat(there.get("a b/ключ")).hasValue(expected);
    assertThat(there.get("a b/ключ", Duration.ofSeconds(30))).hasValue(expected);
  }

  @Test
  void a_key_that_is_absent_or_deleted_is_no_failure() {
    assertThat(here.get("never")).isEmpty();
    assertThat(here.get("never", Duration.ofSeconds(30))).isEmpty();
    assertThat(here.history("never")).isEmpty();
    here.put("k", "v");
    here.delete("k");
    here.delete("k");
    assertThat(here.get("k")).isEmpty();
  }

  @Test
  void a_write_is_made_only_if_its_condition_holds_and_otherwise_says_what_is_there() {
    Version first = here.put("k", "1", Condition.ifAbsent()).version();
    ConditionFailedException failed =
        catchThrowableOfType(
            ConditionFailedException.class, () -> here.put("k", "2", Condition.ifAbsent()));
    String writer = here.status().worker();
    assertThat(failed.current())
        .hasValue(new Revision("k", first, writer, Optional.of(Value.of("1"))));
    assertThat(failed.line())
        .isEqualTo("the key 'k' is not here as the write expects: it is at " + first);
    Version second = here.put("k", "2", Condition.ifVersion(first)).version();
    assertThatThrownBy(() -> here.delete("k", Condition.ifVersion(first)))
        .isInstanceOf(ConditionFailedException.class);
    Version gone = here.delete("k", Condition.ifVersion(second)).version();
    ConditionFailedException absent =
        catchThrowableOfType(
            ConditionFailedException.class, () -> here.put("k", "3", Condition.ifVersion(second)));
    assertThat(absent.current()).hasValue(new Revision("k", gone, writer, Optional.empty()));
    assertThat(here.history("k"))
        .extracting(Revision::value)
        .containsExactly(Optional.empty(), Optional.of(Value.of("2")), Optional.of(Value.of("1")));
    assertThatThrownBy(() -> here.put("k", "3", Condition.ifVersion(new Version("nonsense"))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("is not a version");
  }

  @Test
  void the_largest_value_arrives_whole_and_a_larger_one_is_refused() {
    byte[] largest = new byte[Value.MAX_BYTES];
    for (int i = 0; i < largest.length; i++) {
      largest[i] = (byte) (i * 31);
    }
    here.put("large", largest);
    here.put("empty", new byte[0]);
    cluster.awaitSettled();
    assertThat(there.get("large", Duration.ofMinutes(1)).orElseThrow().bytes()).isEqualTo(largest);
    assertThat(there.get("empty").orElseThrow().bytes()).isEmpty();
    assertThatThrownBy(() -> here.put("large", new byte[Value.MAX_BYTES + 1]))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "a value has at most 1048576 bytes, this one 1048577: split it over several keys");
  }

  @Test
  void what_a_caller_does_to_its_array_later_changes_no_value() {
    byte[] mine = {1, 2};
    here.put("k", mine);
    mine[0] = 9;
    here.get("k").orElseThrow().bytes()[1] = 9;
    assertThat(here.get("k").orElseThrow().bytes()).containsExactly(1, 2);
  }

  @Test
  void a_call_that_cannot_be_right_is_refused_with_the_reason() {
    refused(() -> here.get(""), "a key has at least one character");
    refused(() -> here.put("", "v"), "a key has at least one character");
    refused(() -> here.delete("k".repeat(1025)), "a key has at most 1024 bytes of UTF-8");
    refused(
        () -> here.history("\ud800"), "'\ud800' is no key: half of a surrogate pair has no UTF-8");
    refused(() -> here.tagsJson(""), "a key has at least one character");
    refused(
        () -> here.get("k", Duration.ofMinutes(2)),
        "patience: a millisecond to a minute, not PT2M");
    refused(() -> here.keys("", "", 0), "limit: 1 to 10000, not 0");
    refused(() -> here.keys("k".repeat(1025), "", 1), "a prefix has at most 1024 bytes of UTF-8");
    refused(() -> here.watch("", told::add), "a key has at least one character");
  }

  private static void refused(Runnable call, String line) {
    assertThatThrownBy(call::run).isInstanceOf(BadRequestException.class).hasMessage(line);
  }

  @Test
  void keys_are_listed_in_order_page_by_page() {
    List<CompletableFuture<Written>> writes =
        IntStream.range(0, 1_203).mapToObj(i -> here.async().put("listed/" + i, "v")).toList();
    writes.forEach(CompletableFuture::join);
    assertThat(here.keys("listed/")).hasSize(1_203).isSorted().doesNotHaveDuplicates();
    KeyPage page = here.keys("listed/", "listed/10", 2);
    assertThat(page).isEqualTo(new KeyPage(List.of("listed/100", "listed/1000"), true));
    assertThat(here.keys("other/", "", 9)).isEqualTo(new KeyPage(List.of(), false));
  }

  @Test
  void a_worker_says_how_it_is_and_what_it_holds() {
    here.put("a/b", "1");
    Status status = here.status();
    assertThat(status.worker()).isEqualTo(cluster.workerNode(0).id());
    assertThat(status.connected()).isTrue();
    assertThat(status.trouble()).isEmpty();
    assertThat(status.parent()).hasValue(cluster.root().id());
    assertThat(status.depth()).isEqualTo(1);
    assertThat(status.keys()).isEqualTo(1);
    assertThat(status.counters()).isNotEmpty();
    assertThat(Json.parse(status.json()).path("kind").asText()).isEqualTo("client");
    assertThat(Json.parse(here.tagsJson("a/b")).path("tags")).hasSize(2);
    assertThat(Json.parse(here.replicaJson()).path("held").path(0).path("key").asText())
        .isEqualTo("a/b");
  }

  @Test
  void many_calls_at_the_same_time_are_all_made() {
    List<CompletableFuture<Written>> writes =
        IntStream.range(0, 200).mapToObj(i -> here.async().put("n/" + i, "" + i)).toList();
    writes.forEach(CompletableFuture::join);
    List<CompletableFuture<Optional<Entry>>> reads =
        IntStream.range(0, 200).mapToObj(i -> here.async().get("n/" + i)).toList();
    for (int i = 0; i < 200; i++) {
      assertThat(reads.get(i).join().map(Entry::text)).hasValue("" + i);
    }
  }

  @Test
  void a_watch_tells_what_is_there_then_what_others_hold_then_changes_in_order() throws Exception {
    here.put("w/a", "1");
    there.put("w/b", "1");
    cluster.awaitSettled();
    try (Watch watch = here.watch("w/", told::add)) {
      assertThat(watch.scope()).isEqualTo(Scope.prefix("w/"));
      assertThat(nextPut()).isEqualTo("w/a=1");
      assertThat(next()).isEqualTo(new WatchEvent.Current(1));
      assertThat(nextPut()).isEqualTo("w/b=1");
      next(WatchEvent.CaughtUp.class);
      there.put("w/c", "1");
      there.put("other", "1");
      assertThat(nextPut()).isEqualTo("w/c=1");
      there.delete("w/b");
      assertThat(next(WatchEvent.Deleted.class).key()).isEqualTo("w/b");
      assertThat(watch.ended()).isNotDone();
    }
  }

  @Test
  void a_watch_of_one_key_tells_of_no_other() throws Exception {
    here.put("k/2", "no");
    here.put("k", "1");
    cluster.awaitSettled();
    try (Watch _ = there.watch("k", told::add)) {
      assertThat(nextPut()).isEqualTo("k=1");
      next(WatchEvent.CaughtUp.class);
      here.put("k/3", "no");
      here.put("k", "2");
      assertThat(nextPut()).isEqualTo("k=2");
    }
  }

  @Test
  void a_listener_that_takes_its_time_gets_the_newest_of_each_key_and_not_all_that_was_between()
      throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Watch _ =
        here.watch(
            "s/",
            event -> {
              await(goOn);
              told.add(event);
            })) {
      byte[] large = new byte[1 << 16];
      for (int i = 0; i < 300; i++) {
        large[0] = (byte) i;
        here.put("s/" + i % 3, large);
      }
      goOn.countDown();
      byte[] last = new byte[3];
      int puts = 0;
      while (last[0] != (byte) 297 || last[1] != (byte) 298 || last[2] != (byte) 299) {
        WatchEvent.Put put = next(WatchEvent.Put.class);
        last[put.key().charAt(2) - '0'] = put.revision().value().orElseThrow().bytes()[0];
        puts++;
      }
      assertThat(puts).isLessThan(200);
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
  void a_listener_that_reads_slowly_gets_every_one_of_many_keys() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Watch _ =
        here.watch(
            "m/",
            event -> {
              await(goOn);
              told.add(event);
            })) {
      byte[] large = new byte[1 << 15];
      for (int i = 0; i < 100; i++) {
        here.put("m/" + i, large);
      }
      goOn.countDown();
      assertThat(IntStream.range(0, 100).mapToObj(_ -> put().key()).distinct()).hasSize(100);
    }
  }

  private WatchEvent.Put put() {
    try {
      return next(WatchEvent.Put.class);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_watch_may_be_closed_by_its_listener_and_tells_nothing_after_that() throws Exception {
    CompletableFuture<Watch> itself = new CompletableFuture<>();
    here.put("k", "1");
    Watch watch =
        here.watch(
            "k",
            event -> {
              told.add(event);
              itself.join().close();
            });
    itself.complete(watch);
    watch.ended().get(60, TimeUnit.SECONDS);
    here.put("k", "2");
    watch.close();
    assertThat(nextPut()).isEqualTo("k=1");
    assertThat(told).isEmpty();
  }

  @Test
  void a_watch_whose_listener_throws_ends_with_what_it_threw() {
    here.put("k", "1");
    Watch watch =
        here.watch(
            "k",
            event -> {
              told.add(event);
              throw new IllegalStateException("a fault of the listener");
            });
    assertThatThrownBy(() -> watch.ended().get(60, TimeUnit.SECONDS))
        .hasRootCauseMessage("a fault of the listener");
    assertThat(told).hasSize(1);
  }

  @Test
  void a_watch_of_a_prefix_that_workers_have_not_declared_does_not_begin() {
    assertThatThrownBy(() -> here.watch(Scope.prefix("noslash"), told::add))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("/");
    assertThatThrownBy(() -> here.async().watch(Scope.prefix("noslash"), told::add).join())
        .hasCauseInstanceOf(BadRequestException.class);
    assertThat(told).isEmpty();
  }

  @Test
  void closing_while_events_are_told_tells_of_no_break() throws Exception {
    here.put("k", "0");
    Watch watch = here.watch("k", told::add);
    nextPut();
    Thread writing =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; i < 50; i++) {
                there.put("k", "" + i);
              }
            });
    nextPut();
    here.close();
    watch.ended().get(60, TimeUnit.SECONDS);
    writing.join();
    assertThat(told).noneMatch(WatchEvent.Interrupted.class::isInstance);
  }

  @Test
  void closing_ends_the_calls_that_wait_and_all_watches_and_refuses_more() throws Exception {
    Watch watch = here.watch("k", told::add);
    next(WatchEvent.CaughtUp.class);
    cluster.workerNode(0).hang();
    CompletableFuture<Written> write = here.async().put("k", "v");
    CompletableFuture<Optional<Entry>> read = here.async().get("k");
    awaitWaiting(write, read);
    Thread closing = Thread.ofVirtual().start(here::close);
    assertThatThrownBy(() -> write.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> read.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClosedException.class);
    watch.ended().get(60, TimeUnit.SECONDS);
    cluster.workerNode(0).resume();
    closing.join();
    here.close();
    assertThatThrownBy(() -> here.get("k")).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> here.put("k", "v")).isInstanceOf(ClosedException.class);
    assertThatThrownBy(here::status).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> here.watch("k", told::add)).isInstanceOf(ClosedException.class);
    assertThat(told).isEmpty();
  }

  /// They are under way, and have no answer for a moment.
  private static void awaitWaiting(CompletableFuture<?>... calls) {
    for (CompletableFuture<?> call : calls) {
      assertThatThrownBy(() -> call.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
  }

  @Test
  void a_write_without_an_answer_in_time_may_have_been_made_and_a_read_is_not_known() {
    try (Banyan hasty = open(0, Duration.ofMillis(300))) {
      cluster.workerNode(0).hang();
      assertThatThrownBy(() -> hasty.put("k", "v"))
          .isInstanceOf(OutcomeUnknownException.class)
          .hasMessageStartingWith("whether the write was made is not known");
      assertThatThrownBy(() -> hasty.get("k", Duration.ofMillis(200)))
          .isInstanceOf(NotKnownException.class)
          .hasMessage(
              "it is not known yet whether there is a key 'k': this worker does not hold it, and the others have not"
                  + " answered in time; ask again");
      cluster.workerNode(0).resume();
    }
  }

  @Test
  void a_thread_that_is_interrupted_stays_so_and_its_call_ends() throws Exception {
    cluster.workerNode(0).hang();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    CompletableFuture<BanyanException> failure = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              failure.complete(
                  catchThrowableOfType(BanyanException.class, () -> here.put("k", "v")));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    awaitWaiting(failure);
    caller.interrupt();
    assertThat(failure.get(60, TimeUnit.SECONDS)).isInstanceOf(CallInterruptedException.class);
    assertThat(flag.get(60, TimeUnit.SECONDS)).isTrue();
    cluster.workerNode(0).resume();
  }

  @Test
  void a_future_that_is_cancelled_gives_its_call_up_and_leaves_no_watch() throws Exception {
    cluster.workerNode(0).hang();
    CompletableFuture<Watch> watch = here.async().watch("k", told::add);
    awaitWaiting(watch);
    watch.cancel(true);
    cluster.workerNode(0).resume();
    here.put("k", "v");
    assertThat(here.get("k").map(Entry::text)).hasValue("v");
    assertThat(told).isEmpty();
  }

  @Test
  void a_worker_that_is_cut_off_says_so_and_goes_on_when_the_root_is_back() throws Exception {
    here.put("held", "1");
    cluster.awaitSettled();
    try (Watch _ = there.watch("w/", told::add)) {
      next(WatchEvent.CaughtUp.class);
      cluster.root().kill();
      while (here.status().connected()) {
        Thread.onSpinWait();
      }
      assertThat(here.status().trouble()).isPresent();
      assertThat(here.get("held").orElseThrow().stale()).isTrue();
      assertThat(here.put("w/a", "1").cutOff()).isTrue();
      assertThatThrownBy(() -> here.get("unknown", Duration.ofMillis(300)))
          .isInstanceOf(NotKnownException.class);
      cluster.restartRoot();
      assertThat(nextPut()).isEqualTo("w/a=1");
      cluster.awaitSettled();
      assertThat(here.get("held").orElseThrow().stale()).isFalse();
    }
  }
}
