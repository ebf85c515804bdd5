package dev.banyan.store.resync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.machine.StoreTurn;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// How fast replies are sent, to the nanosecond.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PaceTest {

  private static final long SECOND = 1_000_000_000;
  private static final long MOST = ReplyPace.MOST_BYTES_PER_SECOND;

  private final StoreTurn turn = new StoreTurn(_ -> {});
  private Effect.CongestedUpward upward = Effect.CongestedUpward.NOT;
  private final ReplyPace pace = new ReplyPace(() -> upward, turn);
  private final Askers askers = new Askers(pace, 2);

  private void at(long nanos) {
    turn.begin(nanos, new Effects());
  }

  private void congested(long takesBytesPerSecond) {
    upward = new Effect.CongestedUpward(true, takesBytesPerSecond);
    assertThat(pace.waitNanos()).isEqualTo(SECOND / 20);
    upward = Effect.CongestedUpward.NOT;
  }

  /// What is sent in a second, by how long that takes.
  private long bytesPerSecond() {
    return 4 * SECOND * 1_000 / pace.shareNanos(1_000);
  }

  @Test
  void what_was_sent_is_paid_for_before_more_is_sent() {
    at(5);
    assertThat(pace.waitNanos()).isZero();
    pace.sent(MOST);
    pace.sent(MOST);
    assertThat(pace.waitNanos()).isEqualTo(2 * SECOND);
    at(SECOND + 5);
    assertThat(pace.waitNanos()).isEqualTo(SECOND);
    at(3 * SECOND);
    assertThat(pace.waitNanos()).isZero();
  }

  @Test
  void congestion_quarters_the_pace_once_and_what_was_measured_halves_that() {
    congested(0);
    assertThat(bytesPerSecond()).isEqualTo(MOST / 4);
    upward = new Effect.CongestedUpward(true, 0);
    pace.waitNanos();
    pace.waitNanos();
    pace.waitNanos();
    assertThat(bytesPerSecond()).as("a second congestion, seen twice more").isEqualTo(MOST / 4);
    upward = new Effect.CongestedUpward(true, 200_000);
    pace.waitNanos();
    assertThat(bytesPerSecond()).isEqualTo(100_000);
  }

  @Test
  void a_new_congestion_after_a_calm_look_quarters_it_again_down_to_the_least() {
    congested(0);
    pace.waitNanos();
    congested(0);
    assertThat(bytesPerSecond()).isEqualTo(MOST / 16);
    congested(1);
    assertThat(bytesPerSecond()).isEqualTo(16_000);
  }

  @Test
  void after_a_minute_of_calm_it_is_doubled_up_to_the_most() {
    at(SECOND);
    congested(8_000_000);
    assertThat(bytesPerSecond()).isEqualTo(MOST / 4);
    at(61 * SECOND - 1);
    pace.waitNanos();
    assertThat(bytesPerSecond()).isEqualTo(MOST / 4);
    at(61 * SECOND);
    pace.waitNanos();
    pace.waitNanos();
    assertThat(bytesPerSecond()).isEqualTo(MOST / 2);
    for (int minute = 2; minute < 5; minute++) {
      at((1 + 60L * minute) * SECOND);
      pace.waitNanos();
    }
    assertThat(bytesPerSecond()).isEqualTo(MOST);
  }

  @Test
  void the_replies_to_one_asker_take_turns_at_a_quarter_of_the_pace() {
    Askers.Asker one = askers.of(new NodeId(1));
    assertThat(askers.beforeNanos(one, 7)).isZero();
    askers.waits(one, MOST, 7);
    assertThat(askers.beforeNanos(one, 7)).isEqualTo(4 * SECOND);
    askers.waits(one, MOST, SECOND + 7);
    assertThat(askers.beforeNanos(one, SECOND + 7)).isEqualTo(7 * SECOND);
    assertThat(askers.beforeNanos(one, 100 * SECOND)).isZero();
    assertThat(askers.beforeNanos(askers.of(new NodeId(2)), 7)).isZero();
  }

  @Test
  void so_many_replies_may_wait_for_one_and_no_more_until_one_is_sent() {
    Askers.Asker one = askers.of(new NodeId(1));
    askers.waits(one, 1, 0);
    assertThat(askers.mayWait(one)).isTrue();
    askers.waits(one, 1, 0);
    assertThat(askers.mayWait(one)).isFalse();
    one.isServed();
    assertThat(askers.mayWait(one)).isTrue();
  }

  @Test
  void of_askers_beyond_the_most_the_one_longest_unheard_is_forgotten() {
    Askers.Asker first = askers.of(new NodeId(1));
    Askers.Asker second = askers.of(new NodeId(2));
    for (int id = 3; id <= 256; id++) {
      askers.of(new NodeId(id));
    }
    assertThat(askers.of(new NodeId(1))).isSameAs(first);
    askers.of(new NodeId(257));
    assertThat(askers.of(new NodeId(1))).isSameAs(first);
    assertThat(askers.of(new NodeId(2))).isNotSameAs(second);
  }
}
