package dev.banyan.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.sim.SimSeeds;
import dev.banyan.sim.Violation;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.ScenarioResult;
import dev.banyan.sim.scenario.attack.ForgedAbsence;
import dev.banyan.sim.scenario.attack.MutantMembers;
import dev.banyan.sim.scenario.attack.MutantRouters;
import dev.banyan.sim.scenario.attack.RelayFlood;
import dev.banyan.sim.scenario.churn.Chaos;
import dev.banyan.sim.scenario.churn.CleanStops;
import dev.banyan.sim.scenario.churn.JoinsAndRemovals;
import dev.banyan.sim.scenario.churn.MassDeath;
import dev.banyan.sim.scenario.churn.MassFailure;
import dev.banyan.sim.scenario.churn.SimultaneousStart;
import dev.banyan.sim.scenario.link.SlowChild;
import dev.banyan.sim.scenario.link.SlowLinks;
import dev.banyan.sim.scenario.store.ConcurrentPuts;
import dev.banyan.sim.scenario.store.FullWorkers;
import dev.banyan.sim.scenario.store.KeyRotation;
import dev.banyan.sim.scenario.store.SealedStore;
import dev.banyan.sim.scenario.store.SlowNodes;
import dev.banyan.sim.scenario.store.WorkingSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("scenarios: every check holds, on every seed")
@Execution(ExecutionMode.CONCURRENT)
class ScenariosTest {

  /// Expensive scenarios are played on one in so many of the seeds; the others on one in ten.
  private static final Map<String, Integer> ONE_IN =
      Map.ofEntries(
          Map.entry(SlowChild.OVERFLOWING.name(), 40),
          Map.entry(Chaos.TREE.name(), 1),
          Map.entry(Chaos.WORKERS.name(), 4),
          Map.entry(JoinsAndRemovals.HARDER.name(), 4),
          Map.entry(SimultaneousStart.THOUSAND.name(), 40),
          Map.entry(SlowLinks.FEW.name(), 20),
          Map.entry(SlowChild.DRAINING.name(), 40),
          Map.entry(SlowChild.HOPELESS.name(), 40),
          Map.entry(ConcurrentPuts.NEAR.name(), 20),
          Map.entry(ConcurrentPuts.FAR.name(), 20),
          Map.entry(new WorkingSet().name(), 20),
          Map.entry(CleanStops.HONEST.name(), 20),
          Map.entry(new FullWorkers().name(), 20),
          Map.entry(new SlowNodes().name(), 40),
          Map.entry(new SealedStore().name(), 20),
          Map.entry(new KeyRotation(true).name(), 40),
          Map.entry(MutantRouters.ANY.name(), 20),
          Map.entry(MutantRouters.CHANGING.name(), 40),
          Map.entry(new RelayFlood().name(), 20),
          Map.entry(MassDeath.KILLED.name(), 40),
          Map.entry(MassDeath.POWERLESS.name(), 40));

  @TestFactory
  Stream<DynamicTest> everyScenario() {
    return Scenarios.all().stream()
        .filter(scenario -> SimSeeds.burning() || !(scenario instanceof MassDeath))
        .flatMap(ScenariosTest::onItsSeeds);
  }

  private static Stream<DynamicTest> onItsSeeds(Scenario scenario) {
    return onSeeds(scenario, SimSeeds.oneIn(ONE_IN.getOrDefault(scenario.name(), 10)));
  }

  private static Stream<DynamicTest> onSeeds(Scenario scenario, LongStream seeds) {
    return seeds.mapToObj(seed ->
        DynamicTest.dynamicTest(
            scenario.title() + ", seed " + seed,
            () -> {
              ScenarioResult result = run(scenario, seed);
              assertThat(result.events()).isPositive();
              assertThat(result.parents().found()).isPositive();
              if (seed == 1) {
                assertThat(run(scenario, seed)).as("the same seed again").isEqualTo(result);
              }
            }));
  }

  private static ScenarioResult run(Scenario scenario, long seed) {
    return scenario.run(SimSeeds.options(ScenariosTest.class, scenario.name(), seed));
  }

  @Test
  void workers_that_say_they_keep_what_they_are_handed_and_drop_it_are_found_out() {
    CleanStops lying = new CleanStops(12);
    assertThat(LongStream.range(1, 7))
        .as("on the first few seeds")
        .anySatisfy(seed ->
            assertThatThrownBy(() -> lying.run(seed))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("is lost"));
  }

  @TestFactory
  @DisplayName("80% of 300 nodes die at once, and three heartbeat timeouts later there is one tree")
  Stream<DynamicTest> massDeathOfFewer() {
    return Stream.of(new MassDeath(300, 80, false), new MassDeath(300, 80, true))
        .flatMap(scenario -> onSeeds(scenario, SimSeeds.oneIn(4)));
  }

  @Test
  @Tag("burn")
  void ten_thousand_keys_reach_a_newcomer_over_any_links() {
    assertThat(SlowLinks.MANY.run(1).linksOverflown()).isZero();
  }

  @Test
  void another_seed_is_another_run() {
    assertThat(Chaos.TREE.run(12).traceHash()).isNotEqualTo(Chaos.TREE.run(11).traceHash());
  }

  @Test
  void the_checks_are_not_idle() {
    ScenarioResult result = new MassFailure(50).run(3);
    assertThat(result.multicasts().checked()).isGreaterThan(100);
    assertThat(result.multicasts().deliveriesChecked()).isGreaterThan(100);
    assertThat(result.parents().lost()).isPositive();
    assertThat(Chaos.WORKERS.run(3).replicas().compared()).isGreaterThan(100);
    assertThat(SlowChild.OVERFLOWING.run(1).linksOverflown()).isPositive();
  }

  @Test
  void each_scenario_is_found_by_its_name() {
    for (Scenario scenario : Scenarios.all()) {
      assertThat(Scenarios.named(scenario.name())).contains(scenario);
    }
    assertThat(Scenarios.named("no-such-thing")).isEmpty();
  }

  @Test
  void members_that_have_left_are_heard_on_where_nobody_says_that_they_have() {
    assertThatThrownBy(() -> new KeyRotation(false).run(1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("of a member that had left");
    assertThatThrownBy(() -> new MutantMembers(false).run(1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("which nobody may write");
  }

  @Test
  void routers_that_change_records_are_not_noticed_where_nothing_is_sealed() {
    assertThatThrownBy(() -> new MutantRouters(Optional.of(MutantRouters.Lie.CHANGE), false).run(1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("which nobody wrote");
  }

  @TestFactory
  @DisplayName(
      "in whatever way all routers lie, nobody takes what nobody wrote, and afterwards all is repaired")
  Stream<DynamicTest> eachWayToLie() {
    return Stream.of(MutantRouters.Lie.values())
        .map(lie -> new MutantRouters(Optional.of(lie), true))
        .flatMap(scenario -> onSeeds(scenario, SimSeeds.oneIn(40)));
  }

  @Test
  void routers_that_forge_absence_are_believed_where_nothing_is_signed() {
    assertThatThrownBy(() -> new ForgedAbsence(false).run(1))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("confirmed that there is no");
  }
}
