package dev.banyan.protocol.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.TreeConfig;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PatienceTest {

  private final Patience patience = new Patience(TreeConfig.Timing.DEFAULT);
  private long nowNanos;

  @Test
  void without_answers_it_doubles_from_the_second_time_on_up_to_eight_join_timeouts() {
    assertThat(LongStream.range(0, 10).map(i -> unanswered()).toArray())
        .containsExactly(1_000, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000);
  }

  @Test
  void the_next_search_waits_twice_as_long_as_the_slowest_answer_of_this_one_took() {
    answered(1_500);
    answered(200);
    patience.found();
    assertThat(asked()).isEqualTo(3_000);
  }

  @Test
  void fast_answers_bring_it_back_to_the_join_timeout() {
    LongStream.range(0, 10).forEach(i -> unanswered());
    answered(30);
    patience.found();
    assertThat(asked()).isEqualTo(1_000);
  }

  @Test
  void however_slow_the_answer_it_ends_at_eight_join_timeouts() {
    answered(7_000);
    patience.found();
    assertThat(asked()).isEqualTo(8_000);
  }

  @Test
  void a_root_that_answers_fast_does_not_hide_a_parent_that_does_not() {
    for (int search = 0; search < 2; search++) {
      answered(10);
      unanswered();
    }
    assertThat(asked()).isEqualTo(2_000);
  }

  @Test
  void one_lost_request_in_each_search_changes_nothing() {
    for (int search = 0; search < 10; search++) {
      unanswered();
      answered(10);
      patience.found();
    }
    assertThat(asked()).isEqualTo(1_000);
  }

  private long asked() {
    return TimeUnit.NANOSECONDS.toMillis(patience.asked(nowNanos));
  }

  private long unanswered() {
    long millis = asked();
    patience.unanswered();
    return millis;
  }

  private void answered(long afterMillis) {
    asked();
    nowNanos += TimeUnit.MILLISECONDS.toNanos(afterMillis);
    patience.answered(nowNanos);
  }
}
