package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("scenarios: every check holds, on every seed")
class ScenariosTest {

  private static Stream<DynamicTest> play(Scenario scenario, int oneIn) {
    return SimSeeds.oneIn(oneIn)
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

  @TestFactory
  @DisplayName("random faults of every kind")
  Stream<DynamicTest> chaos() {
    return play(Chaos.TREE, 1);
  }

  @TestFactory
  @DisplayName("random joins and removals (§6.1, §7)")
  Stream<DynamicTest> joinsAndRemovals() {
    return play(JoinsAndRemovals.PAPER, 4);
  }

  @TestFactory
  @DisplayName("10 to 90% of all routers crash at once")
  Stream<DynamicTest> massFailure() {
    return Stream.of(10, 30, 50, 70, 90).flatMap(percent -> play(new MassFailure(percent), 20));
  }

  @TestFactory
  @DisplayName("the root restarts")
  Stream<DynamicTest> rootRestart() {
    return play(RootAway.RESTART, 10);
  }

  @TestFactory
  @DisplayName("the root is away for longer than every grace period")
  Stream<DynamicTest> rootAway() {
    return play(RootAway.LONG, 10);
  }

  @TestFactory
  @DisplayName("links keep breaking")
  Stream<DynamicTest> flappingLink() {
    return play(new FlappingLink(), 10);
  }

  @TestFactory
  @DisplayName("children slower than what they are sent")
  Stream<DynamicTest> slowChild() {
    return play(new SlowChild(), 20);
  }

  @TestFactory
  @DisplayName("every router restarts in turn")
  Stream<DynamicTest> rollingRestart() {
    return play(new RollingRestart(), 20);
  }

  @TestFactory
  @DisplayName("1,000 simultaneous joins")
  Stream<DynamicTest> simultaneousStart() {
    return play(SimultaneousStart.THOUSAND, 40);
  }

  @Test
  void the_same_seed_gives_the_same_run_and_another_seed_another() {
    for (Scenario scenario :
        List.of(Chaos.TREE, JoinsAndRemovals.PAPER, new MassFailure(30), RootAway.RESTART)) {
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
  }
}
