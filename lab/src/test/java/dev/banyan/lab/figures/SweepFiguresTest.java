package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.reference.Setup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SweepFiguresTest {

  private static final List<Contender> PUBLISHED = List.of(new PublishedSimulator());
  private static final List<Figure> FIGURES = SweepFigures.of(PUBLISHED, PUBLISHED, List.of());

  private static List<Row> rows(String name, String seriesEnd, int seeds) {
    Figure figure =
        FIGURES.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    Rows rows = new Rows(name);
    for (Trial trial : figure.trials(false)) {
      if (trial.series().equals("paper" + seriesEnd)) {
        for (int seed = 1; seed <= seeds; seed++) {
          rows.add(trial.series(), trial.measure(seed));
        }
      }
    }
    return rows.rows();
  }

  private static double growth(List<Row> rows) {
    return Rows.growthExponent(
            rows.stream()
                .filter(row -> row.metric().equals(Metric.ROOT_PACKETS))
                .map(row -> new Rows.Point(Double.parseDouble(row.x()), row.mean()))
                .toList())
        .orElseThrow();
  }

  @Test
  void flat_grows_quadratically_and_tree_and_sharded_star_linearly_as_published() {
    Offset<Double> close = Offset.offset(0.05);
    assertThat(growth(rows("4", "-flat", 5))).isCloseTo(1.95, close);
    assertThat(growth(rows("4", "", 5))).isCloseTo(1.03, close);
    assertThat(growth(rows("6", "", 5))).isCloseTo(1.01, close);
  }

  /// The set-up of figure 5 is inferred: this is what it rests on.
  @ParameterizedTest
  @CsvSource({
    "'', 16, 21056.67, 22073.67",
    "'', 32, 19869.25, 20817.25",
    "'', 80, 18065.67, 20076.33",
    "'', 112, 6296, 47746",
    "-b4, 48, 19054, 20959",
    "-b4, 80, 13783.67, 19171.33",
    "-b4, 84, 6682, 51480.67",
  })
  void figure_5_costs_about_what_was_published(
      String variant, String routers, double rootPackets, double totalPackets) {
    List<Row> rows =
        rows("5", variant, 20).stream().filter(row -> row.x().equals(routers)).toList();
    assertThat(mean(rows, Metric.ROOT_PACKETS) / rootPackets).isBetween(0.9, 1.1);
    assertThat(mean(rows, Metric.TOTAL_PACKETS) / totalPackets).isBetween(0.9, 1.1);
  }

  private static double mean(List<Row> rows, String metric) {
    return rows.stream()
        .filter(row -> row.metric().equals(metric))
        .mapToDouble(Row::mean)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void figure_8_has_a_row_for_every_workload_and_metric() {
    List<String> keys = rows("8", "", 1).stream().map(row -> row.x() + " " + row.metric()).toList();
    for (String workload : List.of("4x2", "2x2", "1x2", "1x1")) {
      for (String metric :
          List.of(
              "root_packets",
              "root_key_updates",
              "router_packets_mean",
              "data_packets_per_update")) {
        assertThat(keys).contains(workload + " " + metric);
      }
    }
  }

  @Test
  void every_contender_is_a_curve_in_the_configurations_it_takes() {
    Contender trees =
        new Contender() {
          @Override
          public String series() {
            return "other";
          }

          @Override
          public boolean takes(SweepFigure.Point point, boolean quick) {
            return quick && point.setup().routers() > 0;
          }

          @Override
          public boolean can(Setup setup) {
            return true;
          }

          @Override
          public double expectedSeconds(Setup setup) {
            return 0;
          }

          @Override
          public SequencedMap<String, Double> measure(Setup setup, long seed) {
            SequencedMap<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("unknown", 1.0);
            metrics.put(Metric.ROOT_PACKETS, (double) setup.workers());
            return metrics;
          }
        };
    List<Trial> trials =
        SweepFigures.of(List.of(new PublishedSimulator(), trees), List.of(), List.of())
            .getFirst()
            .trials(true);
    assertThat(trials.stream().map(Trial::series).distinct())
        .containsExactly(
            "paper",
            "paper-flat",
            "paper-512-tasks",
            "paper-flat-512-tasks",
            "other",
            "other-512-tasks");
    assertThat(trials.getLast().measure(1))
        .containsExactly(new Trial.Value("729", Metric.ROOT_PACKETS, 729));
  }

  @Test
  void the_tree_of_figure_6_is_that_of_figure_4_and_is_measured_once() {
    Figure four = FIGURES.get(0);
    Figure six = FIGURES.get(2);
    assertThat(four.measuredFor()).isEqualTo(six.measuredFor());
    assertThat(runs(six, "paper-tree")).isEqualTo(runs(four, "paper"));
    assertThat(runs(six, "paper")).doesNotContainAnyElementsOf(runs(four, "paper"));
  }

  private static List<String> runs(Figure figure, String series) {
    return figure.trials(false).stream()
        .filter(trial -> trial.series().equals(series))
        .map(trial -> trial.measuredAs() + " " + trial.configuration())
        .toList();
  }

  @Test
  void a_picture_shows_what_it_is_about_and_more_on_demand() {
    Plot plot = FIGURES.get(0).plot();
    Row without = row("banyan-no-reallocation");
    Row flat = row("banyan-flat");
    assertThat(plot.draws(flat, Set.of())).isTrue();
    assertThat(plot.draws(without, Set.of())).isFalse();
    assertThat(plot.draws(without, Set.of("banyan-no-reallocation"))).isTrue();
    assertThat(plot.draws(flat, Set.of("banyan-no-reallocation"))).isFalse();
    assertThat(plot.draws(flat, Set.of("banyan"))).isTrue();
    assertThat(plot.draws(flat, Set.of("banyan-flat"))).isTrue();
    assertThat(plot.draws(row("banyan-512-tasks"), Set.of("banyan-512-tasks"))).isFalse();
  }

  private static Row row(String series) {
    return new Row("4", series, "9", Metric.ROOT_PACKETS, 1, 0, 1);
  }

  @Test
  void trials_of_a_figure_are_told_apart_by_who_is_measured_and_the_configuration() {
    for (Figure figure : FIGURES) {
      assertThat(
              figure.trials(false).stream()
                  .map(trial -> trial.measuredAs() + " " + trial.configuration()))
          .doesNotHaveDuplicates();
    }
  }
}
