package dev.banyan.lab.figures;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// One line of a figure's table.
///
/// @param mean over the trials
/// @param stdev of the trials (the sample's, n-1); 0 where there was one
public record Row(
    String figure, String series, String x, String metric, double mean, double stdev, int trials) {

  public static final String CSV_HEADER = "figure,series,x,metric,mean,stdev,trials";

  private static final int DECIMALS = 6;

  /// As a line of CSV, without its end. Names have no commas: they are ours.
  public String csv() {
    return String.join(
        ",", figure, series, x, metric, decimal(mean), decimal(stdev), String.valueOf(trials));
  }

  /// At most six decimals and no exponent, so that equal numbers are equal texts.
  public static String decimal(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
