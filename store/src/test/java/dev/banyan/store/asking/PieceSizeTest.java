package dev.banyan.store.asking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PieceSizeTest {

  private static final long TIMEOUT = 1_000;
  private static final int FIRST = 16 << 10;

  private final PieceSize size = new PieceSize(TIMEOUT);

  @Test
  void a_piece_that_is_most_of_what_was_asked_for_and_fast_doubles_the_next() {
    size.took(FIRST / 2, TIMEOUT / 2 - 1);
    assertThat(size.bytes()).isEqualTo(FIRST);
    size.took(FIRST / 2 + 1, TIMEOUT / 2 - 1);
    assertThat(size.bytes()).isEqualTo(2 * FIRST);
  }

  @Test
  void a_slow_piece_doubles_it_only_where_the_whole_becomes_faster_by_a_quarter() {
    size.took(FIRST, TIMEOUT);
    assertThat(size.bytes()).as("the first of all is faster than nothing").isEqualTo(2 * FIRST);
    size.took(2 * FIRST, 2 * TIMEOUT);
    assertThat(size.bytes()).isEqualTo(2 * FIRST);
    size.took(2 * FIRST, TIMEOUT);
    assertThat(size.bytes()).isEqualTo(4 * FIRST);
  }

  @Test
  void one_that_took_more_than_four_timeouts_halves_it() {
    size.took(FIRST, 4 * TIMEOUT);
    assertThat(size.bytes()).isEqualTo(2 * FIRST);
    size.took(2 * FIRST, 4 * TIMEOUT + 1);
    assertThat(size.bytes()).isEqualTo(FIRST);
  }

  @Test
  void it_stays_between_the_least_and_the_most() {
    for (int i = 0; i < 10; i++) {
      size.took(size.bytes(), 1);
    }
    assertThat(size.bytes()).isEqualTo(Question.MAX_PIECE_BYTES);
    for (int i = 0; i < 10; i++) {
      size.smaller();
    }
    assertThat(size.bytes()).isEqualTo(PieceSize.LEAST);
  }

  @Test
  void a_piece_may_take_three_times_as_long_as_the_last_ones_took() {
    assertThat(size.waitNanos()).isEqualTo(TIMEOUT);
    size.took(1, 2 * TIMEOUT);
    assertThat(size.waitNanos()).isEqualTo(6 * TIMEOUT);
    size.took(1, 1);
    assertThat(size.waitNanos()).isEqualTo(3 * TIMEOUT);
  }

  @Test
  void each_that_is_lost_doubles_the_wait_up_to_the_longest() {
    size.smaller();
    assertThat(size.waitNanos()).isEqualTo(3 * TIMEOUT);
    size.smaller();
    assertThat(size.waitNanos()).isEqualTo(6 * TIMEOUT);
    for (int i = 0; i < 10; i++) {
      size.smaller();
    }
    assertThat(size.waitNanos()).isEqualTo(32 * TIMEOUT);
  }
}
