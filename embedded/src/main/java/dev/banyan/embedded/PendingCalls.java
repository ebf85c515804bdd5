package dev.banyan.embedded;

import dev.banyan.client.BanyanException;
import dev.banyan.client.CallInterruptedException;
import dev.banyan.client.ClosedException;
import dev.banyan.client.OutcomeUnknownException;
import dev.banyan.client.UnavailableException;
import dev.banyan.client.UnavailableException.Attempt;
import dev.banyan.client.UnavailableException.Why;
import dev.banyan.node.text.Reason;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls that wait for the worker's answer. The worker is there, or has ended: then no call waits, and none is taken.
final class PendingCalls {

  private static final String CLOSED =
      "the worker has left the tree, as it was closed: join again with EmbeddedBanyan.join";

  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable End end;

  /// Why there is no worker any more.
  ///
  /// @param closed whether the program closed it
  private record End(boolean closed, String line) {}

  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// The program closes the worker.
  void close() {
    end(new End(true, CLOSED));
  }

  /// The worker has ended by itself, or was killed.
  void fail(String line) {
    end(new End(false, line));
  }

  private synchronized void end(End why) {
    if (end == null || why.closed()) {
      end = why; // What is closed is closed, whatever was before.
    }
    ended.countDown();
    open.forEach(call -> call.completeExceptionally(new Ended()));
  }

  /// @throws BanyanException when there is no worker any more
  void requireOpen() {
    End why = end;
    if (why != null) {
      throw gone(false, why);
    }
  }

  private static BanyanException gone(boolean writes, End why) {
    if (why.closed()) {
      return new ClosedException(why.line());
    }
    Attempt attempt = attempt(Why.FAILED, why.line());
    return writes
        ? new OutcomeUnknownException(attempt)
        : new UnavailableException(List.of(attempt));
  }

  static Attempt attempt(Why why, String line) {
    return new Attempt("this process", why, line);
  }

  /// Asks, and waits for the answer.
  ///
  /// @param writes whether something may have been done when no answer comes
  /// @param late made when there is no answer within this time
  <T> T answer(
      boolean writes,
      Supplier<CompletableFuture<T>> ask,
      long limitNanos,
      Supplier<BanyanException> late) {
    requireOpen();
    CompletableFuture<T> asked = ask.get();
    open.add(asked);
    try {
      if (end != null) {
        asked.completeExceptionally(new Ended()); // It ended meanwhile.
      }
      return asked.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (!asked.cancel(false) && !asked.isCompletedExceptionally()) {
        return asked.join(); // At the last moment.
      }
      throw late.get();
    } catch (ExecutionException e) {
      throw failed(writes, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the worker had not answered yet");
    } finally {
      open.remove(asked);
      asked.cancel(false); // Nobody waits for it any more.
    }
  }

  private BanyanException failed(boolean writes, ExecutionException failure) {
    End why = end;
    return gone(
        writes, why == null ? new End(false, "the worker failed: " + Reason.of(failure)) : why);
  }

  /// Lets a call wait a little, but not beyond the worker's end.
  void pause(long millis) {
    try {
      if (ended.await(millis, TimeUnit.MILLISECONDS)) {
        requireOpen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the worker had not answered yet");
    }
  }
}
