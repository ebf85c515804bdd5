package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("scenarios: every check holds, on every seed")
class ScenariosTest {

  /// Dear scenarios are played on one in so many of the seeds; the others on one in ten.
  private static final Map<String, Integer> ONE_IN =
      Map.of(
          SlowChild.OVERFLOWING.name(), 40,
          Chaos.TREE.name(), 1,
          Chaos.WORKERS.name(), 4,
          JoinsAndRemovals.HARDER.name(), 4,
          SimultaneousStart.THOUSAND.name(), 40,
          SlowChild.DRAINING.name(), 40,
          SlowChild.HOPELESS.name(), 40,
          new ConcurrentPuts().name(), 20,
          new WorkingSet().name(), 20);

  @TestFactory
  Stream<DynamicTest> everyScenario() {
    return Scenarios.all().stream().flatMap(ScenariosTest::onItsSeeds);
  }

  private static Stream<DynamicTest> onItsSeeds(Scenario scenario) {
    return SimSeeds.oneIn(ONE_IN.getOrDefault(scenario.name(), 10))
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                scenario.title() + ", seed " + seed,
                () -> {
                  ScenarioResult result =
                      scenario.run(SimSeeds.options(ScenariosTest.class, scenario.name(), seed));
                  assertThat(result.events()).isPositive();
                  assertThat(result.attached()).isPositive();
                }));
  }

  @Test
  void the_same_seed_gives_the_same_run_and_another_seed_another() {
    for (Scenario scenario :
        List.of(
            Chaos.TREE,
            Chaos.WORKERS,
            JoinsAndRemovals.PAPER,
            new MassFailure(30),
            RootAway.RESTART)) {
      ScenarioResult once = scenario.run(11);
      ScenarioResult again = scenario.run(11);
      assertThat(again).as(scenario.name()).isEqualTo(once);
      assertThat(scenario.run(12).traceHash()).isNotEqualTo(once.traceHash());
    }
  }

  @Test
  void the_checks_are_not_idle() {
    ScenarioResult result = new MassFailure(50).run(3);
    assertThat(result.multicastsChecked()).isGreaterThan(100);
    assertThat(result.deliveriesChecked()).isGreaterThan(100);
    assertThat(result.orphaned()).isPositive();
    assertThat(Chaos.WORKERS.run(3).replicasChecked()).isGreaterThan(100);
    assertThat(SlowChild.OVERFLOWING.run(1).linksOverflown()).isPositive();
  }

  @Test
  void each_scenario_is_found_by_its_name() {
    for (Scenario scenario : Scenarios.all()) {
      assertThat(Scenarios.named(scenario.name())).contains(scenario);
    }
    assertThat(Scenarios.named("no-such-thing")).isEmpty();
  }
}
