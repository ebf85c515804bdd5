package dev.banyan.protocol;

/// Checks of settings. A class of its own, because the parts of [TreeConfig] must not need [TreeConfig] itself: its default is
/// made of theirs, and would be made before them.
public final class Checks {

  private Checks() {}

  public static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
