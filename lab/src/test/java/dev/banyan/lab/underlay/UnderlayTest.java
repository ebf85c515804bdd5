package dev.banyan.lab.underlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.sim.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnderlayTest {

  private static TransitStub.Generated generated(long seed) {
    return TransitStub.DEFAULT.generate(Seeds.fork(seed, "test"));
  }

  @Test
  void the_shortest_way_may_have_more_lines_than_the_direct_one() {
    Internet internet = new Internet();
    for (int i = 0; i < 4; i++) {
      internet.addRouter();
    }
    internet.connect(0, 1, 10);
    internet.connect(0, 2, 3);
    internet.connect(2, 3, 3);
    internet.connect(3, 1, 3);
    Ways ways = internet.waysFrom(0);
    assertThat(ways.latencyMicros(1)).isEqualTo(9);
    List<Integer> lines = new ArrayList<>();
    ways.walk(1, lines::add);
    assertThat(lines).containsExactly(3, 2, 1);
  }

  @Test
  void routers_that_cannot_be_reached_are_a_mistake() {
    Internet internet = new Internet();
    internet.addRouter();
    internet.addRouter();
    assertThatThrownBy(() -> internet.waysFrom(0)).hasMessageContaining("not all connected");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void each_stub_domain_hangs_at_one_line_and_is_connected_without_it(long seed) {
    TransitStub.Generated generated = generated(seed);
    Internet internet = generated.internet();
    assertThat(internet.routers()).isEqualTo(4 * 8 * (1 + 4 * 8));
    assertThat(generated.edge()).hasSize(4 * 8 * 4 * 8).doesNotHaveDuplicates();
    Set<Integer> stubs = new HashSet<>(generated.edge());
    long between =
        internet.lines().stream()
            .filter(line -> stubs.contains(line.one()) != stubs.contains(line.other()))
            .count();
    assertThat(between).isEqualTo(4 * 8 * 4);
    for (int first = 0; first < generated.edge().size(); first += 8) {
      Ways ways = internet.waysFrom(generated.edge().get(first));
      for (int other : generated.edge().subList(first, first + 8)) {
        ways.walk(
            other,
            number ->
                assertThat(stubs)
                    .contains(
                        internet.lines().get(number).one(), internet.lines().get(number).other()));
      }
    }
  }

  @Test
  void the_same_seed_generates_the_same_internet_and_another_seed_another() {
    assertThat(generated(1).internet().lines()).isEqualTo(generated(1).internet().lines());
    assertThat(generated(1).internet().lines()).isNotEqualTo(generated(2).internet().lines());
  }

  @Test
  void latency_is_symmetric_and_is_that_of_the_lines_on_the_way() {
    Underlay underlay = new Underlay(TransitStub.DEFAULT, 40, 1);
    for (int one = 0; one < 40; one++) {
      for (int other = 0; other < 40; other++) {
        int[] sum = {0};
        underlay.walk(one, other, line -> sum[0] += underlay.lineMicros(line));
        assertThat(underlay.latencyMicros(one, other))
            .isEqualTo(sum[0])
            .isEqualTo(underlay.latencyMicros(other, one));
        assertThat(underlay.between(one, other).latencyNanos()).isEqualTo(1_000L * sum[0]);
      }
    }
  }
}
