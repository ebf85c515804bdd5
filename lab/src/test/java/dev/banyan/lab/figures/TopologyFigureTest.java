package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TopologyFigureTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void the_nodes_build_the_balanced_binary_tree_of_height_three(long seed) {
    List<Trial.Value> values = new TopologyFigure().trials(false).getFirst().measure(seed);
    assertThat(of(values, TopologyFigure.DEPTH))
        .containsExactly(0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    assertThat(of(values, TopologyFigure.PARENT).stream().sorted())
        .containsExactly(-1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6);
    assertThat(of(values, TopologyFigure.ROUTES).stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(7);
  }

  private static List<Integer> of(List<Trial.Value> values, String metric) {
    return values.stream()
        .filter(value -> value.metric().equals(metric))
        .map(value -> (int) value.value())
        .toList();
  }
}
