package dev.banyan.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RowsTest {

  @Test
  void rows_have_the_mean_and_the_standard_deviation_of_the_sample() {
    Rows rows = new Rows("4");
    for (double value : new double[] {2, 4, 4, 4, 5, 5, 7, 9}) {
      rows.add("paper", List.of(new Trial.Value("9", "root_packets", value)));
    }
    rows.add("paper", List.of(new Trial.Value("27", "root_packets", 1234567.25)));
    assertThat(rows.rows().stream().map(Row::csv))
        .containsExactly(
            "4,paper,9,root_packets,5,2.13809,8", "4,paper,27,root_packets,1234567.25,0,1");
  }

  @Test
  void decimals_are_plain_and_short() {
    assertThat(Row.decimal(0)).isEqualTo("0");
    assertThat(Row.decimal(-0.0000001)).isEqualTo("0");
    assertThat(Row.decimal(100)).isEqualTo("100");
    assertThat(Row.decimal(3.66e12)).isEqualTo("3660000000000");
    assertThat(Row.decimal(1.0 / 3)).isEqualTo("0.333333");
  }

  @Test
  void the_growth_exponent_is_that_of_the_power_law() {
    Rows rows = new Rows("4");
    for (int x : new int[] {9, 27, 81, 243}) {
      for (double exponent : new double[] {1.5, 2.5}) {
        rows.add("a", List.of(value(x, "m", 7 * Math.pow(x, exponent))));
      }
      rows.add("b", List.of(value(x, "m", 3 * x), value(x, "other", 1)));
    }
    rows.add("c", List.of(value(9, "m", 4)));
    List<Row> growth = rows.growth(List.of("m"));
    assertThat(growth.stream().map(Row::csv))
        .containsExactly(
            "4,a,9..243,growth_exponent,2,0.707107,2", "4,b,9..243,growth_exponent,1,0,1");
    assertThat(rows.growth(List.of("m", "other")).stream().map(Row::metric))
        .containsExactly("m_growth_exponent", "m_growth_exponent", "other_growth_exponent");
  }

  private static Trial.Value value(int x, String metric, double value) {
    return new Trial.Value(String.valueOf(x), metric, value);
  }
}
