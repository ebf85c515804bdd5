package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How replicas repair each other (design, "Resync").
@DisplayNameGeneration(ReplaceUnderscores.class)
class ResyncTest {

  private final Grove grove = Grove.of(2, 2, 4);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);

  /// Multicasts to this worker become gap marks, as on a link that was full.
  private void congest(Worker worker) {
    grove.fate((to, message) ->
        to.equals(Grove.idOf(worker)) && message instanceof Multicast multicast
            ? List.of(new Message.Gap(multicast.hops(), tagsOf(multicast)))
            : List.of(message));
  }

  private static long[] tagsOf(Multicast multicast) {
    return multicast.records().stream()
        .flatMapToLong(record -> Arrays.stream(record.tags()))
        .sorted()
        .distinct()
        .toArray();
  }

  private void heal() {
    grove.fate((to, message) -> List.of(message));
  }

  @Test
  void a_gap_on_a_key_is_repaired_by_whoever_holds_more() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(200);
    congest(b);
    grove.put(a, "x", "2");
    grove.advanceMillis(50);
    heal();
    assertThat(Grove.value(b, "x")).isEqualTo("1");
    assertThat(b.isSettled(b.interestTags()[0])).isFalse();
    grove.advanceMillis(1_500);
    assertThat(Grove.value(b, "x")).isEqualTo("2");
    assertThat(b.isSettled(b.interestTags()[0])).isTrue();
    assertThat(Grove.counter(b, "gaps")).isEqualTo(1);
    assertThat(Grove.counter(b, "resyncBytes")).isPositive();
  }

  @Test
  void a_get_after_a_gap_asks_at_once_instead_of_telling_old_news() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(200);
    congest(b);
    grove.put(a, "x", "2");
    grove.advanceMillis(20);
    heal();
    long get = grove.get(b, "x");
    grove.advanceMillis(20);
    assertThat(grove.last(b, get))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, value -> assertThat(value.value().asUtf8()).isEqualTo("2"));
  }

  @Test
  void a_gap_while_fetching_makes_the_fetch_stale() {
    grove.put(a, "x", "1");
    grove.advanceMillis(200);
    long get = grove.get(b, "x");
    long tag = b.interestTags()[0];
    grove.give(
        Grove.idOf(b),
        new Event.Received(
            b.tree().view().parentLink().orElseThrow(), new Message.Gap(1, new long[] {tag})));
    grove.advanceMillis(200);
    assertThat(Grove.counter(b, "asks")).isGreaterThanOrEqualTo(2);
    assertThat(grove.last(b, get)).isInstanceOf(StoreOutcome.Value.class);
    assertThat(b.isSettled(tag)).isTrue();
  }

  @Test
  void repair_goes_in_both_directions() {
    grove.watch(a, "p/");
    grove.watch(b, "p/");
    grove.put(a, "p/both", "0");
    grove.advanceMillis(500);
    NodeId parent = grove.parentOf(b);
    grove.fate((to, message) -> message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "p/from-a", "1");
    grove.put(b, "p/from-b", "1");
    grove.put(b, "p/both", "newer");
    grove.advanceMillis(50);
    heal();
    assertThat(a.digest()).isNotEqualTo(b.digest());
    grove.kill(parent);
    grove.advanceMillis(5_000);
    assertThat(a.digest()).isEqualTo(b.digest());
    assertThat(Grove.value(a, "p/from-b")).isEqualTo("1");
    assertThat(Grove.value(b, "p/from-a")).isEqualTo("1");
    assertThat(Grove.value(a, "p/both")).isEqualTo("newer");
  }

  @Test
  void what_was_written_while_disconnected_reaches_all_afterwards() {
    grove.watch(a, "p/");
    grove.get(c, "p/key");
    grove.watch(b, "p/");
    grove.put(b, "p/key", "before");
    grove.advanceMillis(500);
    grove.listening(new NodeId(0), false);
    grove.kill(grove.parentOf(b));
    grove.advanceMillis(100);
    assertThat(b.connected()).isFalse();
    for (int i = 0; i < 5; i++) {
      grove.put(b, "p/key", "offline" + i);
    }
    grove.put(b, "alone", "offline");
    grove.delete(b, "p/gone");
    grove.listening(new NodeId(0), true);
    grove.advanceMillis(20_000);
    assertThat(b.connected()).isTrue();
    assertThat(Grove.value(a, "p/key")).isEqualTo("offline4");
    assertThat(Grove.value(c, "p/key")).isEqualTo("offline4");
    assertThat(a.newest("p/gone")).hasValueSatisfying(r -> assertThat(r.deleted()).isTrue());
    long get = grove.get(c, "alone");
    grove.advanceMillis(200);
    assertThat(grove.last(c, get)).isInstanceOf(StoreOutcome.Value.class);
    long holes = LongStream.of(Grove.counter(a, "holes"), Grove.counter(c, "holes")).sum();
    assertThat(holes).as("what was never sent is no hole").isZero();
  }

  @Test
  void a_reader_of_one_key_learns_what_a_watcher_wrote_into_a_dead_path() {
    grove.watch(b, "p/");
    grove.put(b, "p/key", "before");
    grove.advanceMillis(200);
    grove.get(c, "p/key");
    grove.advanceMillis(200);
    grove.fate((to, message) -> message instanceof Multicast ? List.of() : List.of(message));
    grove.put(b, "p/key", "into the void");
    grove.advanceMillis(500);
    heal();
    assertThat(Grove.value(c, "p/key")).isEqualTo("before");
    grove.cutAll(Grove.idOf(b));
    grove.advanceMillis(3_000);
    assertThat(Grove.value(c, "p/key")).isEqualTo("into the void");
  }

  @Test
  void a_lost_record_shows_when_the_next_one_names_it() {
    grove.watch(b, "p/");
    grove.advanceMillis(200);
    for (String key : List.of("p/1", "p/2", "p/3")) {
      grove.put(a, key, "first");
    }
    grove.advanceMillis(200);
    grove.fate((to, message) ->
        to.equals(Grove.idOf(b)) && message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "p/2", "lost");
    grove.advanceMillis(50);
    heal();
    assertThat(b.isSettled(b.interestTags()[0])).isTrue();
    grove.put(a, "p/3", "three");
    grove.advanceMillis(100);
    assertThat(b.isSettled(b.interestTags()[0])).as("suspicious at once").isFalse();
    grove.advanceMillis(2_000);
    assertThat(Grove.value(b, "p/2")).isEqualTo("lost");
    assertThat(Grove.counter(b, "holes")).isEqualTo(1);
    assertThat(b.isSettled(b.interestTags()[0])).isTrue();
  }

  @Tag("costly")
  @Test
  void equal_replicas_say_little() {
    for (Worker worker : grove.workers) {
      grove.watch(worker, "p/");
    }
    grove.advanceMillis(500);
    for (int i = 0; i < 2_000; i++) {
      grove.put(a, "p/" + i, "value " + i);
    }
    grove.advanceMillis(2_000);
    grove.cutAll(Grove.idOf(b));
    grove.advanceMillis(3_000);
    long bytes = grove.workers.stream().mapToLong(w -> Grove.counter(w, "resyncBytes")).sum();
    assertThat(bytes).as("one digest of 2,000 keys").isBetween(1L, 8_000L);
    assertThat(Grove.counter(b, "fetched")).isZero();
    assertThat(b.isSettled(b.interestTags()[0])).isTrue();
  }

  @Tag("costly")
  @Test
  void the_cost_follows_what_differs() {
    grove.watch(a, "p/");
    grove.watch(b, "p/");
    for (int i = 0; i < 2_000; i++) {
      grove.put(a, "p/" + i, "x".repeat(1_000));
    }
    grove.advanceMillis(2_000);
    grove.fate((to, message) -> message instanceof Multicast ? List.of() : List.of(message));
    grove.put(a, "p/7", "y".repeat(1_000));
    grove.advanceMillis(50);
    heal();
    grove.cutAll(Grove.idOf(b));
    grove.advanceMillis(5_000);
    assertThat(a.digest()).isEqualTo(b.digest());
    long bytes = Grove.counter(a, "resyncBytes") + Grove.counter(b, "resyncBytes");
    assertThat(bytes).as("of 2 MB that are held").isLessThan(12_000);
  }

  @Tag("costly")
  @Test
  void many_workers_that_miss_something_at_once_make_no_storm() {
    Grove crowd = Grove.of(5, 6, 60);
    for (Worker worker : crowd.workers) {
      crowd.watch(worker, "p/");
    }
    crowd.advanceMillis(1_000);
    for (int i = 0; i < 200; i++) {
      crowd.put(crowd.worker(i % 60), "p/" + i, "v");
    }
    crowd.advanceMillis(2_000);
    for (Worker worker : crowd.workers) {
      crowd.give(
          Grove.idOf(worker),
          new Event.Received(
              worker.tree().view().parentLink().orElseThrow(), new Message.Gap(1, new long[0])));
    }
    assertThat(crowd.workers).noneMatch(worker -> worker.isSettled(worker.interestTags()[0]));
    crowd.advanceMillis(10_000);
    assertThat(crowd.workers).allMatch(Worker::connected);
    assertThat(crowd.workers).allMatch(worker -> worker.isSettled(worker.interestTags()[0]));
    assertThat(crowd.workers.stream().mapToLong(Worker::digest).distinct().count()).isEqualTo(1);
    long digests = crowd.workers.stream().mapToLong(w -> Grove.counter(w, "digestsSent")).sum();
    assertThat(digests).as("digests of 60 equal replicas").isLessThan(30);
  }

  @Test
  void of_many_marks_that_anything_was_missed_two_lead_to_repairs_and_all_count() {
    grove.put(a, "x", "1");
    grove.get(b, "x");
    grove.advanceMillis(3_000);
    long tag = b.interestTags()[0];
    assertThat(b.isSettled(tag)).isTrue();
    long resyncs = Grove.counter(b, "resyncs");
    Event gap =
        new Event.Received(
            b.tree().view().parentLink().orElseThrow(), new Message.Gap(1, new long[0]));
    for (int i = 0; i < 100; i++) {
      grove.give(Grove.idOf(b), gap);
      assertThat(b.isSettled(tag)).isFalse();
      grove.get(b, "x");
      grove.advanceMillis(5);
    }
    grove.get(b, "x");
    grove.advanceMillis(50);
    assertThat(b.isSettled(tag)).isTrue();
    grove.advanceMillis(8_000);
    assertThat(b.isSettled(tag)).isTrue();
    assertThat(Grove.counter(b, "gaps")).isEqualTo(100);
    assertThat(Grove.counter(b, "resyncs") - resyncs).isBetween(1L, 2L);
  }
}
