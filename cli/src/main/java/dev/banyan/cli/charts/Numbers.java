package dev.banyan.cli.charts;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as people write them at an axis: `0.5`, `1,000`, `100,000`; from ten million on `10⁷`.
final class Numbers {

  /// From here on plain numbers are too long.
  static final double LONGEST = 1e7;

  /// More are noise of the computer's arithmetic.
  private static final int DIGITS = 12;

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  static String plain(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(DIGITS));
    if (rounded.signum() == 0) {
      return "0";
    }
    BigDecimal bare = rounded.stripTrailingZeros();
    int decimals = Math.max(0, bare.scale());
    return String.format(Locale.ROOT, "%,." + decimals + "f", bare);
  }

  /// A power of ten as one; another number as it is.
  static String power(double value) {
    int exponent = (int) Math.round(Math.log10(value));
    if (Math.abs(value / Math.pow(10, exponent) - 1) > 1e-9 || exponent < 0) {
      return plain(value);
    }
    if (exponent <= 1) {
      return plain(value);
    }
    StringBuilder text = new StringBuilder("10");
    for (char digit : String.valueOf(exponent).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }
}
