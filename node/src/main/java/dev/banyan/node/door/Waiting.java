package dev.banyan.node.door;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Requests that wait for the worker: each so long, and none beyond a stop.
final class Waiting implements AutoCloseable {

  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stop = new CountDownLatch(1);

  private static final class Stopping extends RuntimeException {}

  /// What the worker answers.
  ///
  /// @param late thrown where it has not within so long
  <T> T answer(CompletableFuture<T> asked, long millis, Reply late) throws Refusal {
    open.add(asked);
    try {
      if (stopping()) {
        throw stopped();
      }
      return asked.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
        return asked.join(); // At the last moment.
      }
      throw new Refusal(late);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Stopping) {
        throw stopped();
      }
      throw new Refusal(500, "the worker failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped();
    } finally {
      open.remove(asked);
      asked.cancel(false); // Nobody waits for it any more.
    }
  }

  static Refusal stopped() {
    return new Refusal(
        Reply.notYet(
            "stopping",
            "the worker is stopping: ask another one; a write that it has not answered may have been made or not"));
  }

  /// Lets a request wait, but not beyond a stop.
  void pause(long millis) throws Refusal {
    try {
      if (stop.await(millis, TimeUnit.MILLISECONDS)) {
        throw stopped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped();
    }
  }

  boolean stopping() {
    return stop.getCount() == 0;
  }

  @Override
  public void close() {
    stop.countDown();
    open.forEach(asked -> asked.completeExceptionally(new Stopping()));
  }
}
