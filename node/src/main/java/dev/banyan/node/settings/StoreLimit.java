package dev.banyan.node.settings;

import dev.banyan.store.StoreConfig;

/// How much memory stores may take in this process.
public final class StoreLimit {

  private static final String AUTO = "auto";

  /// Of the heap: the rest is for what is on its way, in both directions, and for the collector.
  private static final double SHARE = 0.4;

  private StoreLimit() {}

  /// @throws IllegalArgumentException with one line saying what is wrong
  static long parse(String text) {
    return text.equals(AUTO) ? ofHeap(1) : Sizes.parse(text);
  }

  /// What each of so many stores may take of this JVM's heap.
  public static long ofHeap(int stores) {
    long share = (long) (Runtime.getRuntime().maxMemory() * SHARE) / stores;
    return Math.max(StoreConfig.LEAST_LIMIT_BYTES, share);
  }
}
