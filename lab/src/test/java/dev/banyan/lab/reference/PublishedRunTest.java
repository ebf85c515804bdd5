package dev.banyan.lab.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishedRunTest {

  private static final Workload W4X5 = new Workload(4, 5, 0);
  private static final Pace PACE = Pace.published(11.1, 1);

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 27, 81, 729})
  void flat_and_unsharded_the_root_counts_exactly_what_the_formula_says(int workers) {
    int tasks = 2 * workers;
    Measured run =
        PublishedRun.measure(Setup.star(workers, Rules.UNSHARDED, W4X5, tasks, PACE), workers);
    assertThat(run.rootPackets())
        .isEqualTo(run.updates() * workers + 4L * tasks + 3L * workers + 1);
    assertThat(run.totalPackets()).isEqualTo(run.rootPackets());
    assertThat(run.tasks()).isEqualTo(tasks);
  }

  @ParameterizedTest
  @CsvSource({"3, 3, 9", "3, 12, 27", "3, 39, 81", "2, 6, 8", "4, 20, 64", "3, 363, 729"})
  void in_an_unsharded_tree_the_root_counts_exactly_what_the_formula_says(
      int branching, int routers, int workers) {
    Measured run =
        PublishedRun.measure(
            Setup.tree(branching, routers, workers, Rules.UNSHARDED, W4X5, 512, PACE), 5);
    assertThat(run.rootPackets())
        .isEqualTo(run.updates() * branching + 4 * 512 + 3L * (routers + workers) + 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void sharding_adds_no_packet_to_any_router(long seed) {
    Setup sharded = Setup.tree(3, 12, 27, Rules.SHARDED, W4X5, 200, PACE);
    Setup unsharded = Setup.tree(3, 12, 27, Rules.UNSHARDED, W4X5, 200, PACE);
    Measured less = PublishedRun.measure(sharded, seed);
    Measured more = PublishedRun.measure(unsharded, seed);
    assertThat(less.updates()).isEqualTo(more.updates());
    assertThat(less.rootPackets()).isLessThan(more.rootPackets());
    for (int router = 0; router < 12; router++) {
      assertThat(less.routerPackets().get(router))
          .isLessThanOrEqualTo(more.routerPackets().get(router));
    }
  }

  @Test
  void the_same_seed_measures_the_same_and_another_does_not() {
    Setup setup = Setup.tree(3, 39, 81, Rules.PUBLISHED, W4X5, 512, PACE);
    assertThat(PublishedRun.measure(setup, 7)).isEqualTo(PublishedRun.measure(setup, 7));
    assertThat(PublishedRun.measure(setup, 7)).isNotEqualTo(PublishedRun.measure(setup, 8));
  }

  @Test
  void a_program_has_two_keys_at_least_and_three_and_a_half_in_the_mean_all_of_one_set() {
    var random = new java.util.SplittableRandom(3);
    Workload workload = new Workload(4, 2, 1);
    long keys = 0;
    int programs = 100_000;
    for (int i = 0; i < programs; i++) {
      int[] program = workload.program(random);
      assertThat(program).hasSizeGreaterThanOrEqualTo(2);
      for (int key : program) {
        assertThat(key).isBetween(1, 8);
        assertThat((key - 1) / 2).isEqualTo((program[0] - 1) / 2);
      }
      keys += program.length;
    }
    assertThat((double) keys / programs).isBetween(3.48, 3.52);
  }

  @Test
  void percentiles_are_of_the_root_and_the_routers() {
    Measured run = PublishedRun.measure(Setup.tree(2, 6, 8, Rules.SHARDED, W4X5, 64, PACE), 1);
    assertThat(run.loads()).hasSize(7).isSorted();
    assertThat(run.loadPercentile(0.5)).isEqualTo(run.loads().get(3));
    assertThat(run.loadPercentile(0.95)).isEqualTo(run.loads().get(6));
  }

  @Test
  void configurations_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> Setup.star(0, Rules.SHARDED, W4X5, 1, PACE))
        .hasMessageContaining("workers");
    assertThatThrownBy(() -> Setup.tree(1, 3, 9, Rules.SHARDED, W4X5, 1, PACE))
        .hasMessageContaining("branching");
    assertThatThrownBy(() -> Workload.of(0, 1)).hasMessageContaining("at least one");
    assertThatThrownBy(() -> Pace.published(11.1, 0)).hasMessageContaining("work factor");
  }
}
