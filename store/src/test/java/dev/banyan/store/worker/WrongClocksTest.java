package dev.banyan.store.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.store.Lamport;
import dev.banyan.store.Version;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Workers and roots whose wall clocks are wrong, before they are attached and after.
@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongClocksTest {

  private static final long HOUR = 3_600_000;
  private static final long YEAR = 365 * 24 * HOUR;

  private final Grove grove = Grove.of(3, 2, 2);
  private final Worker a = grove.worker(0);
  private final Worker b = grove.worker(1);

  private long millisOf(Version version) {
    return Lamport.millis(version.lamport());
  }

  private long now() {
    return Grove.trueMillis(grove.nowNanos);
  }

  private Worker wrongBy(long millis) {
    grove.workersWrongMillis = millis;
    return grove.worker();
  }

  private void allRead(String key, String value) {
    for (Worker worker : grove.workers) {
      grove.get(worker, key);
    }
    grove.advanceMillis(5_000);
    for (Worker worker : grove.workers) {
      assertThat(Grove.value(worker, key)).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-20 * YEAR, -HOUR, HOUR, 20 * YEAR})
  void once_attached_a_worker_writes_at_the_trees_time(long wrong) {
    Worker worker = wrongBy(wrong);
    grove.advanceMillis(1_500);
    assertThat(worker.connected()).isTrue();
    assertThat(millisOf(grove.put(worker, "x", "1"))).isBetween(now() - 1_000, now());
    allRead("x", "1");
  }

  @ParameterizedTest
  @ValueSource(longs = {-20 * YEAR, -HOUR, HOUR, 20 * YEAR})
  void what_was_written_before_the_first_attach_moves_to_its_place_in_the_trees_time(long wrong) {
    grove.put(a, "older", "others");
    grove.advanceMillis(10);
    Worker worker = wrongBy(wrong);
    grove.put(worker, "older", "mine");
    grove.put(worker, "newer", "mine");
    grove.advanceMillis(2_000);
    assertThat(worker.connected()).isTrue();
    assertThat(Grove.counter(worker, "restamped")).isEqualTo(2);
    grove.put(b, "newer", "others");
    grove.advanceMillis(2_000);
    allRead("older", "mine");
    allRead("newer", "others");
  }

  @Test
  void what_was_written_before_the_first_attach_by_a_right_clock_keeps_its_version() {
    Worker worker = wrongBy(0);
    Version version = grove.put(worker, "x", "1");
    grove.advanceMillis(2_000);
    assertThat(worker.newest("x").orElseThrow().version()).isEqualTo(version);
    assertThat(Grove.counter(worker, "restamped")).isZero();
  }

  @Test
  void a_write_of_a_worker_that_was_cut_off_loses_to_a_later_one() {
    grove.kill(grove.parentOf(b));
    grove.listening(new NodeId(0), false);
    grove.advanceMillis(200);
    assertThat(b.connected()).isFalse();
    grove.put(b, "x", "earlier");
    grove.advanceMillis(2_000);
    grove.put(a, "x", "later");
    grove.advanceMillis(2_000);
    grove.listening(new NodeId(0), true);
    grove.advanceMillis(20_000);
    assertThat(b.connected()).isTrue();
    allRead("x", "later");
  }

  @Test
  void
      a_write_whose_keys_past_was_not_learned_before_the_worker_was_cut_off_loses_to_a_later_one() {
    NodeId cutOff = Grove.idOf(b);
    grove.fate((to, message) ->
        to.equals(cutOff) && message instanceof Message.Anycast
                || message instanceof Message.AnycastAnswer answer && answer.origin().equals(cutOff)
            ? List.of()
            : List.of(message));
    grove.put(b, "x", "earlier");
    grove.kill(grove.parentOf(b));
    grove.listening(new NodeId(0), false);
    grove.advanceMillis(5_000);
    assertThat(b.connected()).isFalse();
    grove.put(a, "x", "later");
    grove.advanceMillis(2_000);
    grove.fate((to, message) -> List.of(message));
    grove.listening(new NodeId(0), true);
    grove.advanceMillis(20_000);
    assertThat(b.connected()).isTrue();
    allRead("x", "later");
    assertThat(Grove.counter(b, "rebased")).isZero();
  }

  @Test
  void when_the_roots_clock_is_set_forward_everybody_follows_and_nobody_is_refused() {
    grove.watch(b, "k/");
    grove.advanceMillis(500);
    grove.wrongMillis = 10 * YEAR;
    for (int i = 0; i < 400; i++) {
      grove.put(a, "k/" + i % 7, "v" + i);
      grove.advanceMillis(10);
    }
    grove.advanceMillis(1_000);
    assertThat(millisOf(a.newest("k/0").orElseThrow().version())).isGreaterThan(now() + 9 * YEAR);
    assertThat(Grove.counter(b, "future")).isZero();
    assertThat(b.digest()).isEqualTo(a.digest());
  }

  @Test
  void when_the_roots_clock_is_set_back_by_years_writes_go_on_at_the_right_time() {
    grove.watch(b, "k/");
    grove.wrongMillis = 10 * YEAR;
    grove.advanceMillis(3_000);
    grove.put(a, "k/mine", "of a");
    grove.put(a, "k/theirs", "of a");
    grove.advanceMillis(500);
    grove.wrongMillis = 0;
    grove.advanceMillis(3_000);
    assertThat(Grove.counter(a, "restamped")).isEqualTo(2);
    Version version = grove.put(b, "k/theirs", "of b");
    assertThat(millisOf(version)).isBetween(now() - 10_000, now());
    grove.advanceMillis(3_000);
    Worker fresh = grove.worker(NodeKind.CLIENT);
    grove.watch(fresh, "k/");
    grove.advanceMillis(5_000);
    for (Worker worker : List.of(a, b, fresh)) {
      assertThat(Grove.value(worker, "k/mine")).isEqualTo("of a");
      assertThat(Grove.value(worker, "k/theirs")).isEqualTo("of b");
    }
  }

  @Test
  void when_the_roots_clock_is_set_back_by_an_hour_the_trees_time_goes_on() {
    grove.wrongMillis = -HOUR;
    grove.advanceMillis(5_000);
    assertThat(millisOf(grove.put(a, "x", "1"))).isBetween(now() - 1_000, now());
  }
}
