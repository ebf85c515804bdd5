package dev.banyan.lab.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
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
    assertThat(axis.most()).isBetween(6_500.0, 7_000.0);
    assertThat(labels(Axis.fromZero("share", List.of(0.7))))
        .containsExactly("0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7");
    assertThat(labels(Axis.upTo("time", 300)))
        .containsExactly("0", "50", "100", "150", "200", "250", "300");
    assertThat(labels(Axis.fromZero("nothing", List.of(0.0)))).contains("0");
    assertThat(labels(Axis.fromZero("tiny", List.of(4e-6)))).contains("0", "0.000001");
  }

  @Test
  void an_axis_over_few_points_is_labelled_at_each_of_them() {
    Axis axis = Axis.points("workers", List.of(9.0, 27.0, 81.0, 27.0));
    assertThat(labels(axis)).containsExactly("9", "27", "81");
    assertThat(axis.least()).isLessThan(9);
    assertThat(axis.most()).isGreaterThan(81);
    assertThat(labels(Axis.points("one", List.of(5.0)))).containsExactly("5");
  }

  @Test
  void numbers_that_would_run_into_each_other_are_left_out_and_their_marks_stay() {
    Axis axis = Axis.points("workers", List.of(1_000_000.0, 1_000_001.0, 2_000_000.0));
    assertThat(labels(axis)).containsExactly("1,000,000", "", "2,000,000");
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
  void between_decades_fine_marks_tell_that_the_axis_is_logarithmic() {
    assertThat(ticks(Axis.decades("packets", List.of(1.0, 1_000.0))))
        .filteredOn(tick -> tick.getTickType().equals(TickType.MINOR))
        .extracting(ValueTick::getValue)
        .contains(2.0, 30.0, 900.0)
        .doesNotContain(1.0, 10.0, 1_000.0)
        .doesNotHaveDuplicates();
  }

  @Test
  void numbers_are_not_rounded_to_others() {
    assertThat(Numbers.plain().format(16_777_216)).isEqualTo("16,777,216");
    assertThat(Numbers.plain().format(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Numbers.plain().format(0.3)).isEqualTo("0.3");
    assertThat(Numbers.power(1)).isEqualTo("1");
    assertThat(Numbers.power(3e8)).isEqualTo("300,000,000");
  }

  private static List<String> labels(Axis axis) {
    return ticks(axis).stream()
        .filter(tick -> tick.getTickType().equals(TickType.MAJOR))
        .map(ValueTick::getText)
        .toList();
  }

  /// As they stand below a plot of the usual width.
  private static List<ValueTick> ticks(Axis axis) {
    List<?> ticks =
        axis.drawn()
            .refreshTicks(
                new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics(),
                new AxisState(),
                new Rectangle2D.Double(0, 0, 450, 236),
                RectangleEdge.BOTTOM);
    return ticks.stream().map(tick -> (ValueTick) tick).toList();
  }
}
