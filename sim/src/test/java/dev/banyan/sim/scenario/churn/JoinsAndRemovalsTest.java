package dev.banyan.sim.scenario.churn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.sim.SimSeeds;
import dev.banyan.sim.check.TreeMetrics;
import dev.banyan.sim.run.ScenarioResult;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("claims of the paper about joins and removals")
class JoinsAndRemovalsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName(
      "claims 7, 8, 9 (sections 6.1, 7, figure 2): joins and removals of 35 nodes; one join request"
          + " finds another parent; imbalance 0 at both ends, spikes between")
  void joinsAndRemovals(long seed) {
    ScenarioResult result =
        JoinsAndRemovals.PAPER.run(
            SimSeeds.options(JoinsAndRemovalsTest.class, JoinsAndRemovals.PAPER.name(), seed));
    assertThat(result.nodes()).isEqualTo(36);
    assertThat(result.parents().lost()).isPositive();
    assertThat(result.parents().foundAnew()).isEqualTo(result.parents().lost());
    assertThat(result.parents().foundAnewWithOneJoinRequest()).isEqualTo(result.parents().lost());
    assertThat(result.parents().needlesslyLeft()).isEmpty();
    List<TreeMetrics.Sample> samples = result.samples();
    assertThat(samples.getFirst().maxImbalance()).isZero();
    assertThat(samples.getLast().maxImbalance()).isZero();
    assertThat(samples.getLast().nodes()).isEqualTo(1);
    assertThat(samples).anyMatch(sample -> sample.nodes() == 36 && sample.attached() == 36);
  }

  @Test
  @DisplayName("claim 9 (figure 2): the imbalance spikes while nodes come and go")
  void imbalanceSpikes() {
    long withSpikes =
        LongStream.rangeClosed(1, 8)
            .mapToObj(JoinsAndRemovals.PAPER::run)
            .filter(result -> result.samples().stream().anyMatch(s -> s.maxImbalance() > 3))
            .count();
    assertThat(withSpikes).isGreaterThan(2);
  }
}
