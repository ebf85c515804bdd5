package dev.banyan.protocol.turn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Maps into which most nodes never put anything, so that a million nodes in one process do not keep some millions of
/// empty ones. All begin as the same empty map, from which can be read and removed, and which is replaced when something is
/// put in.
public final class RareMap {

  private RareMap() {}

  /// Empty, and nothing can be put in.
  public static <K, V> Map<K, V> none() {
    return Collections.emptyMap();
  }

  /// The map, or in place of [#none] a new one that keeps the order in which things are put in.
  public static <K, V> Map<K, V> writable(Map<K, V> map) {
    return map instanceof LinkedHashMap ? map : new LinkedHashMap<>();
  }
}
