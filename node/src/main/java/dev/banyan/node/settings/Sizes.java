package dev.banyan.node.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts of memory as an operator writes them: `64MiB`, `1.5GiB`, `500000`; short forms as the JVM's, `64m`.
final class Sizes {

  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-zA-Z]*)");

  private Sizes() {}

  /// @throws IllegalArgumentException with one line saying what is wrong
  static long parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    int shift = matcher.matches() ? shift(matcher.group(2)) : -1;
    if (shift < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size such as 512MiB or 2GiB (units: KiB, MiB, GiB)");
    }
    double bytes = Double.parseDouble(matcher.group(1)) * (1L << shift);
    if (bytes > 1L << 50) {
      throw new IllegalArgumentException("'" + text + "' is more memory than there is");
    }
    return (long) bytes;
  }

  private static int shift(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "", "b" -> 0;
      case "k", "kib" -> 10;
      case "m", "mib" -> 20;
      case "g", "gib" -> 30;
      default -> -1;
    };
  }
}
