package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.write.PayloadKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A worker that stops in good order leaves nothing behind that only it held.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeavingTest {

  private static final int HALF_LIFE = 20_000;
  private static final StoreConfig CONFIG =
      StoreConfig.DEFAULT.withHalfLifeNanos(TimeUnit.MILLISECONDS.toNanos(HALF_LIFE));

  private Grove grove = Grove.of(1, 2, 3, CONFIG);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);

  private long drain(Worker worker, long timeoutMillis) {
    return grove.command(
        worker, r -> new StoreCommand.Drain(r, TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
  }

  private StoreOutcome.Drained drained(Worker worker, long request) {
    return (StoreOutcome.Drained) grove.last(worker, request);
  }

  private void stop(Worker worker) {
    grove.give(Grove.idOf(worker), new Event.Stop());
    grove.advanceMillis(50);
    grove.kill(Grove.idOf(worker));
  }

  private String read(Worker worker, String key) {
    long get = grove.get(worker, key);
    grove.advanceMillis(5_000);
    return grove.last(worker, get) instanceof StoreOutcome.Value value
        ? value.value().asUtf8()
        : grove.last(worker, get).getClass().getSimpleName();
  }

  @Test
  void what_waits_to_share_a_multicast_is_sent_before_the_goodbye() {
    grove = Grove.of(2, 2, 2, CONFIG.withBatchNanos(TimeUnit.SECONDS.toNanos(1)));
    Worker writer = grove.worker(0);
    Worker reader = grove.worker(1);
    grove.watch(reader, "p/");
    grove.advanceMillis(100);
    for (int i = 0; i < 5; i++) {
      grove.put(writer, "p/" + i, "v" + i);
    }
    stop(writer);
    for (int i = 0; i < 5; i++) {
      assertThat(Grove.value(reader, "p/" + i)).isEqualTo("v" + i);
    }
  }

  @Test
  void what_only_the_leaving_worker_holds_is_found_at_another_afterwards() {
    grove.put(a, "p/x", "1");
    grove.put(a, "gone", "1");
    grove.delete(a, "gone");
    long drain = drain(a, 8_000);
    grove.advanceMillis(500);
    assertThat(drained(a, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 2, 0, ""));
    stop(a);
    assertThat(read(c, "p/x")).isEqualTo("1");
    assertThat(b.newest("gone").or(() -> c.newest("gone")).orElseThrow().deleted()).isTrue();
    assertThat(Grove.counter(a, "handedOver")).isEqualTo(2);
  }

  @Test
  void that_nobody_can_be_sure_who_else_holds_it_holds_nothing_up() {
    grove = Grove.young(1, 2, 3, CONFIG);
    Worker leaver = grove.worker(0);
    grove.put(leaver, "p/x", "1");
    long drain = drain(leaver, 8_000);
    grove.advanceMillis(500);
    assertThat(drained(leaver, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 1, 0, ""));
  }

  @Test
  void what_was_handed_over_stays_until_another_worker_writes_it() {
    grove.put(a, "x", "1");
    drain(a, 8_000);
    grove.advanceMillis(500);
    stop(a);
    Worker taker = b.size() > 0 ? b : c;
    Worker other = taker == b ? c : b;
    grove.advanceMillis(20 * HALF_LIFE);
    assertThat(Grove.value(taker, "x")).isEqualTo("1");
    grove.put(other, "x", "2");
    grove.advanceMillis(10 * HALF_LIFE);
    assertThat(taker.held()).isEmpty();
    assertThat(Grove.value(other, "x")).isEqualTo("2");
  }

  @Test
  void a_reader_that_stays_takes_over_the_duty_and_nothing_is_sent_twice() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(100);
    long drain = drain(a, 8_000);
    grove.advanceMillis(500);
    assertThat(drained(a, drain)).isEqualTo(new StoreOutcome.Drained(drain, 1, 0, 0, ""));
    stop(a);
    grove.advanceMillis(20 * HALF_LIFE);
    assertThat(Grove.value(b, "x")).isEqualTo("1");
    assertThat(c.held()).isEmpty();
    assertThat(read(c, "x")).isEqualTo("1");
  }

  @Test
  void the_last_reader_hands_over_what_a_dead_writer_wrote() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(100);
    grove.kill(Grove.idOf(a));
    grove.advanceMillis(500);
    drain(b, 8_000);
    grove.advanceMillis(3_000);
    stop(b);
    assertThat(read(c, "x")).isEqualTo("1");
  }

  @Test
  void who_watches_a_prefix_or_everything_vouches_for_what_it_holds() {
    grove.watch(b, "p/");
    grove.watch(c, "");
    grove.advanceMillis(200);
    grove.put(a, "p/x", "1");
    grove.put(a, "q/x", "1");
    grove.advanceMillis(100);
    long drain = drain(a, 8_000);
    grove.advanceMillis(500);
    assertThat(drained(a, drain)).isEqualTo(new StoreOutcome.Drained(drain, 2, 0, 0, ""));
  }

  @Test
  void a_key_taken_over_under_a_watch_outlives_the_watch() {
    long watch = grove.watch(b, "p/");
    grove.advanceMillis(200);
    grove.put(a, "p/x", "1");
    grove.advanceMillis(100);
    drain(a, 8_000);
    grove.advanceMillis(500);
    stop(a);
    grove.command(b, r -> new StoreCommand.Unwatch(r, watch));
    grove.advanceMillis(20 * HALF_LIFE);
    assertThat(read(c, "p/x")).isEqualTo("1");
  }

  @Test
  void without_another_worker_it_says_soon_what_is_left() {
    grove = Grove.of(3, 2, 1, CONFIG);
    Worker alone = grove.worker(0);
    grove.put(alone, "x", "1");
    grove.put(alone, "y", "1");
    long drain = drain(alone, 60_000);
    grove.advanceMillis(5_000);
    assertThat(drained(alone, drain).left()).isEqualTo(2);
    assertThat(drained(alone, drain).example()).isIn("x", "y");
  }

  @Test
  void a_worker_that_is_cut_off_waits_for_its_way_back_or_says_in_time_what_is_left() {
    NodeId parent = grove.parentOf(a);
    for (NodeId router : List.of(new NodeId(0), new NodeId(1), new NodeId(2))) {
      grove.listening(router, false);
    }
    grove.put(a, "x", "1");
    grove.cutAll(Grove.idOf(a));
    grove.advanceMillis(100);
    assertThat(a.connected()).isFalse();
    long drain = drain(a, 8_000);
    grove.advanceMillis(2_000);
    assertThat(grove.outcomes(a, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    for (NodeId router : List.of(new NodeId(0), new NodeId(1), new NodeId(2))) {
      grove.listening(router, true);
    }
    grove.advanceMillis(5_900);
    assertThat(drained(a, drain).left()).isZero();
    assertThat(parent).isNotNull();

    grove.put(b, "y", "1");
    for (NodeId router : List.of(new NodeId(0), new NodeId(1), new NodeId(2))) {
      grove.listening(router, false);
    }
    grove.cutAll(Grove.idOf(b));
    drain = drain(b, 8_000);
    grove.advanceMillis(7_900);
    assertThat(grove.outcomes(b, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    grove.advanceMillis(200);
    assertThat(drained(b, drain).left()).as("all that it holds").isEqualTo(b.size());
    assertThat(drained(b, drain).example()).isIn("x", "y");
  }

  @Test
  void two_that_leave_at_once_do_not_hand_over_to_each_other() {
    for (int i = 0; i < 200; i++) {
      grove.put(a, "a/" + i, "v");
      grove.put(b, "b/" + i, "v");
    }
    grove.put(a, "shared", "v");
    grove.get(b, "shared");
    grove.advanceMillis(200);
    long first = drain(a, 8_000);
    long second = drain(b, 8_000);
    grove.advanceMillis(4_000);
    assertThat(drained(a, first).left()).isZero();
    assertThat(drained(b, second).left()).isZero();
    stop(a);
    stop(b);
    assertThat(c.size()).isEqualTo(401);
  }

  @Test
  void a_taker_that_dies_before_it_confirms_is_replaced() {
    grove.put(a, "x", "1");
    grove.fate(
        (to, message) -> message instanceof Message.TaskResult ? List.of() : List.of(message));
    long drain = drain(a, 20_000);
    grove.advanceMillis(300);
    Worker taker = b.size() > 0 ? b : c;
    assertThat(taker.size()).isEqualTo(1);
    grove.kill(Grove.idOf(taker));
    grove.fate((to, message) -> List.of(message));
    grove.advanceMillis(10_000);
    assertThat(drained(a, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 1, 0, ""));
    assertThat(read(taker == b ? c : b, "x")).isEqualTo("1");
  }

  @Test
  void a_full_worker_takes_nothing_and_another_one_does() {
    grove = new Grove(4, CONFIG.withLimitBytes(6 << 20));
    grove.router();
    grove.advanceMillis(500);
    Worker leaver = grove.worker();
    Worker full = grove.worker();
    grove.advanceMillis(1_500);
    Bytes megabyte = Bytes.wrap(new byte[StoreCommand.MAX_VALUE_BYTES]);
    for (int i = 0; i < 2; i++) {
      String key = "full/" + i;
      grove.command(full, r -> new StoreCommand.Put(r, key, megabyte));
    }
    grove.advanceMillis(1_500);
    grove.command(leaver, r -> new StoreCommand.Put(r, "x", megabyte));
    long drain = drain(leaver, 20_000);
    grove.advanceMillis(3_000);
    assertThat(grove.outcomes(leaver, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    Worker late = grove.worker();
    grove.advanceMillis(5_000);
    assertThat(drained(leaver, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 1, 0, ""));
    assertThat(late.size()).isEqualTo(1);
  }

  @Tag("costly")
  @Test
  void thousands_of_keys_go_in_parcels() {
    grove = Grove.of(5, 2, 3, CONFIG);
    Worker leaver = grove.worker(0);
    for (int i = 0; i < 5_000; i++) {
      grove.put(leaver, "k/" + i, "value " + i);
    }
    grove.advanceMillis(500);
    long drain = drain(leaver, 60_000);
    grove.advanceMillis(10_000);
    assertThat(drained(leaver, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 5_000, 0, ""));
  }

  @Test
  void what_nobody_answers_about_is_handed_over_and_progress_is_told() {
    for (int i = 0; i < 600; i++) {
      grove.put(a, "k/" + i, "value " + i);
      grove.get(b, "k/" + i);
    }
    grove.advanceMillis(1_000);
    grove.fate((to, message) -> message instanceof Message.Anycast ? List.of() : List.of(message));
    long drain = drain(a, 60_000);
    grove.advanceMillis(5_000);
    assertThat(drained(a, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 600, 0, ""));
    assertThat(grove.outcomes(a, drain))
        .filteredOn(StoreOutcome.Draining.class::isInstance)
        .hasSizeGreaterThan(1);
  }

  @Test
  void while_parcels_are_under_way_somebody_is_there() {
    grove = Grove.of(3, 2, 1, CONFIG);
    Worker leaver = grove.worker(0);
    for (int i = 0; i < 100; i++) {
      grove.put(leaver, "k/" + i, "v");
    }
    long drain = drain(leaver, 60_000);
    grove.advanceMillis(500); // Nobody is there, so far.
    grove.worker();
    List<Message> results = new ArrayList<>();
    List<Message.Dispatch> sent = new ArrayList<>();
    grove.fate((to, message) -> {
      if (to.equals(grove.parentOf(leaver))
          && message instanceof Message.Dispatch task
          && !task.returned()) {
        sent.add(task);
      }
      boolean late = to.equals(Grove.idOf(leaver)) && message instanceof Message.TaskResult;
      if (late) {
        results.add(message);
      }
      return late ? List.of() : List.of(message);
    });
    grove.advanceMillis(3_500);
    assertThat(results).hasSizeGreaterThan(1);
    assertThat(grove.outcomes(leaver, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    deliver(leaver, List.of(returned(sent.getLast())));
    assertThat(grove.outcomes(leaver, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    assertThat(grove.outcomes(leaver, drain)).noneMatch(StoreOutcome.Drained.class::isInstance);
    grove.fate((to, message) -> List.of(message));
    deliver(leaver, results);
    grove.advanceMillis(1_000);
    assertThat(drained(leaver, drain)).isEqualTo(new StoreOutcome.Drained(drain, 0, 100, 0, ""));
  }

  private static Message.Dispatch returned(Message.Dispatch task) {
    return new Message.Dispatch(
        task.id(), task.origin(), task.tags(), task.path(), true, task.elsewhere(), task.task());
  }

  private void deliver(Worker worker, List<Message> messages) {
    for (Message message : List.copyOf(messages)) {
      grove.give(
          Grove.idOf(worker),
          new Event.Received(worker.tree().view().parentLink().orElseThrow(), message));
    }
  }

  @Test
  void what_is_answered_late_counts() {
    for (int i = 0; i < 100; i++) {
      grove.put(a, "k/" + i, "v");
    }
    grove.get(b, "k/7");
    grove.advanceMillis(500);
    List<Message> late = new ArrayList<>();
    grove.fate((to, message) -> {
      boolean held =
          to.equals(Grove.idOf(a))
              && (message instanceof Message.TaskResult
                  || message instanceof Message.AnycastAnswer);
      if (held) {
        late.add(message);
      }
      return held ? List.of() : List.of(message);
    });
    long drain = drain(a, 60_000);
    grove.advanceMillis(4_000); // Questions are overdue, parcels are on their way.
    List<Message> first = List.copyOf(late);
    grove.advanceMillis(5_000); // They are overdue, too.
    deliver(a, first);
    StoreOutcome.Drained drained = drained(a, drain);
    assertThat(drained.left()).isZero();
    assertThat(drained.vouched()).isEqualTo(1);
    assertThat(drained.handedOver()).isEqualTo(99);
  }

  @Test
  void nothing_is_written_any_more_once_it_leaves() {
    drain(a, 1_000);
    long put = grove.command(a, r -> new StoreCommand.Put(r, "x", Bytes.EMPTY));
    assertThat(grove.last(a, put))
        .isEqualTo(
            new StoreOutcome.Refused(
                put, "this worker is stopping", StoreOutcome.Refused.Kind.STOPPING));
  }

  @Test
  void reads_that_wait_are_answered_when_it_stops() {
    grove.fate((to, message) -> message instanceof Message.Anycast ? List.of() : List.of(message));
    long get = grove.get(a, "x");
    assertThat(grove.outcomes(a, get)).isEmpty();
    stop(a);
    assertThat(grove.last(a, get)).isInstanceOf(StoreOutcome.Unreachable.class);
  }

  @Test
  void what_is_no_record_is_not_kept_and_harms_nobody() {
    grove.give(
        Grove.idOf(a), new Event.Submit(1L << 62 | 9, new long[0], true, Bytes.utf8("nonsense")));
    byte[] short1 = {PayloadKind.KEEP, 1, 2, 3};
    grove.give(
        Grove.idOf(a), new Event.Submit(1L << 62 | 10, new long[0], true, Bytes.wrap(short1)));
    grove.advanceMillis(200);
    assertThat(Grove.counter(b, "malformed") + Grove.counter(c, "malformed")).isEqualTo(2);
    assertThat(read(b, "x")).isEqualTo("Absent");
  }
}
