package dev.banyan.node.door;

/// The memory that all watches of a door have together.
final class WatchBudget {

  private final long mostBytes;
  private long usedBytes;

  WatchBudget(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// @return false when that much is not left; nothing is taken then
  synchronized boolean take(long bytes) {
    if (usedBytes + bytes > mostBytes) {
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  synchronized void give(long bytes) {
    usedBytes -= bytes;
  }

  synchronized long usedBytes() {
    return usedBytes;
  }
}
