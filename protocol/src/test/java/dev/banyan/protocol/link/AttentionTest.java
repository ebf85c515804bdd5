package dev.banyan.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// When a child that does not give questions back is not asked any more, and when it is again.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AttentionTest {

  private static final NodeId ASKER = new NodeId(7);
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  private final Attention attention = new Attention();

  private static Message.Anycast question(long id, int bytes) {
    return new Message.Anycast(
        id,
        ASKER,
        1,
        List.of(new Message.Hop(ASKER, List.of())),
        false,
        Bytes.wrap(new byte[bytes]));
  }

  private void given(long id, long atNanos) {
    attention.passed(question(id, 0), atNanos);
  }

  @Test
  void a_question_comes_back_once_and_only_if_it_was_given() {
    given(1, 0);
    assertThat(attention.has(ASKER, 1)).isTrue();
    assertThat(attention.has(ASKER, 2)).isFalse();
    assertThat(attention.givenBack(ASKER, 2)).isNull();
    assertThat(attention.givenBack(new NodeId(8), 1)).isNull();
    assertThat(attention.givenBack(ASKER, 1)).isNotNull();
    assertThat(attention.givenBack(ASKER, 1)).isNull();
    assertThat(attention.has(ASKER, 1)).isFalse();
    assertThat(attention.bytes()).isZero();
  }

  @Test
  void whoever_has_had_a_question_for_half_a_second_is_slow() {
    assertThat(attention.slow(SECOND)).isFalse();
    given(1, 0);
    assertThat(attention.slow(500 * MILLI)).isFalse();
    assertThat(attention.slow(500 * MILLI + 1)).isTrue();
    attention.givenBack(ASKER, 1);
    assertThat(attention.slow(500 * MILLI + 1)).isFalse();
  }

  @Test
  void what_was_given_before_one_that_came_back_may_be_lost_further_down() {
    given(1, 0);
    given(2, 1);
    attention.givenBack(ASKER, 2);
    assertThat(attention.slow(10 * SECOND)).isFalse();
    given(3, 2);
    assertThat(attention.slow(10 * SECOND)).isTrue();
  }

  @Test
  void a_slow_child_is_asked_a_question_of_the_parents_own_once() {
    given(1, 0);
    assertThat(attention.look(false, 400 * MILLI)).isFalse();
    assertThat(attention.look(false, 600 * MILLI)).isTrue();
    assertThat(attention.look(false, 700 * MILLI)).isFalse();
    attention.probeBack();
    assertThat(attention.look(false, 10 * SECOND)).as("nothing new was given").isFalse();
    given(2, 10 * SECOND);
    assertThat(attention.look(false, 11 * SECOND)).isTrue();
  }

  @Test
  void it_is_silent_when_that_does_not_come_back_for_two_seconds_until_it_does() {
    given(1, 0);
    long asked = SECOND;
    attention.look(false, asked);
    assertThat(attention.look(false, asked + 2 * SECOND)).isFalse();
    assertThat(attention.silent()).isFalse();
    assertThat(attention.look(false, asked + 2 * SECOND + 1)).as("it is asked again").isTrue();
    assertThat(attention.silent()).isTrue();
    assertThat(attention.silentSinceNanos()).isEqualTo(asked + 2 * SECOND + 1);
    attention.look(false, asked + 5 * SECOND);
    assertThat(attention.silentSinceNanos()).as("since then").isEqualTo(asked + 2 * SECOND + 1);
    attention.probeBack();
    assertThat(attention.silent()).isFalse();
  }

  @Test
  void bytes_on_their_way_put_that_off_for_a_minute_at_most() {
    given(1, 0);
    attention.look(false, SECOND);
    for (int second = 2; second <= 70; second++) {
      attention.busy(second * SECOND);
      attention.look(false, second * SECOND + MILLI);
      assertThat(attention.silent())
          .as("after %s s", second)
          .isEqualTo(second * SECOND + MILLI > 62 * SECOND + 2 * SECOND);
    }
  }

  @Test
  void bytes_that_moved_long_ago_excuse_nothing() {
    attention.busy(0);
    given(1, 10 * SECOND);
    attention.look(false, 11 * SECOND);
    attention.look(false, 13 * SECOND + 1);
    assertThat(attention.silent()).isTrue();
  }

  /// A client gives the parent's own questions back, and keeps the others.
  private void keeps(int questions, boolean client) {
    for (int i = 0; i < questions; i++) {
      given(100 + i, i);
    }
    attention.look(client, SECOND);
    attention.probeBack();
    attention.look(client, 4 * SECOND + questions);
  }

  @Test
  void a_client_that_keeps_three_questions_for_four_seconds_is_not_asked_for_ten_minutes() {
    keeps(3, true);
    assertThat(attention.silent()).isTrue();
    attention.probeBack();
    assertThat(attention.silent()).as("the parent's own question is not enough").isTrue();
    attention.look(true, 603 * SECOND);
    assertThat(attention.silent()).isTrue();
    attention.look(true, 605 * SECOND);
    assertThat(attention.silent()).isFalse();
    assertThat(attention.has(ASKER, 100)).as("it starts anew").isFalse();
    assertThat(attention.bytes()).isZero();
  }

  @Test
  void or_until_it_gives_one_of_them_back() {
    keeps(3, true);
    assertThat(attention.givenBack(ASKER, 101)).isNotNull();
    assertThat(attention.silent()).isFalse();
    assertThat(attention.has(ASKER, 100)).isFalse();
  }

  @Test
  void two_may_be_bad_luck_and_a_router_answers_for_others() {
    keeps(2, true);
    assertThat(attention.silent()).isFalse();
    Attention ofRouter = new Attention();
    for (int i = 0; i < 3; i++) {
      ofRouter.passed(question(i, 0), i);
    }
    ofRouter.look(false, SECOND);
    ofRouter.probeBack();
    ofRouter.look(false, 5 * SECOND);
    assertThat(ofRouter.silent()).isFalse();
  }

  @Test
  void three_that_are_not_four_seconds_old_are_not_overdue() {
    for (int i = 0; i < 3; i++) {
      given(i, 0);
    }
    attention.look(true, SECOND);
    attention.probeBack();
    attention.look(true, 4 * SECOND);
    assertThat(attention.silent()).isFalse();
  }

  @Test
  void what_was_lost_further_down_is_forgotten_after_half_a_minute() {
    given(1, 0);
    given(2, 1);
    attention.givenBack(ASKER, 2);
    attention.look(true, 30 * SECOND);
    assertThat(attention.has(ASKER, 1)).isTrue();
    attention.look(true, 30 * SECOND + 1);
    assertThat(attention.has(ASKER, 1)).isFalse();
    assertThat(attention.bytes()).isZero();
  }

  @Test
  void what_it_has_is_bounded_in_number_and_in_bytes_and_the_oldest_goes() {
    for (int i = 0; i < 8_193; i++) {
      given(i, i);
    }
    assertThat(attention.has(ASKER, 0)).isFalse();
    assertThat(attention.has(ASKER, 1)).isTrue();
    Attention large = new Attention();
    for (int i = 0; i < 40; i++) {
      large.passed(question(i, 1 << 16), i);
    }
    assertThat(large.bytes()).isBetween(1L << 20, 2L << 20);
    assertThat(large.has(ASKER, 0)).isFalse();
    assertThat(large.has(ASKER, 39)).isTrue();
    long before = large.bytes();
    large.forgetOldest();
    assertThat(large.bytes()).isEqualTo(before - Attention.weight(question(0, 1 << 16)));
  }

  @Test
  void the_same_question_given_again_counts_once() {
    given(1, 0);
    long once = attention.bytes();
    given(1, SECOND);
    assertThat(attention.bytes()).isEqualTo(once);
    assertThat(attention.slow(SECOND + 500 * MILLI)).as("it counts from the second time").isFalse();
  }

  @Test
  void nothing_is_noted_where_all_would_have_it_who_were_never_asked() {
    assertThatThrownBy(() -> Attention.NEVER_ASKED.busy(1))
        .isInstanceOf(IllegalStateException.class);
  }
}
