package dev.banyan.client;

import java.util.concurrent.locks.LockSupport;

/// Cuts off whoever waits for too long: a peer that has vanished without a word is never heard of by other means.
final class SilenceGuard implements AutoCloseable {

  private final long limitNanos;
  private final Runnable cut;
  private final Thread thread;
  private volatile long sinceNanos;
  private volatile boolean waiting;
  private volatile boolean fired;
  private volatile boolean closed;

  SilenceGuard(long limitNanos, Runnable cut) {
    this.limitNanos = limitNanos;
    this.cut = cut;
    thread = Thread.ofVirtual().name("banyan-silence").start(this::watch);
  }

  /// A wait begins.
  void waiting() {
    sinceNanos = System.nanoTime();
    waiting = true;
  }

  /// A wait is over.
  void heard() {
    waiting = false;
  }

  /// Whether it has cut somebody off.
  boolean hasFired() {
    return fired;
  }

  private void watch() {
    while (!closed) {
      long leftNanos = waiting ? sinceNanos + limitNanos - System.nanoTime() : limitNanos;
      if (leftNanos <= 0) {
        fired = true;
        cut.run();
        return;
      }
      LockSupport.parkNanos(leftNanos);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
