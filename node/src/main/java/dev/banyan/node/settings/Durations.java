package dev.banyan.node.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people write them: `200ms`, `1.5s`, `2m`.
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(us|ms|s|m|h)");

  private Durations() {}

  /// Parses a number with its unit.
  ///
  /// @return nanoseconds
  /// @throws IllegalArgumentException with one line saying what is wrong
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (text.strip().equals("0")) {
      return 0;
    }
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time such as 200ms, 1.5s or 2m (units: us, ms, s, m, h)");
    }
    double nanos = Double.parseDouble(matcher.group(1)) * unitNanos(matcher.group(2));
    if (nanos > 365.0 * 86_400e9) {
      throw new IllegalArgumentException("'" + text + "' is longer than a year");
    }
    return Math.round(nanos);
  }

  /// Writes nanoseconds in the largest unit that loses nothing.
  public static String text(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    for (String unit : new String[] {"m", "s", "ms"}) {
      if (nanos % (long) unitNanos(unit) == 0) {
        return nanos / (long) unitNanos(unit) + unit;
      }
    }
    return nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos / 1_000.0 + "us";
  }

  private static double unitNanos(String unit) {
    return switch (unit) {
      case "us" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3_600e9;
      default -> throw new IllegalArgumentException(unit);
    };
  }
}
