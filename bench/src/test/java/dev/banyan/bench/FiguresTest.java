package dev.banyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  @DisplayName(
      "The median is the middle run, or the mean of the middle two, of those that have a number")
  void median() {
    assertThat(Figures.median(List.of(5.0, 1.0, 9.0), Double::doubleValue)).isEqualTo(5);
    assertThat(Figures.median(List.of(5.0, 1.0, Double.NaN, 9.0, 2.0), Double::doubleValue))
        .isEqualTo(3.5);
    assertThat(Figures.median(List.of(Double.NaN), Double::doubleValue)).isNaN();
  }

  @Test
  @DisplayName("A percentile is one of the values: the smallest that so many percent do not exceed")
  void percentile() {
    double[] values = {40, 10, 30, 20};
    assertThat(Figures.percentile(values, 50)).isEqualTo(20);
    assertThat(Figures.percentile(values, 99)).isEqualTo(40);
    assertThat(Figures.percentile(values, 0)).isEqualTo(10);
    assertThat(Figures.percentile(new double[0], 50)).isNaN();
  }

  @Test
  @DisplayName("Numbers are told to four significant digits")
  void rounded() {
    assertThat(Figures.rounded(123_456_789)).isEqualTo(123_500_000);
    assertThat(Figures.rounded(0.001234567)).isEqualTo(0.001235);
    assertThat(Figures.rounded(0)).isZero();
  }
}
