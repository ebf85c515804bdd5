package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.sim.run.Run;
import dev.banyan.sim.scenario.store.LateWriter;
import dev.banyan.sim.scenario.store.Resurrections;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/// The checkers of late writers and of deleted keys see what they are there to see.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LastWriterTest {

  /// Wall time that runs backwards gives versions that say nothing about when they were made.
  private static final long BACKWARDS_PPM = -3_000_000;

  @Test
  void where_time_runs_backwards_an_old_write_wins_and_that_is_reported() {
    assertThatThrownBy(
            () -> LateWriter.play(new Run(ClusterOptions.of(1, "late-writer")), BACKWARDS_PPM))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("put it later");
  }

  @Test
  void a_worker_that_takes_its_absence_lightly_brings_deleted_keys_back_and_that_is_reported() {
    StoreConfig lightly =
        StoreConfig.DEFAULT
            .withHalfLifeNanos(Duration.ofSeconds(2).toNanos())
            .withTombstoneNanos(Duration.ofDays(10).toNanos());
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 10; seed++) {
                Resurrections.play(new Run(ClusterOptions.of(seed, "resurrections")), lightly);
              }
            })
        .isInstanceOf(Violation.class)
        .hasMessageContaining("which was deleted");
  }
}
