package dev.banyan.transport;

import java.time.Duration;

/// Checks of options. In a class of its own: records nested in the options use it while those are being initialised.
final class OptionChecks {

  private OptionChecks() {}

  static void requirePositive(Duration duration, String what) {
    require(duration.isPositive(), what + " must be positive");
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
