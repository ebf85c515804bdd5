package dev.banyan.cli.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AxisTest {

  @Test
  void an_axis_from_zero_has_round_numbers_and_room_for_the_largest() {
    Axis axis = Axis.fromZero("packets", List.of(6_500.0, 20.0));
    assertThat(labels(axis))
        .containsExactly("0", "1,000", "2,000", "3,000", "4,000", "5,000", "6,000");
    assertThat(axis.place(0)).isZero();
    assertThat(axis.place(6_500)).isBetween(0.9, 1.0);
    assertThat(labels(Axis.fromZero("share", List.of(0.7))))
        .containsExactly("0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7");
    assertThat(labels(Axis.fromZero("nothing", List.of(0.0)))).contains("0");
  }

  @Test
  void an_axis_over_few_points_is_labelled_at_each_of_them() {
    Axis axis = Axis.points("workers", List.of(9.0, 27.0, 81.0, 27.0));
    assertThat(labels(axis)).containsExactly("9", "27", "81");
    assertThat(axis.place(27)).isCloseTo(0.5, within(1e-9));
    assertThat(axis.place(9)).isPositive();
    assertThat(axis.place(81)).isLessThan(1);
    assertThat(labels(Axis.points("one", List.of(5.0)))).containsExactly("5");
  }

  @Test
  void decades_are_plain_numbers_until_they_are_too_long() {
    assertThat(labels(Axis.decades("packets", List.of(160.0, 3_700_000.0))))
        .containsExactly("1,000", "10,000", "100,000", "1,000,000");
    assertThat(labels(Axis.decades("bytes", List.of(46.0, 5e13))))
        .containsExactly("10²", "10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²", "10¹⁴");
    assertThat(labels(Axis.decades("packets", List.of(30.0, 300.0))))
        .containsExactly("50", "100", "200");
  }

  @Test
  void numbers_are_not_rounded_to_others() {
    assertThat(Numbers.plain(16_777_216)).isEqualTo("16,777,216");
    assertThat(Numbers.plain(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Numbers.plain(0.3)).isEqualTo("0.3");
    assertThat(Numbers.power(1)).isEqualTo("1");
    assertThat(Numbers.power(3e8)).isEqualTo("300,000,000");
  }

  private static List<String> labels(Axis axis) {
    return axis.marked().stream().map(axis::label).toList();
  }
}
