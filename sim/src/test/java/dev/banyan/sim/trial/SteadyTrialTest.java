package dev.banyan.sim.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.protocol.TreeConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SteadyTrialTest {

  /// Twenty nodes are 2 routers below the root, and clients below them: up two links, down two. Of 140 nodes, 14 routers are
  /// three full levels.
  @Test
  void a_multicast_reaches_each_node_once_and_crosses_the_tree_up_and_down() {
    for (TreeConfig.Rules rules :
        new TreeConfig.Rules[] {TreeConfig.Rules.PAPER, TreeConfig.Rules.DEFAULT}) {
      assertThat(new SteadyTrial(20, rules).measure(1))
          .isEqualTo(new SteadyTrial.Measured(1, 0, 4));
      assertThat(new SteadyTrial(140, rules).measure(1))
          .isEqualTo(new SteadyTrial.Measured(1, 0, 8));
    }
  }

  /// Of n nodes with d neighbours each, all but the writer send d - 1 frames: for each receiver d - 1 and a little more.
  @Test
  void a_flood_reaches_each_node_as_often_as_it_has_neighbours_less_one() {
    SteadyTrial.Measured flood = new Flood(2_000, 5).measure(1);
    assertThat(flood.ratio()).isEqualTo(1);
    assertThat(flood.redundancy()).isBetween(2.95, 3.01);
    assertThat(flood.lastHop()).isBetween(5.0, 9.0);
    assertThat(new Flood(2_000, 10).measure(1).lastHop()).isLessThan(flood.lastHop());
    assertThat(new Flood(2_000, 5).measure(2)).isNotEqualTo(flood);
  }

  @Test
  void what_is_no_tree_and_no_overlay_is_refused() {
    assertThatThrownBy(() -> new SteadyTrial(19, TreeConfig.Rules.PAPER))
        .hasMessageContaining("at least 20 nodes");
    assertThatThrownBy(() -> new Flood(5, 5)).hasMessageContaining("more nodes than neighbours");
  }
}
