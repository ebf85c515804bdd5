package dev.banyan.sim;

/// What the way between any two hosts is like.
@FunctionalInterface
public interface Terrain {

  /// Symmetric, and the same whenever it is asked. A host that dials an address where nobody is meets the way to itself.
  ///
  /// @param one the number of a host, as [SimNode#index]
  LinkProfile between(int one, int other);

  /// All ways alike.
  static Terrain of(LinkProfile profile) {
    return (one, other) -> profile;
  }
}
