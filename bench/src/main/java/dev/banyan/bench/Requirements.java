package dev.banyan.bench;

/// Checks of options.
final class Requirements {

  private Requirements() {}

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
