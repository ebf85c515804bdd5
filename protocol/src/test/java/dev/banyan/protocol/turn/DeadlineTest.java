package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeadlineTest {

  private final Turn turn = new Turn(new SplittableRandom(1), new AgreedClock(_ -> 1, true));
  private final Deadline deadline = new Deadline(turn, TreeTimer.JOIN);
  private final Effects effects = new Effects();

  private List<Effect.SetTimer> at(long nanos, Runnable what) {
    effects.clear();
    turn.begin(nanos, effects);
    what.run();
    List<Effect.SetTimer> timers = new ArrayList<>();
    effects.forEach(effect -> timers.add((Effect.SetTimer) effect));
    return timers;
  }

  @Test
  void put_off_it_needs_no_further_timer_until_the_first_fires_and_then_one_for_the_rest() {
    List<Effect.SetTimer> first = at(0, () -> deadline.in(100));
    assertThat(at(10, () -> deadline.in(200))).isEmpty();
    List<Effect.SetTimer> rest =
        at(
            100,
            () -> {
              assertThat(turn.accept(first.getFirst().timer())).isTrue();
              assertThat(deadline.hasCome()).isFalse();
            });
    assertThat(rest).extracting(Effect.SetTimer::atNanos).containsExactly(210L);
    at(
        210,
        () -> {
          assertThat(turn.accept(rest.getFirst().timer())).isTrue();
          assertThat(deadline.hasCome()).isTrue();
        });
  }

  @Test
  void brought_forward_it_comes_earlier_and_once() {
    List<Effect.SetTimer> first = at(0, () -> deadline.in(100));
    List<Effect.SetTimer> earlier = at(10, () -> deadline.in(20));
    assertThat(earlier).extracting(Effect.SetTimer::atNanos).containsExactly(30L);
    assertThat(turn.accept(earlier.getFirst().timer())).isTrue();
    at(30, () -> assertThat(deadline.hasCome()).isTrue());
    assertThat(turn.accept(first.getFirst().timer())).isFalse();
  }

  @Test
  void cancelled_it_does_not_come_and_the_next_one_has_a_timer_of_its_own() {
    List<Effect.SetTimer> first = at(0, () -> deadline.in(100));
    at(10, deadline::cancel);
    assertThat(turn.accept(first.getFirst().timer())).isFalse();
    assertThat(at(20, () -> deadline.in(200)))
        .extracting(Effect.SetTimer::atNanos)
        .containsExactly(220L);
  }

  @Test
  void put_off_to_the_time_at_which_it_comes_anyway_it_needs_no_further_timer() {
    at(0, () -> deadline.in(100));
    assertThat(at(10, () -> deadline.in(90))).isEmpty();
  }
}
