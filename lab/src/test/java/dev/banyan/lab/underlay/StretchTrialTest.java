package dev.banyan.lab.underlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Seeds;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StretchTrialTest {

  @Test
  void a_copy_for_each_takes_the_direct_way_and_all_of_them_the_writers_own_line() {
    MulticastCost cost = StretchTrial.unicast(50, 1);
    assertThat(cost.stretchMean()).isEqualTo(1);
    assertThat(cost.stretchMost()).isEqualTo(1);
    assertThat(cost.stressMost()).isEqualTo(49);
    assertThat(cost.stressMean()).isBetween(1.5, 49.0);
    assertThat(cost.resources()).isGreaterThan(2);
  }

  @Test
  void a_network_that_multicasts_by_itself_needs_one_copy_on_a_line() {
    MulticastCost cost = StretchTrial.ipMulticast(50, 1);
    assertThat(cost.stretchMost()).isEqualTo(1);
    assertThat(cost.stressMean()).isEqualTo(1);
    assertThat(cost.stressMost()).isEqualTo(1);
    assertThat(cost.resources()).isEqualTo(1);
  }

  /// A tree of hosts goes ways that the direct one does not, and a host with children has as many copies on its line.
  @Test
  void the_tree_takes_longer_than_the_direct_way_and_spares_the_writer() {
    MulticastCost cost = StretchTrial.tree(50, TreeConfig.DEFAULT, 1);
    assertThat(cost.stretchMedian()).isBetween(2.0, 10.0);
    assertThat(cost.stretchMost()).isGreaterThan(cost.stretchP95());
    assertThat(cost.relativeDelay()).isBetween(2.0, 8.0);
    assertThat(cost.stressMost()).isBetween(5.0, 48.0);
    assertThat(cost.resources()).isGreaterThan(1);
  }

  /// One router beside the root, where all workers are.
  @Test
  void in_a_star_a_multicast_takes_the_way_through_its_middle() {
    int workers = 9;
    int middle = 1;
    long seed = 3;
    Underlay underlay = new Underlay(TransitStub.DEFAULT, 2 + workers, seed);
    int[] writers = Seeds.fork(seed, "writers").ints(20, 2, 2 + workers).toArray();
    double sum = 0;
    for (int writer : writers) {
      for (int worker = 2; worker < 2 + workers; worker++) {
        double way =
            underlay.latencyMicros(writer, middle) + underlay.latencyMicros(middle, worker);
        sum += worker == writer ? 0 : way / underlay.latencyMicros(writer, worker);
      }
    }
    MulticastCost cost = StretchTrial.tree(workers, TreeConfig.DEFAULT, seed);
    assertThat(cost.stretchMean()).isCloseTo(sum / (20 * 8), within(1e-9));
    assertThat(cost.stressMost())
        .isGreaterThanOrEqualTo(1 + 8 + 1); // in, to the others, to the root
  }

  @Test
  void the_same_seed_costs_the_same_and_another_seed_something_else() {
    MulticastCost once = StretchTrial.tree(20, TreeConfig.DEFAULT, 7);
    assertThat(StretchTrial.tree(20, TreeConfig.DEFAULT, 7)).isEqualTo(once);
    assertThat(StretchTrial.tree(20, TreeConfig.DEFAULT, 8)).isNotEqualTo(once);
  }
}
