package dev.banyan.bench;

/// Checks of options.
final class Checks {

  private Checks() {}

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
