package dev.banyan.sim.trial;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimBenchTest {

  @Test
  void a_tree_of_a_thousand_joins_and_everybody_hears_one_multicast() {
    SimBench.Scale scale = SimBench.scale(1_000, 16, 1, line -> {});
    assertThat(scale.joined()).isEqualTo(1_000);
    assertThat(scale.heard()).isEqualTo(924); // the clients but the one that published
    assertThat(scale.events()).isGreaterThan(10_000);
  }

  @Test
  void the_steady_measurement_handles_the_events_it_says() {
    SimBench.Steady steady = SimBench.steady(100, true, 20_000, 1, line -> {});
    assertThat(steady.events()).isGreaterThanOrEqualTo(20_000);
    assertThat(steady.eventsPerSecond()).isPositive();
  }
}
