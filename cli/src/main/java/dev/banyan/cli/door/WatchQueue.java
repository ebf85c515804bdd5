package dev.banyan.cli.door;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreOutcome;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one watch has still to tell its reader, and the last that it has told. Filled on the worker's loop, emptied by the
/// reader's thread.
///
/// Of each key only the newest revision waits. Its value is the very one that the store holds for as long as the key is
/// watched, so that a reader that is behind costs a place for each key, however large the values are.
final class WatchQueue {

  /// What a place takes, about, beside the key.
  private static final int PLACE_BYTES = 128;

  /// Of what was told: more than lies in the buffers of two sockets, as a rule.
  private static final int TOLD_EVENTS = 4_096;

  private static final long TOLD_BYTES = 4L << 20;

  /// An event and its number in this watch: one more than that of the event before.
  record Told(long number, StoreOutcome outcome) {}

  private final WatchBudget budget;
  private final Map<Object, StoreOutcome> waiting = new LinkedHashMap<>();
  private final ArrayDeque<Told> told = new ArrayDeque<>();

  /// To be told once more, to a reader that has come back.
  private final ArrayDeque<Told> again = new ArrayDeque<>();

  private long waitingBytes;
  private long toldBytes;
  private long last;
  private boolean ended;

  /// Whoever may take events: one that has been replaced takes none, so that none is lost with it.
  private @Nullable Object reader;

  WatchQueue(WatchBudget budget) {
    this.budget = budget;
  }

  /// From now on this one takes the events.
  synchronized void begin(Object newReader) {
    reader = newReader;
    notifyAll();
  }

  /// Adds an event, or puts it in the place of what waits about the same key.
  ///
  /// @return false when there is no room for it; it is not taken then
  synchronized boolean offer(StoreOutcome outcome) {
    if (ended) {
      return true;
    }
    Object place = place(outcome);
    if (!waiting.containsKey(place)) {
      long bytes = placeBytes(place);
      if (!budget.take(bytes)) {
        return false;
      }
      waitingBytes += bytes;
    }
    waiting.put(place, outcome);
    notifyAll();
    return true;
  }

  /// What a key's revisions share; other events have one each.
  private static Object place(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Changed changed
        ? changed.revision().key()
        : outcome.getClass();
  }

  private static long placeBytes(Object place) {
    return PLACE_BYTES + (place instanceof String key ? 2L * key.length() : 0);
  }

  /// The next event, once there is one.
  ///
  /// @return null when there was none for so long, the queue has ended, or somebody else takes the events
  synchronized @Nullable Told poll(Object who, long millis) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + millis * 1_000_000;
    while (isReader(who) && waiting.isEmpty() && again.isEmpty() && !ended) {
      long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
      if (leftMillis <= 0) {
        return null;
      }
      wait(leftMillis);
    }
    if (!isReader(who)) {
      return null;
    }
    Told repeated = again.poll();
    if (repeated != null) {
      return repeated;
    }
    var first = waiting.entrySet().iterator();
    if (!first.hasNext()) {
      return null;
    }
    Map.Entry<Object, StoreOutcome> next = first.next();
    long bytes = placeBytes(next.getKey());
    Told event = new Told(++last, next.getValue());
    first.remove();
    waitingBytes -= bytes;
    budget.give(bytes);
    remember(event);
    return event;
  }

  @SuppressWarnings("ReferenceEquality") // It is about who it is.
  private boolean isReader(Object who) {
    return reader == who;
  }

  private void remember(Told event) {
    long bytes = toldBytes(event);
    if (bytes > TOLD_BYTES || !budget.take(bytes)) {
      forgetTold(); // With a gap in it, it would be of no use.
      return;
    }
    told.add(event);
    toldBytes += bytes;
    while (toldBytes > TOLD_BYTES || told.size() > TOLD_EVENTS) {
      long oldest = toldBytes(told.remove());
      toldBytes -= oldest;
      budget.give(oldest);
    }
  }

  private static long toldBytes(Told event) {
    return event.outcome() instanceof StoreOutcome.Changed changed
        ? PLACE_BYTES
            + 2L * changed.revision().key().length()
            + changed.revision().value().map(Bytes::size).orElse(0)
        : PLACE_BYTES;
  }

  /// Nobody can go back any more, to before now.
  ///
  /// @return how many bytes that has set free
  synchronized long forgetTold() {
    long freed = toldBytes;
    budget.give(freed);
    toldBytes = 0;
    told.clear();
    return freed;
  }

  /// Goes back to just after an event that a reader has seen; from now on this one takes the events.
  ///
  /// @return false when what followed it is not remembered
  synchronized boolean resumeAfter(long number, Object newReader) {
    if (ended || number < 0 || number > last || (number < last && !remembers(number + 1))) {
      return false;
    }
    begin(newReader);
    again.clear();
    told.stream().filter(event -> event.number() > number).forEach(again::add);
    return true;
  }

  private boolean remembers(long number) {
    return !told.isEmpty() && told.getFirst().number() <= number;
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty() && again.isEmpty();
  }

  /// What it takes of the budget for what waits.
  synchronized long waitingBytes() {
    return waitingBytes;
  }

  /// Lets go of everything, and takes nothing any more.
  synchronized void end() {
    ended = true;
    budget.give(waitingBytes);
    waitingBytes = 0;
    waiting.clear();
    again.clear();
    forgetTold();
    notifyAll();
  }
}
