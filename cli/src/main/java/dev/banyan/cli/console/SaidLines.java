package dev.banyan.cli.console;

import java.io.PrintWriter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lines for standard output, which is never waited for: when nobody reads it and a thousand lines are waiting, more are left out, and that is said once they are read again.
public final class SaidLines {

  private static final int MAX_WAITING = 1_000;
  private static final long LAST_MILLIS = 200;

  private final PrintWriter out;
  private final ArrayBlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicInteger leftOut = new AtomicInteger();

  /// @param out used by this object alone from now on
  public SaidLines(PrintWriter out) {
    this.out = out;
    Thread.ofPlatform().daemon().name("banyan-says").start(this::write);
  }

  /// Any thread; returns at once.
  public void print(String line) {
    if (!waiting.offer(() -> out.println(line))) {
      leftOut.incrementAndGet();
    }
  }

  /// Waits until all has been written, for a moment at the most.
  public void flush() throws InterruptedException {
    CountDownLatch written = new CountDownLatch(1);
    if (waiting.offer(written::countDown, LAST_MILLIS, TimeUnit.MILLISECONDS)) {
      boolean unused = written.await(LAST_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void write() {
    try {
      while (true) {
        waiting.take().run();
        int missing = leftOut.getAndSet(0);
        if (missing > 0) {
          out.println(missing + " lines were left out here: nobody read them");
        }
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
