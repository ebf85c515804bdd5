package dev.banyan.client;

/// Names one write of one key. Versions are opaque: keep them, compare them for equality, hand them back in a
/// [Condition]. How they are written may change.
///
/// @param text as the worker writes it
public record Version(String text) {

  private static final int MAX_CHARS = 256;

  /// @throws IllegalArgumentException when no version can be written so
  public Version {
    if (text.isEmpty() || text.length() > MAX_CHARS || !text.chars().allMatch(Version::isAllowed)) {
      throw new IllegalArgumentException(
          "'"
              + Text.shown(text)
              + "' is not a version: take one that a read or a write has returned");
    }
  }

  private static boolean isAllowed(int c) {
    return c > ' ' && c < 0x7f && c != '"';
  }

  @Override
  public String toString() {
    return text;
  }
}
