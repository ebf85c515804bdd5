package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AgreedClockTest {

  private static final long NOON = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final long YEAR = 365 * 24 * HOUR;

  /// What the machine's own clock shows when monotonic time is 0.
  private long wall = NOON;

  /// For how long the machine was suspended: wall clocks count that, monotonic ones do not.
  private long suspended;

  private final AgreedClock node = new AgreedClock(this::wallAt, false);
  private final AgreedClock root = new AgreedClock(this::wallAt, true);

  private long wallAt(long nowNanos) {
    return wall + suspended + nowNanos / 1_000_000;
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }

  @Test
  void before_it_has_heard_anything_a_node_goes_by_its_own_clock() {
    wall = NOON - 10 * YEAR;
    assertThat(node.known()).isFalse();
    assertThat(node.millisAt(nanos(5))).isEqualTo(wall + 5);
    assertThat(node.forParentMillis(nanos(5))).isZero();
  }

  @Test
  void what_was_heard_goes_on_by_monotonic_time_whatever_the_own_clock_does() {
    wall = NOON + 10 * YEAR;
    node.heard(NOON, nanos(100));
    wall -= 20 * YEAR;
    assertThat(node.millisAt(nanos(5_100))).isEqualTo(NOON + 5_000);
    assertThat(node.known()).isTrue();
  }

  @Test
  void a_step_forward_is_followed_at_once_and_is_news() {
    node.heard(NOON, nanos(0));
    assertThat(node.heard(NOON + 1_000, nanos(1_000))).isFalse();
    assertThat(node.heard(NOON + HOUR, nanos(2_000))).isTrue();
    assertThat(node.millisAt(nanos(2_000))).isEqualTo(NOON + HOUR);
  }

  @Test
  void a_parent_that_is_an_hour_behind_is_not_followed_and_told_so() {
    node.heard(NOON, nanos(0));
    assertThat(node.heard(NOON - HOUR, nanos(1_000))).isFalse();
    assertThat(node.millisAt(nanos(1_000))).isEqualTo(NOON + 1_000);
    assertThat(node.forParentMillis(nanos(2_000))).isEqualTo(NOON + 2_000);
    assertThat(node.correctedMillis()).isZero();
  }

  @Test
  void a_parent_that_is_seconds_behind_is_followed() {
    node.heard(NOON, nanos(0));
    node.heard(NOON - 20_000, nanos(0));
    assertThat(node.millisAt(nanos(0))).isEqualTo(NOON - 20_000);
  }

  @Test
  void a_parent_that_is_years_behind_corrects_a_mistake() {
    node.heard(NOON + YEAR, nanos(0));
    assertThat(node.heard(NOON, nanos(0))).isTrue();
    assertThat(node.millisAt(nanos(0))).isEqualTo(NOON);
    assertThat(node.correctedMillis()).isEqualTo(YEAR);
  }

  @Test
  void times_that_cannot_be_are_not_heard() {
    node.heard(0, nanos(0));
    node.heard(-1, nanos(0));
    node.heard(Long.MAX_VALUE, nanos(0));
    assertThat(node.known()).isFalse();
  }

  @Test
  void a_root_goes_by_its_own_clock_and_not_back_with_it() {
    assertThat(root.known()).isTrue();
    assertThat(root.millisAt(nanos(0))).isEqualTo(NOON);
    wall += HOUR;
    assertThat(root.millisAt(nanos(0))).isEqualTo(NOON + HOUR);
    wall -= HOUR;
    assertThat(root.millisAt(nanos(1_000))).isEqualTo(NOON + HOUR + 1_000);
    wall -= 30_000;
    assertThat(root.millisAt(nanos(1_000))).as("still").isEqualTo(NOON + HOUR + 1_000);
    wall -= YEAR;
    assertThat(root.millisAt(nanos(1_000))).as("a mistake corrected").isEqualTo(wall + 1_000);
    assertThat(root.correctedMillis()).isEqualTo(YEAR + HOUR + 30_000);
  }

  @Test
  void a_new_root_takes_over_the_time_that_its_children_know_within_a_day() {
    assertThat(root.heardFromBelow(NOON + HOUR, nanos(0))).isTrue();
    assertThat(root.millisAt(nanos(1_000))).isEqualTo(NOON + HOUR + 1_000);
    assertThat(root.heardFromBelow(NOON + HOUR + 1_000, nanos(1_000))).isFalse();
    assertThat(root.heardFromBelow(NOON + YEAR, nanos(1_000))).isFalse();
    assertThat(root.heardFromBelow(Long.MAX_VALUE, nanos(1_000))).isFalse();
    assertThat(root.millisAt(nanos(1_000))).isEqualTo(NOON + HOUR + 1_000);
  }

  @Test
  void liars_below_never_lead_the_tree_by_more_than_a_day_and_an_instant() {
    long now = 0;
    for (int i = 0; i < 1_000; i++) {
      now += nanos(1_000);
      root.heardFromBelow(root.millisAt(now) + 23 * HOUR, now);
    }
    assertThat(root.millisAt(now)).isLessThanOrEqualTo(wallAt(now) + 24 * HOUR + 1_000);
    assertThat(root.correctedMillis()).isZero();
  }

  @Test
  void a_router_passes_on_what_is_known_below_once() {
    node.heard(NOON, nanos(0));
    assertThat(node.heardFromBelow(NOON + HOUR, nanos(0))).isTrue();
    assertThat(node.heardFromBelow(NOON + HOUR + 1_000, nanos(1_000))).isFalse();
    assertThat(node.forParentMillis(nanos(1_000))).isEqualTo(NOON + HOUR + 1_000);
    assertThat(node.millisAt(nanos(1_000))).as("that is the root's to say").isEqualTo(NOON + 1_000);
  }

  @Test
  void what_is_known_below_goes_on_from_when_it_was_heard() {
    node.heard(NOON, nanos(0));
    node.heardFromBelow(NOON + HOUR, nanos(5_000));
    assertThat(node.forParentMillis(nanos(6_000))).isEqualTo(NOON + HOUR + 1_000);
  }

  @Test
  void only_what_is_later_by_more_than_clocks_drift_is_passed_on() {
    long drift = AgreedClock.DRIFT_MILLIS;
    node.heard(NOON, nanos(0));
    assertThat(node.heardFromBelow(NOON + drift, nanos(0))).isFalse();
    assertThat(node.heardFromBelow(NOON + drift + 1, nanos(0))).isTrue();
    assertThat(node.heardFromBelow(NOON + 2 * drift + 1, nanos(0))).isFalse();
    assertThat(node.heardFromBelow(NOON + 2 * drift + 2, nanos(0))).isTrue();
  }

  @Test
  void a_machine_that_was_suspended_while_cut_off_knows_by_its_own_clock_how_long() {
    node.heard(NOON, nanos(0));
    suspended = HOUR;
    assertThat(node.millisAt(nanos(1_000))).isEqualTo(NOON + 1_000);
    assertThat(node.millisAt(nanos(11_000))).isEqualTo(NOON + HOUR + 11_000);
  }
}
