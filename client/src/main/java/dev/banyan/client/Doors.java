package dev.banyan.client;

import dev.banyan.client.UnavailableException.Attempt;
import dev.banyan.client.UnavailableException.Why;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The doors there are, and which of them answered last: that one is asked first.
final class Doors {

  /// How long a door may take while there are others to ask: longer than it gives a read by itself.
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final List<DoorAddress> addresses;
  private final DoorHttp http;
  private final Semaphore turns;
  private final int calls;
  private volatile int last;
  private volatile boolean closed;

  Doors(ConnectOptions options) {
    addresses = options.addresses().stream().map(DoorAddress::parse).toList();
    http = new DoorHttp(options.connectTimeout());
    calls = options.calls();
    turns = new Semaphore(calls, true);
  }

  /// No call is taken any more.
  void refuse() {
    closed = true;
  }

  /// Likewise, and those that wait end.
  void close() {
    refuse();
    http.close();
  }

  /// Makes the request; it may say how much time is left.
  interface Ask {
    Call within(long leftNanos);
  }

  /// Reads an answer.
  interface Reading<T> {

    /// @throws IllegalArgumentException when a door would not answer so
    T of(Answer answer) throws AttemptFailed;
  }

  private interface Exchange<T> {
    T with(DoorAddress door, long leftNanos) throws AttemptFailed;
  }

  <T> T call(Call call, long limitNanos, Reading<T> reading) {
    return call(call.writes(), _ -> call, limitNanos, limitNanos, reading);
  }

  /// @param patienceNanos how long one door may take
  <T> T call(boolean writes, Ask ask, long patienceNanos, long limitNanos, Reading<T> reading) {
    long deadlineNanos = System.nanoTime() + limitNanos;
    takeTurn(limitNanos);
    try {
      return each(
          writes,
          patienceNanos,
          deadlineNanos,
          (door, leftNanos) ->
              read(door, http.send(door, ask.within(leftNanos), leftNanos), reading));
    } finally {
      turns.release();
    }
  }

  /// Opens a stream at the first door that grants it.
  InputStream open(Call call, long limitNanos) {
    return each(
        false,
        limitNanos,
        System.nanoTime() + limitNanos,
        (door, leftNanos) -> http.open(door, call, leftNanos));
  }

  private static <T> T read(DoorAddress door, Answer answer, Reading<T> reading)
      throws AttemptFailed {
    try {
      return reading.of(answer);
    } catch (IllegalArgumentException e) {
      throw AttemptFailed.noDoor(door, Text.shown(String.valueOf(e.getMessage())));
    }
  }

  private void takeTurn(long limitNanos) {
    requireOpen();
    try {
      if (!turns.tryAcquire(limitNanos, TimeUnit.NANOSECONDS)) {
        throw new UnavailableException(
            "the call waited in vain for its turn behind "
                + calls
                + " others: make fewer at the same time, or allow more (ConnectOptions.withCalls)",
            List.of());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallInterruptedException("interrupted while the call waited for its turn");
    }
  }

  /// Asks one door after the other, until one answers. A write that a door may have made goes to no other one.
  private <T> T each(boolean writes, long patienceNanos, long deadlineNanos, Exchange<T> exchange) {
    int first = last;
    List<Attempt> failed = new ArrayList<>();
    @Nullable NotKnownException notKnown = null;
    for (int i = 0; i < addresses.size(); i++) {
      requireOpen();
      int index = (first + i) % addresses.size();
      DoorAddress door = addresses.get(index);
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0) {
        failed.add(new Attempt(door.text(), Why.LATE, "no time was left to ask " + door));
        continue;
      }
      boolean others = i + 1 < addresses.size();
      long patience = others ? Math.min(patienceNanos, PATIENCE_NANOS) : patienceNanos;
      try {
        T answer = exchange.with(door, Math.min(leftNanos, patience));
        last = index;
        return answer;
      } catch (NotKnownException e) {
        if (writes) {
          throw e;
        }
        notKnown = notKnown == null ? e : notKnown; // Another worker may know.
      } catch (AttemptFailed e) {
        requireOpen();
        if (writes && e.mayBeMade()) {
          throw new OutcomeUnknownException(e.attempt());
        }
        failed.add(e.attempt());
      }
    }
    throw notKnown != null ? notKnown : new UnavailableException(failed);
  }

  void requireOpen() {
    if (closed) {
      throw new ClosedException("the client is closed: make a new one with Banyan.connect");
    }
  }
}
