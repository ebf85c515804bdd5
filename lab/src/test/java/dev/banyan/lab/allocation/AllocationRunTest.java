package dev.banyan.lab.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.protocol.TreeConfig;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllocationRunTest {

  private static final AllocationRun.Setup SETUP =
      new AllocationRun.Setup(48, 2, 6, Duration.ofSeconds(90), 200_000);

  @Test
  void workers_with_overlapping_sets_come_within_15_percent_of_the_best_and_move_at_most_once() {
    AllocationRun.Outcome outcome = AllocationRun.measure(SETUP, TreeConfig.Rules.DEFAULT, 1);
    assertThat(outcome.moves()).isPositive();
    assertThat(outcome.mostMoves()).isEqualTo(1);
    assertThat(outcome.measured()).isLessThan(0.95 * outcome.joined());
    assertThat(outcome.measured()).isLessThan(1.15 * outcome.best());
  }

  @Test
  void without_reallocation_they_stay_where_they_joined() {
    AllocationRun.Outcome outcome =
        AllocationRun.measure(
            SETUP, TreeConfig.Rules.DEFAULT.withReallocation(TreeConfig.Reallocation.OFF), 1);
    assertThat(outcome.moves()).isZero();
    assertThat(outcome.computed()).isEqualTo(outcome.joined());
    assertThat(outcome.measured()).isBetween(0.9 * outcome.joined(), 1.1 * outcome.joined());
  }

  @Test
  void the_search_finds_what_trying_all_finds() {
    int[] parents = {-1, 0, 0, 1, 1, 2, 2};
    for (long seed = 1; seed <= 5; seed++) {
      WorkerPlacement start =
          new WorkerPlacement(
              parents, new int[] {3, 3, 4, 4, 5, 5, 6, 6}, new WorkingSets(8, seed));
      double best = start.best().packetsPerUpdate();
      WorkerPlacement found = start.improved(50_000, new SplittableRandom(seed));
      assertThat(found.packetsPerUpdate()).isBetween(best - 1e-9, best * 1.001);
    }
  }
}
