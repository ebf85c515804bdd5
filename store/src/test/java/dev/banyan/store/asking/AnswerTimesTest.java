package dev.banyan.store.asking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswerTimesTest {

  private static final long LEAST = 1_000;

  private final AnswerTimes times = new AnswerTimes(LEAST);

  private void take(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      times.took(nanos);
    }
  }

  @Test
  void before_any_answer_and_while_they_are_quick_the_least_is_waited() {
    assertThat(times.timeoutNanos()).isEqualTo(LEAST);
    take(100, 50);
    assertThat(times.timeoutNanos()).isEqualTo(LEAST);
    assertThat(times.smoothedNanos()).isEqualTo(50);
  }

  @Test
  void a_first_answer_counts_as_RFC_6298_says() {
    take(1, 600);
    assertThat(times.smoothedNanos()).isEqualTo(600);
    assertThat(times.timeoutNanos()).isEqualTo(600 + 4 * 300);
  }

  @Test
  void while_answers_are_late_longer_is_waited_but_not_without_end() {
    take(100, 2_000);
    assertThat(times.timeoutNanos()).isBetween(2_000L, 2_100L);
    take(100, Long.MAX_VALUE);
    assertThat(times.timeoutNanos()).isEqualTo(4 * LEAST);
  }

  @Test
  void when_answers_are_quick_again_the_least_is_waited_again() {
    take(100, Long.MAX_VALUE);
    take(50, 50);
    assertThat(times.timeoutNanos()).isEqualTo(LEAST);
  }
}
