package dev.banyan.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EstimateTest {

  private final Estimate estimate = new Estimate();

  @Test
  void before_anything_has_run_trials_take_as_long_as_they_say_and_the_code_is_cold() {
    plan("long", 40, 1);
    plan("short", 0.1, 600);
    assertThat(estimate.secondsLeft(2)).isCloseTo(50 + 3, within(0.01));
  }

  @Test
  void a_small_run_is_mostly_warming_up() {
    plan("short", 0.05, 40);
    assertThat(estimate.secondsLeft(2)).isCloseTo(4, within(0.01));
    for (int seed = 1; seed <= 20; seed++) {
      estimate.done(key("short", seed), 0.3);
    }
    assertThat(estimate.secondsLeft(2)).isCloseTo(3, within(0.01));
  }

  @Test
  void the_long_ones_that_run_first_do_not_stand_for_the_short_ones() {
    plan("long", 40, 2);
    plan("short", 0.1, 800);
    estimate.done(key("long", 1), 44);
    assertThat(estimate.secondsLeft(1)).isBetween(120.0, 135.0);
  }

  @Test
  void on_a_machine_that_is_five_times_as_slow_the_rest_takes_five_times_as_long() {
    plan("one", 10, 3);
    plan("other", 20, 1);
    for (int seed = 1; seed <= 3; seed++) {
      estimate.done(key("one", seed), 50);
    }
    assertThat(estimate.secondsLeft(1)).isBetween(90.0, 100.0);
  }

  @Test
  void what_has_run_takes_as_long_again_whatever_it_said() {
    plan("one", 1, 11);
    estimate.done(key("one", 1), 7);
    assertThat(estimate.secondsLeft(1)).isCloseTo(70, within(0.01));
    assertThat(estimate.secondsLeft(5)).isCloseTo(14, within(0.01));
  }

  @Test
  void the_longest_trial_is_not_shared_between_jobs() {
    plan("long", 100, 1);
    assertThat(estimate.secondsLeft(64)).isCloseTo(100, within(0.01));
  }

  @Test
  void nothing_is_left_of_nothing_and_what_was_not_planned_is_a_mistake() {
    assertThat(estimate.secondsLeft(2)).isZero();
    assertThatThrownBy(() -> estimate.done(key("one", 1), 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void durations_are_told_as_exactly_as_they_are_known() {
    assertThat(FiguresRun.duration(0.2)).isEqualTo("1 s");
    assertThat(FiguresRun.duration(95)).isEqualTo("95 s");
    assertThat(FiguresRun.duration(1_400)).isEqualTo("23 min");
  }

  private void plan(String series, double seconds, int seeds) {
    for (int seed = 1; seed <= seeds; seed++) {
      estimate.plan(key(series, seed), seconds);
    }
  }

  private static Journal.Key key(String series, long seed) {
    return new Journal.Key("4", series, "", seed);
  }
}
