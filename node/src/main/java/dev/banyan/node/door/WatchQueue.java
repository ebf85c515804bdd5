package dev.banyan.node.door;

import dev.banyan.protocol.Bytes;
import dev.banyan.store.StoreOutcome;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one watch has still to tell its reader, and the last that it has told. Filled on the worker's loop, emptied by the
/// reader's thread.
///
/// The store tells no more than the watch's window before some of it is taken ([#taken]), so little waits here. Of
/// each key only the newest revision does.
final class WatchQueue {

  /// What an event takes, about, beside its key and value.
  private static final int EVENT_BYTES = 128;

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

  /// The one that the reader is being sent.
  private @Nullable Told inHand;

  /// Of what waits, and of what is in hand.
  private long waitingBytes;

  private long toldBytes;

  /// Of the store's window, since [#taken] was asked last.
  private long takenBytes;

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
    StoreOutcome before = waiting.get(place);
    long more = bytes(outcome) - (before == null ? 0 : bytes(before));
    if (more > 0 && !budget.take(more)) {
      return false;
    }
    if (more < 0) {
      budget.give(-more);
    }
    waitingBytes += more;
    if (before != null) {
      takenBytes += windowBytes(before); // Its reader will not hear of it.
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

  private static long bytes(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Changed changed
        ? EVENT_BYTES
            + 2L * changed.revision().key().length()
            + changed.revision().value().map(Bytes::size).orElse(0)
        : EVENT_BYTES;
  }

  private static long windowBytes(StoreOutcome outcome) {
    return outcome instanceof StoreOutcome.Changed changed ? changed.sizeBytes() : 0;
  }

  /// How much of the store's window has been taken since this was asked last, if it is at least so much; otherwise 0.
  synchronized long taken(long least) {
    if (takenBytes < least) {
      return 0;
    }
    long bytes = takenBytes;
    takenBytes = 0;
    return bytes;
  }

  /// The next event, once there is one; the one before counts as sent.
  ///
  /// @return null when there was none for so long, the queue has ended, or somebody else takes the events
  synchronized @Nullable Told poll(Object who, long millis) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + millis * 1_000_000;
    sent(who);
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
    Told event = new Told(++last, first.next().getValue());
    first.remove();
    inHand = event;
    return event;
  }

  /// The reader has been sent the event that it was given last.
  synchronized void sent(Object who) {
    if (isReader(who)) {
      sent();
    }
  }

  private void sent() {
    Told event = inHand;
    inHand = null;
    if (event != null) {
      long bytes = bytes(event.outcome());
      waitingBytes -= bytes;
      budget.give(bytes);
      takenBytes += windowBytes(event.outcome());
      remember(event);
    }
  }

  @SuppressWarnings("ReferenceEquality") // It is about who it is.
  private boolean isReader(Object who) {
    return reader == who;
  }

  private void remember(Told event) {
    long bytes = bytes(event.outcome());
    if (bytes > TOLD_BYTES || !budget.take(bytes)) {
      forgetTold(); // With a gap in it, it would be of no use.
      return;
    }
    told.add(event);
    toldBytes += bytes;
    while (toldBytes > TOLD_BYTES || told.size() > TOLD_EVENTS) {
      long oldest = bytes(told.remove().outcome());
      toldBytes -= oldest;
      budget.give(oldest);
    }
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
    if (ended || number < 0 || number > last) {
      return false;
    }
    sent(); // To nobody, perhaps: then it is told again.
    if (number < last && !remembers(number + 1)) {
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

  /// What it takes of the budget for what waits, and for what is being sent.
  synchronized long waitingBytes() {
    return waitingBytes;
  }

  /// Lets go of everything, and takes nothing any more.
  synchronized void end() {
    ended = true;
    budget.give(waitingBytes);
    waitingBytes = 0;
    inHand = null;
    waiting.clear();
    again.clear();
    forgetTold();
    notifyAll();
  }
}
