package dev.banyan.node.door;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreOutcome;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The memory that bodies under way through a door have together: requests until the worker has answered them, answers
/// until their clients have taken them. Whoever finds no room waits a little, in turn, and is refused then.
public final class BodyBudget {

  private static final long LEAST_BYTES = 4L << 20;
  private static final long PATIENCE_MILLIS = 1_000;

  /// What it is counted in.
  private static final int UNIT_BYTES = 1 << 10;

  /// From here on collectors that keep memory in regions round up, to twice as much at worst.
  private static final int LARGE_BYTES = 512 << 10;

  /// What a value takes that is made part of a JSON text: the text, while it grows, and its bytes.
  private static final int JSON_FACTOR = 6;

  private final int mostUnits;
  private final Semaphore freeUnits;
  private final long patienceMillis;

  public BodyBudget(long mostBytes, long patienceMillis) {
    mostUnits = (int) Math.clamp(mostBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    freeUnits = new Semaphore(mostUnits, true);
    this.patienceMillis = patienceMillis;
  }

  /// An eighth of the heap.
  static BodyBudget ofThisProcess() {
    long eighth = Runtime.getRuntime().maxMemory() / 8;
    return new BodyBudget(Math.max(LEAST_BYTES, eighth), PATIENCE_MILLIS);
  }

  /// Room that somebody has, until it is closed.
  public final class Room implements AutoCloseable {
    private final int units;
    private final AtomicBoolean given = new AtomicBoolean();

    private Room(int units) {
      this.units = units;
    }

    public boolean suffices(long bytes) {
      return units(bytes) <= units;
    }

    @Override
    public void close() {
      if (given.compareAndSet(false, true)) {
        freeUnits.release(units);
      }
    }
  }

  /// Waits for room.
  ///
  /// @throws Refusal when there is none in time
  Room take(long bytes) throws Refusal {
    try {
      int units = units(bytes);
      if (freeUnits.tryAcquire(units, patienceMillis, TimeUnit.MILLISECONDS)) {
        return new Room(units);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw busy();
  }

  /// Room that there is now; null when there is not enough.
  @Nullable
  public Room takeNow(long bytes) {
    int units = units(bytes);
    return freeUnits.tryAcquire(units) ? new Room(units) : null;
  }

  /// One body alone always finds room, once there is no other.
  private int units(long bytes) {
    return (int) Math.min(mostUnits, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
  }

  static Refusal busy() {
    return new Refusal(
        Reply.notYet(
            "busy",
            "too many large values are under way at this door: try again, send fewer at a time, or give the worker more memory"));
  }

  /// What a body of that size takes.
  static long arrayBytes(long size) {
    return size >= LARGE_BYTES ? 2 * size : size;
  }

  /// What it takes to answer with that.
  public static long bytes(StoreOutcome outcome) {
    return switch (outcome) {
      case StoreOutcome.Value value -> arrayBytes(value.value().size());
      case StoreOutcome.Conflict conflict -> conflict.current().map(BodyBudget::json).orElse(0L);
      case StoreOutcome.Revisions all -> all.revisions().stream().mapToLong(BodyBudget::json).sum();
      case StoreOutcome.KeyList list ->
          JSON_FACTOR * list.keys().stream().mapToLong(String::length).sum();
      case StoreOutcome.Written _,
          StoreOutcome.Absent _,
          StoreOutcome.Unreachable _,
          StoreOutcome.Watching _,
          StoreOutcome.Changed _,
          StoreOutcome.CaughtUp _,
          StoreOutcome.Unwatched _,
          StoreOutcome.Refused _,
          StoreOutcome.Draining _,
          StoreOutcome.Drained _,
          StoreOutcome.Learned _,
          StoreOutcome.Heads _ ->
          0;
    };
  }

  private static long json(Revision revision) {
    return JSON_FACTOR * (long) revision.value().map(Bytes::size).orElse(0);
  }
}
