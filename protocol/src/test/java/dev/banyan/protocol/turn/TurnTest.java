package dev.banyan.protocol.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TurnTest {

  private static final long NOON = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final Effects effects = new Effects();

  private Turn turn(boolean root) {
    Turn turn = new Turn(new SplittableRandom(1), new AgreedClock(_ -> NOON, root));
    turn.begin(0, effects);
    return turn;
  }

  @Test
  void a_later_time_from_below_is_told_to_the_layer_above_at_the_root_alone() {
    Turn router = turn(false);
    router.heardTime(NOON);
    effects.clear();
    assertThat(router.heardTimeFromBelow(NOON + HOUR, false)).isTrue();
    assertThat(effects).isEmpty();
    assertThat(turn(true).heardTimeFromBelow(NOON + HOUR, true)).isTrue();
    assertThat(effects).containsExactly(new Effect.TreeTime(NOON + HOUR, 0));
  }

  @Test
  void what_is_known_below_and_no_later_is_told_to_nobody() {
    assertThat(turn(true).heardTimeFromBelow(NOON, true)).isFalse();
    assertThat(effects).isEmpty();
  }

  @Test
  void that_deletions_are_forgotten_is_told_once_and_never_of_the_future() {
    Turn root = turn(true);
    root.heardForgotten(NOON + 1);
    assertThat(effects).isEmpty();
    root.heardForgotten(NOON);
    assertThat(effects).containsExactly(new Effect.Forgotten(NOON));
    root.heardForgotten(NOON);
    root.heardForgotten(NOON - 1);
    assertThat(effects).hasSize(1);
    assertThat(root.horizon().millis()).isEqualTo(NOON);
  }
}
