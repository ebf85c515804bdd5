package dev.banyan.studio.demo;

import dev.banyan.store.Version;
import java.util.Map;

/// What one worker holds.
///
/// @param held by key
record HeldKeys(Map<String, Held> held) {

  /// One key.
  ///
  /// @param valueHash depends on the value alone; 0 for a tombstone
  /// @param settled whether the worker says that it has missed no update of the key
  record Held(Version version, long valueHash, boolean settled) {}
}
