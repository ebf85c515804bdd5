package dev.banyan.lab.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.reference.Pace;
import dev.banyan.lab.reference.PublishedRun;
import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.reference.Ycsb;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TaskRunTest {

  private static final Pace PACE = Pace.published(11.1, 1);

  /// Figure 7's tree.
  private static Setup binary(Workload workload, int tasks) {
    return Setup.tree(2, 6, 8, Rules.SHARDED, workload, tasks, PACE);
  }

  @Test
  void the_same_seed_costs_the_same_and_another_seed_something_else() {
    Setup setup = binary(Workload.of(4, 2), 200);
    TaskCosts once = TaskRun.measure(setup, NodeRules.NO_REALLOCATION, 7);
    assertThat(TaskRun.measure(setup, NodeRules.NO_REALLOCATION, 7)).isEqualTo(once);
    assertThat(TaskRun.measure(setup, NodeRules.NO_REALLOCATION, 8)).isNotEqualTo(once);
  }

  @Test
  void programs_are_those_of_the_published_run_with_that_seed() {
    Setup setup = binary(Workload.of(2, 2), 300);
    TaskCosts costs = TaskRun.measure(setup, NodeRules.PAPER, 3);
    assertThat(costs.updates()).isEqualTo(PublishedRun.measure(setup, 3).updates());
    assertThat(costs.tasks()).isEqualTo(300);
  }

  /// One key that all eight workers want: each update crosses each of the 14 links once.
  @Test
  void where_everybody_wants_the_key_an_update_crosses_every_link_once() {
    Setup setup = binary(Workload.of(1, 1), 1_000);
    TaskCosts costs = TaskRun.measureFrom(600, setup, NodeRules.BANYAN, 1);
    assertThat(costs.links().packets().data()).isEqualTo(14 * costs.updates());
    assertThat(costs.root().packets().data()).isEqualTo(2 * costs.updates());
    assertThat(costs.links().bytes().data()).isEqualTo(7 * costs.root().bytes().data());
    assertThat(costs.root().bytes().data() / costs.root().packets().data()).isBetween(60L, 90L);
  }

  @Test
  void a_task_and_its_result_cross_three_links_and_the_coordinators_own() {
    Setup setup = binary(Workload.of(2, 2), 400);
    TaskCosts costs = TaskRun.measureFrom(200, setup, NodeRules.NO_REALLOCATION, 1);
    assertThat(costs.links().packets().tasks()).isEqualTo(3 * 200);
    assertThat(costs.root().packets().tasks()).isEqualTo(200);
    assertThat(costs.root().packets().own()).isEqualTo(2 * 200);
    assertThat(costs.root().packets().results())
        .isBetween(200L, 210L); // some of those before come later
    assertThat(costs.root().packets().joins()).isZero();
    assertThat(costs.turnaroundMillis()).isGreaterThan(costs.waitMillis() + 30);
  }

  @Test
  void without_sharding_a_star_sends_every_update_to_every_worker() {
    Setup setup = Setup.star(9, Rules.UNSHARDED, Workload.of(4, 5), 300, PACE);
    TaskCosts costs = TaskRun.measureFrom(200, setup, NodeRules.PAPER, 1);
    assertThat(costs.links().packets().data()).isEqualTo(9 * costs.updates());
  }

  /// Unicast to everybody: the eight others of nine workers. Nothing but tasks and results passes the coordinator.
  @Test
  void in_a_mesh_without_sharding_a_writer_sends_every_update_to_each_other_worker() {
    Setup setup = Setup.mesh(9, Rules.UNSHARDED, Workload.of(4, 5), 300, PACE);
    TaskCosts costs = TaskRun.measureFrom(200, setup, NodeRules.BANYAN, 1);
    assertThat(costs.links().packets().data()).isEqualTo(8 * costs.updates());
    assertThat(costs.workers().stream().mapToLong(worker -> worker.packets().data()).sum())
        .isEqualTo(2 * costs.links().packets().data());
    assertThat(costs.root().packets().data()).isZero();
    assertThat(costs.root().packets().tasks()).isEqualTo(100);
    assertThat(costs.links().packets().interest()).isZero();
  }

  /// What the star's root passes on is what the mesh's writers send themselves: one packet less for each update that goes
  /// up at all.
  @Test
  void a_sharded_mesh_sends_an_update_to_those_whom_the_star_passes_it_on_to() {
    Workload workload = Workload.of(2, 2);
    TaskCosts star =
        TaskRun.measure(
            Setup.star(9, Rules.SHARDED, workload, 300, PACE), NodeRules.NO_REALLOCATION, 1);
    TaskCosts mesh =
        TaskRun.measure(
            Setup.mesh(9, Rules.SHARDED, workload, 300, PACE), NodeRules.NO_REALLOCATION, 1);
    long toRoot = star.workers().stream().mapToLong(worker -> worker.packets().data()).sum();
    assertThat(toRoot).isEqualTo(star.links().packets().data());
    assertThat(mesh.updates()).isEqualTo(star.updates());
    assertThat(mesh.links().packets().data())
        .isBetween(
            star.links().packets().data() - star.updates() - 100,
            star.links().packets().data() - 700);
    assertThat(mesh.links().packets().interest()).isGreaterThan(star.links().packets().interest());
    assertThat(mesh.links().packets().joins()).isEqualTo(9 * 10); // of ten hosts each greets each
  }

  @Test
  void whoever_wants_everything_reads_without_asking_and_each_update_reaches_all() {
    Setup setup = Setup.tree(2, 6, 8, Rules.UNSHARDED, Ycsb.F, 200, PACE);
    TaskCosts costs = TaskRun.measure(setup, NodeRules.BANYAN, 1);
    assertThat(costs.localReads()).isEqualTo(costs.reads()).isGreaterThan(600);
    assertThat((double) costs.updates() / costs.reads()).isBetween(0.45, 0.55);
    assertThat(costs.links().packets().data()).isEqualTo(14 * costs.updates());
    assertThat(costs.links().packets().joins()).isZero();
  }

  @Test
  void reads_ask_until_the_value_is_held_and_cost_no_data_packets() {
    Setup setup = Setup.tree(2, 6, 8, Rules.SHARDED, Ycsb.C, 200, PACE);
    TaskCosts costs = TaskRun.measure(setup, NodeRules.BANYAN, 1);
    assertThat(costs.updates()).isZero();
    assertThat(costs.links().packets().data()).isZero();
    long asked = costs.reads() - costs.localReads();
    assertThat(asked).isBetween(costs.reads() / 10, costs.reads() * 9 / 10);
    assertThat(costs.links().packets().questions()).isGreaterThanOrEqualTo(4 * asked * 9 / 10);
    assertThat(TaskRun.measure(setup, NodeRules.BANYAN, 1)).isEqualTo(costs);
  }

  @Test
  void without_pruning_every_update_goes_up_to_the_root() {
    Setup setup = binary(Workload.of(4, 2), 1_000);
    NodeRules up = NodeRules.BANYAN.withUpwardPruning(false);
    TaskCosts costs = TaskRun.measureFrom(600, setup, up, 1);
    assertThat(costs.root().packets().data()).isGreaterThanOrEqualTo(costs.updates());
    assertThat(TaskRun.measureFrom(600, setup, NodeRules.BANYAN, 1).root().packets().data())
        .isLessThan(costs.updates());
  }

  @Test
  void a_tree_with_fewer_places_than_workers_takes_all_of_them() {
    Setup setup = Setup.tree(3, 4, 40, Rules.SHARDED, Workload.of(4, 8), 80, PACE);
    TaskCosts costs = TaskRun.measure(setup, NodeRules.NO_REALLOCATION, 1);
    assertThat(costs.updates()).isPositive();
    assertThat(costs.routers()).hasSize(4).allMatch(router -> router.packets().data() > 0);
  }

  /// The least that is possible when each set's tasks are spread over its share of the workers: siblings, half of the
  /// tree, all of it.
  @ParameterizedTest
  @CsvSource({
    "4, 2, 0, 2.1, 2",
    "2, 2, 0, 6.3, 4",
    "1, 2, 2, 14, 8",
    "1, 1, 2, 14, 8",
  })
  void tasks_by_interest_cost_the_least_that_their_sets_can(
      int sets, int keys, long rootPerUpdate, double most, int share) {
    for (int seed = 1; seed <= 3; seed++) {
      Setup setup = binary(Workload.of(sets, keys), 5_120);
      TaskCosts costs = TaskRun.measureFrom(2_560, setup, NodeRules.BANYAN, seed);
      assertThat(costs.root().packets().data()).isEqualTo(rootPerUpdate * costs.updates());
      assertThat((double) costs.links().packets().data() / costs.updates())
          .isLessThanOrEqualTo(most);
      assertThat(costs.workersPerSet()).isGreaterThan(0.95 * share);
      TaskCosts leastQueue = TaskRun.measureFrom(2_560, setup, NodeRules.NO_REALLOCATION, seed);
      assertThat(costs.turnaroundMillis()).isLessThanOrEqualTo(1.5 * leastQueue.turnaroundMillis());
    }
  }
}
