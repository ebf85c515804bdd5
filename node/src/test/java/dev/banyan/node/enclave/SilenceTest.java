package dev.banyan.node.enclave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.store.worker.SeparateStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SilenceTest {

  private static final Effect.Upcall UP = new Effect.Connected(true);
  private static final Effect.Upcall DOWN = new Effect.Connected(false);
  private static final Effect.Upcall NEWS = new Effect.Moved();

  private final Silence silence = new Silence(seconds(3), 0);

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  private static Event said(Effect.Upcall... upcalls) {
    return new SeparateStore.Said(List.of(upcalls));
  }

  /// Looks each second up to then.
  private Event lookUntil(long from, long until) {
    for (long s = from; s <= until; s++) {
      var found = silence.look(seconds(s));
      if (found.isPresent()) {
        return found.get();
      }
    }
    return null;
  }

  @Test
  void a_silent_host_is_no_place_in_the_tree_and_what_it_said_last_counts_when_it_is_back() {
    assertThat(silence.heard(0, List.of(UP))).contains(said(UP));
    assertThat(lookUntil(1, 3)).isNull();
    assertThat(lookUntil(4, 5)).isEqualTo(said(DOWN));
    assertThat(lookUntil(6, 20)).as("said once").isNull();
    assertThat(silence.heard(seconds(21), List.of(NEWS))).contains(said(UP, NEWS));
    assertThat(silence.heard(seconds(22), List.of(NEWS))).contains(said(NEWS));
  }

  @Test
  void a_host_that_only_says_that_it_lives_is_not_silent() {
    assertThat(silence.heard(0, List.of(UP))).contains(said(UP));
    for (long s = 1; s < 20; s++) {
      assertThat(silence.heard(seconds(s), List.of())).isEmpty();
      assertThat(silence.look(seconds(s))).isEmpty();
    }
  }

  @Test
  void a_host_without_a_place_need_not_lose_it() {
    assertThat(silence.heard(0, List.of(UP, DOWN))).contains(said(UP, DOWN));
    assertThat(lookUntil(1, 20)).isNull();
    assertThat(silence.heard(seconds(21), List.of(NEWS))).contains(said(NEWS));
  }

  @Test
  void who_has_slept_itself_waits_for_what_came_meanwhile() {
    assertThat(silence.heard(0, List.of(UP))).contains(said(UP));
    assertThat(silence.look(seconds(1))).isEmpty();
    assertThat(silence.look(seconds(1_000))).isEmpty();
    assertThat(lookUntil(1_001, 1_005)).isEqualTo(said(DOWN));
  }
}
