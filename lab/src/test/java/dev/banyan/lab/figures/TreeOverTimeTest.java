package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TreeOverTimeTest {

  private static final Figure IMBALANCE = TreeOverTime.both().getFirst();
  private static final Figure DISTANCE = TreeOverTime.both().getLast();

  private static Trial trial(String series) {
    return IMBALANCE.trials(false).stream()
        .filter(trial -> trial.series().equals(series))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thirty_five_nodes_join_and_only_the_root_is_left_at_the_end() {
    for (String series : List.of("paper-rules", "banyan")) {
      List<Trial.Value> values = trial(series).measure(1);
      assertThat(values)
          .contains(
              new Trial.Value("0", TreeOverTime.NODES, 0),
              new Trial.Value("140", TreeOverTime.NODES, 36),
              new Trial.Value("300", TreeOverTime.NODES, 1),
              new Trial.Value(TreeOverTime.RUN, TreeOverTime.NODES_MOST, 36),
              new Trial.Value(TreeOverTime.RUN, TreeOverTime.NEEDLESS_REJOINS, 0));
      assertThat(values).isEqualTo(trial(series).measure(1)).isNotEqualTo(trial(series).measure(2));
    }
  }

  @Test
  void both_figures_draw_on_the_same_trials_and_each_keeps_its_own_curve() {
    assertThat(DISTANCE.measuredFor()).isEqualTo(IMBALANCE.measuredFor());
    Trial.Value imbalance = new Trial.Value("7", TreeOverTime.MAX_IMBALANCE, 1);
    Trial.Value depth = new Trial.Value("7", TreeOverTime.MEAN_CLIENT_DEPTH, 1);
    Trial.Value orphaned = new Trial.Value(TreeOverTime.RUN, TreeOverTime.ORPHANED, 1);
    assertThat(List.of(imbalance, depth, orphaned))
        .filteredOn(IMBALANCE::keeps)
        .containsExactly(imbalance, orphaned);
    assertThat(List.of(imbalance, depth, orphaned))
        .filteredOn(DISTANCE::keeps)
        .containsExactly(depth);
  }

  @Test
  void each_size_is_drawn_apart_and_the_largest_only_in_full_runs() {
    Row small = new Row("2", "banyan", "7", TreeOverTime.MAX_IMBALANCE, 1, 0, 1);
    Row large = new Row("2", "banyan-1000", "7", TreeOverTime.MAX_IMBALANCE, 1, 0, 1);
    Row largest = new Row("2", "paper-rules-10000", "7", TreeOverTime.MAX_IMBALANCE, 1, 0, 1);
    List<Row> rows = List.of(small, large, largest);
    assertThat(rows).filteredOn(IMBALANCE.plot()::draws).containsExactly(small);
    assertThat(IMBALANCE.sequels().stream().map(Figure.Sequel::suffix))
        .containsExactly("-1000", "-10000");
    assertThat(rows)
        .filteredOn(IMBALANCE.sequels().getFirst().plot()::draws)
        .containsExactly(large);
    assertThat(rows)
        .filteredOn(IMBALANCE.sequels().getLast().plot()::draws)
        .containsExactly(largest);
    assertThat(IMBALANCE.trials(true).stream().map(Trial::series))
        .containsExactly("paper-rules", "banyan", "paper-rules-1000", "banyan-1000");
    assertThat(IMBALANCE.trials(false)).hasSize(6);
  }
}
