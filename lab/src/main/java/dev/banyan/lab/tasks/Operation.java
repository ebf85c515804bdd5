package dev.banyan.lab.tasks;

import java.util.stream.IntStream;

/// One thing that a task does with the store of its worker.
///
/// @param key the first
/// @param count how many keys that follow one another; 1 but for scans
record Operation(Kind kind, int key, int count) {

  enum Kind {
    /// Of a key that is there or not.
    WRITE,
    /// Of a key that nobody has written before.
    INSERT,
    READ,
    READ_MODIFY_WRITE,
    /// Reads of all keys of a range, side by side: a store that is spread over workers by hashes of keys has no order,
    /// so whoever scans must know the keys.
    SCAN
  }

  static Operation of(Kind kind, int key) {
    return new Operation(kind, key, 1);
  }

  IntStream keys() {
    return IntStream.range(key, key + count);
  }
}
