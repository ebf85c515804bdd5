package dev.banyan.studio.demo;

/// Numbers of things, as people say them: `1 key`, `2 keys`.
final class Counted {

  private Counted() {}

  /// @param singular of a word whose plural ends in s
  static String of(long count, String singular) {
    return of(count, singular, singular + "s");
  }

  static String of(long count, String singular, String plural) {
    return count + " " + (count == 1 ? singular : plural);
  }
}
