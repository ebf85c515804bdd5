package dev.banyan.lab.charts;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.util.Locale;

/// Numbers as people write them at an axis: `0.5`, `1,000`, `100,000`; from ten million on `10⁷`.
final class Numbers {

  /// From here on plain numbers are too long.
  static final double LONGEST = 1e7;

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  /// As many decimals as a number has; what a computer's arithmetic adds is cut off.
  static NumberFormat plain() {
    return new DecimalFormat("#,##0.############", DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  static boolean isDecade(double value) {
    double decade = Math.pow(10, Math.round(Math.log10(value)));
    return Math.abs(value / decade - 1) < 1e-9;
  }

  /// A power of ten as one; another number as it is.
  static String power(double value) {
    long exponent = Math.round(Math.log10(value));
    if (!isDecade(value) || exponent <= 1) {
      return plain().format(value);
    }
    StringBuilder text = new StringBuilder("10");
    for (char digit : String.valueOf(exponent).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }
}
