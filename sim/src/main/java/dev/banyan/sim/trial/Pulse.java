package dev.banyan.sim.trial;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Says how far something is, every few seconds of real time.
final class Pulse {
  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final Consumer<String> said;
  private long lastNanos = System.nanoTime();

  Pulse(Consumer<String> said) {
    this.said = said;
  }

  void beat(Supplier<String> line) {
    long now = System.nanoTime();
    if (now - lastNanos >= EVERY_NANOS) {
      lastNanos = now;
      said.accept(line.get());
    }
  }

  /// Of the heap, garbage included.
  static long heapInUseBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Of the heap, after a collection.
  static long usedHeapBytes() {
    System.gc();
    return heapInUseBytes();
  }
}
