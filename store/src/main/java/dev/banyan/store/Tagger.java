package dev.banyan.store;

/// Makes tags from names: a keyed hash that only the group's workers can compute, so that routers compare tags and
/// learn no key.
public interface Tagger {

  /// A 64-bit keyed hash of a range of bytes, uniform to whoever lacks the key.
  long hash(byte[] bytes, int offset, int length);
}
