package dev.banyan.lab.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.lab.claims.Verdict.Outcome;
import dev.banyan.lab.figures.Metric;
import dev.banyan.lab.figures.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClaimsTest {

  private final Map<String, List<Row>> figures = new HashMap<>();

  private void row(String figure, String series, String x, String metric, double mean) {
    figures
        .computeIfAbsent(figure, k -> new ArrayList<>())
        .add(new Row(figure, series, x, metric, mean, 0, 1));
  }

  private Verdict verdict(int number) {
    return Claims.all().get(number - 1).verdict(new Measurements(figures));
  }

  @Test
  void there_are_twenty_and_without_measurements_each_says_what_would_measure_it() {
    assertThat(Claims.all().stream().map(Claim::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
    for (Claim claim : Claims.all()) {
      Verdict verdict = claim.verdict(new Measurements(Map.of()));
      assertThat(verdict.outcome()).isEqualTo(Outcome.NOT_MEASURED);
      assertThat(verdict.numbers()).contains(claim.command());
    }
  }

  @Test
  void what_a_figure_does_not_have_is_named() {
    row("4", "paper-flat", "9..729", Metric.GROWTH_EXPONENT, 2);
    assertThat(verdict(12).outcome()).isEqualTo(Outcome.NOT_MEASURED);
    assertThat(verdict(12).numbers()).isEqualTo("figure 4 has no paper growth_exponent");
  }

  @ParameterizedTest
  @CsvSource({"1.95, 1.03, HOLDS", "1.6, 1.03, DIFFERS", "1.6, 1.5, DOES_NOT_HOLD"})
  void growth_is_judged_by_its_exponents(double flat, double tree, Outcome outcome) {
    for (String series : List.of("paper", "paper-rules", "banyan-no-reallocation", "banyan")) {
      row("4", series + "-flat", "9..729", Metric.GROWTH_EXPONENT, flat);
      row("4", series, "9..729", Metric.GROWTH_EXPONENT, tree);
    }
    assertThat(verdict(12).outcome()).isEqualTo(outcome);
    assertThat(verdict(12).numbers()).contains("n^%.2f".formatted(flat));
  }

  @ParameterizedTest
  @CsvSource({"100, 0, 0, HOLDS", "99, 0, 0, DOES_NOT_HOLD", "100, 1, 0, DOES_NOT_HOLD"})
  void delivery_is_that_of_unicast_or_it_is_not(
      double deliveries, double repeats, double violations, Outcome outcome) {
    for (String series : List.of("paper-rules", "banyan")) {
      row("claims", series, "20", TreeClaims.PUBLISHED, 10);
      row("claims", series, "20", TreeClaims.EXPECTED, 100);
      row("claims", series, "20", TreeClaims.DELIVERED, deliveries);
      row("claims", series, "20", TreeClaims.REPEATS, repeats);
      row("claims", series, "20", ClaimsFigure.VIOLATIONS, violations);
    }
    assertThat(verdict(20).outcome()).isEqualTo(outcome);
  }

  @Test
  void a_run_in_which_a_checker_objected_decides_without_its_numbers() {
    row("claims", "paper-rules", "20", ClaimsFigure.VIOLATIONS, 0);
    row("claims", "banyan", "20", ClaimsFigure.VIOLATIONS, 0.5);
    assertThat(verdict(20).outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
  }

  @ParameterizedTest
  @CsvSource({"400, 500, HOLDS", "400, 700, DIFFERS", "700, 400, DOES_NOT_HOLD"})
  void interior_load_is_judged_on_the_node_that_ships_too(
      double published, double real, Outcome outcome) {
    row("5", "paper", "16", Metric.LOAD_P95, 999);
    row("5", "paper", "16", Metric.ROOT_PACKETS, 1_000);
    row("5", "paper", "32", Metric.LOAD_P95, published);
    row("5", "paper", "32", Metric.ROOT_PACKETS, 1_000);
    row("5", "banyan", "32", Metric.LOAD_P95, real);
    row("5", "banyan", "32", Metric.ROOT_PACKETS, 1_000);
    assertThat(verdict(13).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "78, 78, 78, 100, HOLDS",
    "36, 36, 100, 100, DIFFERS",
    "78, 78, 78, 78, DIFFERS",
    "100, 100, 100, 100, DOES_NOT_HOLD",
  })
  void reallocation_is_held_against_the_same_node_without_it(
      double first, double second, double third, double fourth, Outcome outcome) {
    List<String> workloads = List.of("4x2", "2x2", "1x2", "1x1");
    double[] packets = {first, second, third, fourth};
    for (int i = 0; i < workloads.size(); i++) {
      for (String metric : List.of(Metric.ROOT_PACKETS, Metric.TOTAL_PACKETS)) {
        row("9", "banyan-no-reallocation", workloads.get(i), metric, 100);
        row("9", "banyan", workloads.get(i), metric, packets[i]);
      }
    }
    assertThat(verdict(19).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "1.01, 1.03, 1040, HOLDS",
    "1.01, 1.03, 960, DIFFERS",
    "1.40, 1.03, 1040, DIFFERS",
    "1.40, 1.03, 960, DOES_NOT_HOLD",
  })
  void a_sharded_star_is_held_against_the_tree(
      double star, double tree, double packets, Outcome outcome) {
    for (String series : List.of("paper", "paper-rules", "banyan-no-reallocation", "banyan")) {
      row("6", series, "9..729", Metric.GROWTH_EXPONENT, star);
      row("6", series + "-tree", "9..729", Metric.GROWTH_EXPONENT, tree);
      row("6", series, "729", Metric.ROOT_PACKETS, packets);
      row("6", series + "-tree", "729", Metric.ROOT_PACKETS, 1_000);
    }
    assertThat(verdict(15).outcome()).isEqualTo(outcome);
  }
}
