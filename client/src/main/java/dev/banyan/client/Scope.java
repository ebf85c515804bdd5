package dev.banyan.client;

/// What is watched: one key, or every key that starts with a prefix.
public sealed interface Scope {

  /// One key.
  record Key(String key) implements Scope {

    /// @throws BadRequestException when it cannot be a key
    public Key {
      Arguments.requireKey(key);
    }
  }

  /// Every key that starts with it.
  ///
  /// @param prefix ends in `/`, or is empty: then it is everything
  record Prefix(String prefix) implements Scope {

    /// @throws BadRequestException when it cannot be a prefix
    public Prefix {
      Arguments.requirePrefix(prefix);
    }
  }

  /// One key.
  static Scope key(String key) {
    return new Key(key);
  }

  /// Every key that starts with a prefix, which ends in `/` (any other works through the longest declared prefix of it;
  /// a worker refuses one that has none).
  static Scope prefix(String prefix) {
    return new Prefix(prefix);
  }

  /// Every key there is. This is expensive: while it is watched, the worker holds every key.
  static Scope everything() {
    return new Prefix("");
  }

  /// A prefix if it ends in `/`, otherwise a key.
  static Scope of(String keyOrPrefix) {
    return keyOrPrefix.endsWith("/") ? prefix(keyOrPrefix) : key(keyOrPrefix);
  }
}
