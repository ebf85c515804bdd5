package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.KeptClock;
import dev.banyan.protocol.TreeClock;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// Where the rules about the time of day begin and end, to the millisecond.
@DisplayNameGeneration(ReplaceUnderscores.class)
class TimeBoundsTest {

  private static final long NOON = 1_800_000_000_000L;
  private static final long DRIFT = KeptClock.DRIFT_MILLIS;
  private static final long DAY = KeptClock.TAKEOVER_MILLIS;

  private final AgreedClock node = new AgreedClock(_ -> NOON, false);
  private final Effects effects = new Effects();

  private Turn turn() {
    Turn turn = new Turn(new SplittableRandom(1), node);
    turn.begin(0, effects);
    return turn;
  }

  @Test
  void the_first_and_the_last_time_that_can_be_written_down_are_heard_and_no_others() {
    assertThat(node.hears(0)).isFalse();
    assertThat(node.hears(1)).isTrue();
    assertThat(node.hears(TreeClock.MAX_MILLIS)).isTrue();
    assertThat(node.hears(TreeClock.MAX_MILLIS + 1)).isFalse();
  }

  @Test
  void the_first_word_of_the_time_is_news() {
    assertThat(node.heard(NOON, 0)).isTrue();
  }

  @Test
  void a_step_of_more_than_a_second_is_news() {
    node.heard(NOON, 0);
    assertThat(node.heard(NOON + 1_000, 0)).isFalse();
    assertThat(node.heard(NOON + 2_001, 0)).isTrue();
  }

  @Test
  void as_far_back_as_clocks_drift_a_parent_is_followed_and_no_further() {
    node.heard(NOON, 0);
    node.heard(NOON - DRIFT - 1, 0);
    assertThat(node.millisAt(0)).isEqualTo(NOON);
    node.heard(NOON - DRIFT, 0);
    assertThat(node.millisAt(0)).isEqualTo(NOON - DRIFT);
  }

  @Test
  void a_parent_a_day_behind_is_not_followed_and_one_further_behind_corrects_a_mistake() {
    node.heard(NOON, 0);
    node.heard(NOON - DAY, 0);
    assertThat(node.millisAt(0)).isEqualTo(NOON);
    node.heard(NOON - DAY - 1, 0);
    assertThat(node.millisAt(0)).isEqualTo(NOON - DAY - 1);
  }

  @Test
  void a_later_time_known_below_is_forgotten_with_a_mistake_and_not_before() {
    node.heard(NOON, 0);
    node.heardFromBelow(NOON + DAY, 0);
    node.heard(NOON + 1, 0);
    assertThat(node.forParentMillis(0)).isEqualTo(NOON + DAY);
    node.heard(NOON - DAY - 1, 0);
    assertThat(node.forParentMillis(0)).isEqualTo(NOON - DAY - 1);
  }

  @Test
  void a_time_a_day_ahead_is_passed_on_from_below_and_one_further_ahead_is_not() {
    node.heard(NOON, 0);
    assertThat(node.heardFromBelow(NOON + DAY + 1, 0)).isFalse();
    assertThat(node.heardFromBelow(NOON + DAY, 0)).isTrue();
  }

  @Test
  void when_it_was_heard_last_is_known() {
    node.heard(NOON, 7);
    assertThat(node.heardAtNanos()).isEqualTo(7);
  }

  @Test
  void each_correction_is_told_by_itself() {
    Turn turn = turn();
    assertThat(turn.heardTime(NOON)).isTrue();
    turn.heardTime(NOON - 2 * DAY);
    turn.heardTime(NOON - 5 * DAY);
    assertThat(effects)
        .containsExactly(
            new Effect.TreeTime(NOON, 0),
            new Effect.TreeTime(NOON - 2 * DAY, 2 * DAY),
            new Effect.TreeTime(NOON - 5 * DAY, 3 * DAY));
  }

  @Test
  void no_wait_at_all_needs_no_random_number() {
    assertThat(turn().jitterNanos(0)).isZero();
    assertThat(turn().jitterNanos(-1)).isZero();
  }

  @Test
  void what_is_picked_differs_and_so_do_the_seeds_of_two_nodes() {
    Turn turn = turn();
    assertThat(IntStream.range(0, 50).map(_ -> turn.pick(3)).distinct().sorted())
        .containsExactly(0, 1, 2);
    Turn other = new Turn(new SplittableRandom(2), node);
    assertThat(other.seed()).isNotEqualTo(turn.seed());
  }
}
