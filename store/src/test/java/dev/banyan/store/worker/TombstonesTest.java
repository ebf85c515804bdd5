package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.NodeId;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.replica.Tombstones;
import dev.banyan.store.write.Names;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How long deleted keys are remembered, and what becomes of those who were away for longer.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TombstonesTest {

  private static final long KEPT_MILLIS = 600_000;

  /// One of 32 instants in that time, and the notice that is given before.
  private static final long AFTER_MILLIS = KEPT_MILLIS + KEPT_MILLIS / 32 + 31_000;

  private final Grove grove =
      Grove.of(
          1,
          2,
          3,
          StoreConfig.DEFAULT
              .withHalfLifeNanos(TimeUnit.SECONDS.toNanos(2))
              .withTombstoneNanos(TimeUnit.MILLISECONDS.toNanos(KEPT_MILLIS)));
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);
  private final Worker c = grove.worker(2);

  private void aDeletesWhatAllHold(String key) {
    grove.put(a, key, "1");
    grove.get(b, key);
    grove.get(c, key);
    grove.advanceMillis(200);
    assertThat(Grove.value(b, key)).isEqualTo("1");
    grove.delete(a, key);
    grove.advanceMillis(200);
  }

  /// Nobody reaches the root any more, but for those who are attached.
  private void cutOff(Worker worker) {
    grove.listening(new NodeId(0), false);
    grove.listening(new NodeId(1), false);
    grove.listening(new NodeId(2), false);
    grove.cutAll(Grove.idOf(worker));
    grove.advanceMillis(200);
    assertThat(worker.connected()).isFalse();
  }

  private void heal() {
    for (int node = 0; node < 3; node++) {
      grove.listening(new NodeId(node), true);
    }
    grove.advanceMillis(12_000);
  }

  private StoreOutcome read(Worker worker, String key) {
    long get = grove.get(worker, key);
    grove.advanceMillis(2_000);
    return grove.last(worker, get);
  }

  @Test
  void whoever_held_a_deleted_key_remembers_that_for_as_long_as_tombstones_are_kept() {
    aDeletesWhatAllHold("p/x");
    grove.advanceMillis(KEPT_MILLIS - 10_000);
    for (Worker worker : grove.workers) {
      assertThat(worker.held()).singleElement().matches(Worker.Held::deleted);
      assertThat(worker.interestTags()).hasSize(1);
    }
    grove.advanceMillis(AFTER_MILLIS - KEPT_MILLIS + 10_000 + 5_000);
    for (Worker worker : grove.workers) {
      assertThat(worker.held()).isEmpty();
      assertThat(worker.interestTags()).isEmpty();
      assertThat(worker.digest()).isZero();
      assertThat(Grove.counter(worker, "tombstonesPurged")).isEqualTo(1);
    }
  }

  @Test
  void a_tombstone_goes_from_below_a_watch_too_and_takes_nothing_with_it() {
    grove.watch(c, "p/");
    grove.put(a, "p/stays", "1");
    aDeletesWhatAllHold("p/x");
    grove.advanceMillis(AFTER_MILLIS);
    assertThat(c.held()).extracting(Worker.Held::key).containsExactly("p/stays");
    assertThat(Grove.counter(c, "digestsSent")).isEqualTo(0);
    cutOff(c);
    heal();
    grove.advanceMillis(10_000);
    assertThat(c.isSettled(new Names(Grove.TAGGER, 3).prefixTag("p/"))).isTrue();
    assertThat(c.held()).hasSize(1);
  }

  @Test
  void a_key_that_was_put_again_is_not_purged() {
    aDeletesWhatAllHold("p/x");
    grove.put(a, "p/x", "2");
    grove.advanceMillis(2 * AFTER_MILLIS);
    assertThat(Grove.value(a, "p/x")).isEqualTo("2");
    assertThat(Grove.counter(a, "tombstonesPurged")).isZero();
  }

  @Test
  void a_reader_that_was_away_is_told_of_a_deletion_though_the_one_who_deleted_is_gone() {
    grove.put(a, "p/x", "1");
    grove.get(b, "p/x");
    grove.get(c, "p/x");
    grove.advanceMillis(200);
    cutOff(b);
    grove.delete(a, "p/x");
    grove.advanceMillis(200);
    grove.kill(Grove.idOf(a));
    grove.advanceMillis(60_000); // many half-lives
    heal();
    grove.advanceMillis(5_000);
    assertThat(read(b, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
  }

  @Test
  void who_was_away_for_longer_does_not_bring_back_what_was_deleted() {
    grove.put(b, "p/x", "1");
    grove.get(a, "p/x");
    grove.advanceMillis(200);
    cutOff(b);
    grove.delete(a, "p/x");
    grove.advanceMillis(AFTER_MILLIS);
    assertThat(a.held()).isEmpty();
    assertThat(Grove.value(b, "p/x")).isEqualTo("1");
    heal();
    assertThat(b.connected()).isTrue();
    assertThat(Grove.counter(b, "shelved")).isEqualTo(1);
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(a, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(b, "p/x"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, value -> assertThat(value.stale()).isTrue());
    grove.put(c, "p/x", "2");
    grove.advanceMillis(200);
    assertThat(Grove.value(b, "p/x")).isEqualTo("2");
  }

  @Test
  void who_was_stopped_for_longer_stands_for_nothing_from_the_first_event_on() {
    grove.put(b, "p/x", "1");
    grove.get(a, "p/x");
    grove.advanceMillis(200);
    grove.sleep(Grove.idOf(b), 5_000); // long enough for its parent to give it up
    grove.delete(c, "p/x");
    grove.advanceMillis(AFTER_MILLIS);
    grove.wake(Grove.idOf(b));
    assertThat(Grove.value(b, "p/x")).isEqualTo("(none)");
    grove.advanceMillis(15_000);
    assertThat(b.connected()).isTrue();
    assertThat(read(a, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(b, "p/x"))
        .isInstanceOfSatisfying(
            StoreOutcome.Value.class, value -> assertThat(value.stale()).isTrue());
  }

  @Test
  void who_was_stopped_while_nothing_was_forgotten_takes_everything_back_from_the_shelf() {
    grove.put(b, "p/x", "1");
    grove.advanceMillis(200);
    grove.sleep(Grove.idOf(b), AFTER_MILLIS);
    grove.wake(Grove.idOf(b));
    grove.advanceMillis(15_000);
    assertThat(Grove.counter(b, "shelved")).isEqualTo(1);
    assertThat(Grove.value(b, "p/x")).isEqualTo("1");
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Value.class);
  }

  @Test
  void what_is_on_the_shelf_counts_as_memory_of_the_store() {
    String large = "x".repeat(100_000);
    grove.put(b, "p/x", large);
    grove.put(b, "p/x", large + "y");
    grove.get(a, "p/x");
    grove.advanceMillis(200);
    cutOff(b);
    grove.delete(a, "p/x");
    grove.advanceMillis(AFTER_MILLIS);
    heal();
    assertThat(Grove.counter(b, "shelved")).isEqualTo(1);
    assertThat(b.size()).isZero();
    assertThat(b.usedBytes()).isGreaterThan(100_000).isEqualTo(b.countedAnew());
    assertThat(b.memory().pinnedBytes()).as("it was written there").isGreaterThan(100_000);
    grove.delete(b, "p/x");
    grove.advanceMillis(200);
    assertThat(b.usedBytes()).isLessThan(100_000).isEqualTo(b.countedAnew());
  }

  @Test
  void who_was_away_while_nothing_was_forgotten_stands_for_what_it_holds() {
    grove.put(b, "p/x", "1");
    grove.advanceMillis(200);
    cutOff(b);
    grove.advanceMillis(2 * AFTER_MILLIS);
    heal();
    assertThat(Grove.counter(b, "shelved")).isZero();
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Value.class);
  }

  @Test
  void what_others_hold_too_or_what_was_written_while_away_is_stood_for() {
    aDeletesWhatAllHold("p/other");
    grove.watch(c, "p/");
    grove.put(b, "p/x", "1");
    grove.put(b, "p/sole", "1");
    grove.advanceMillis(200);
    cutOff(b);
    grove.delete(c, "p/sole");
    grove.put(b, "p/away", "1");
    grove.advanceMillis(AFTER_MILLIS + 5_000);
    heal();
    grove.advanceMillis(10_000);
    assertThat(Grove.counter(b, "shelved")).isEqualTo(2);
    assertThat(Grove.value(b, "p/x")).as("c holds it").isEqualTo("1");
    assertThat(Grove.value(b, "p/sole")).isEqualTo("(none)");
    assertThat(Grove.value(c, "p/away")).isEqualTo("1");
    assertThat(Grove.value(c, "p/sole")).isEqualTo("(none)");
  }

  @Test
  void what_was_deleted_while_cut_off_is_told_before_it_is_forgotten() {
    grove.put(a, "p/x", "1");
    grove.get(b, "p/x");
    grove.watch(c, "p/");
    grove.advanceMillis(200);
    cutOff(b);
    grove.delete(b, "p/x");
    grove.advanceMillis(2 * AFTER_MILLIS);
    heal();
    grove.advanceMillis(10_000);
    assertThat(read(c, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
    assertThat(read(a, "p/x")).isInstanceOf(StoreOutcome.Absent.class);
  }

  @Tag("costly")
  @Test
  void more_tombstones_than_may_be_are_forgotten_oldest_first_and_the_tree_knows() {
    for (int i = 0; i <= Tombstones.MOST; i++) {
      grove.delete(a, "k" + i);
    }
    assertThat(a.held()).hasSize(Tombstones.MOST);
    assertThat(a.newest("k0")).isEmpty();
    assertThat(Grove.counter(a, "tombstonesDropped")).isEqualTo(1);
    grove.advanceMillis(10_000);
    assertThat(b.tree().forgottenMillis()).isPositive();
  }
}
