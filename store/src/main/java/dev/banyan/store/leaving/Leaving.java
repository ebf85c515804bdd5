package dev.banyan.store.leaving;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.asking.AnswerTimes;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.asking.Question;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.write.Names;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a worker does before it stops ([StoreCommand.Drain]): of each key that it holds it asks whether anybody else
/// holds it as new, those first that it was to keep; what nobody vouches for is handed to another worker, in bounded
/// parcels, by tasks that go to anybody but this one. A worker that leaves itself neither vouches nor takes.
///
/// A question or a parcel that is not answered in time counts as refused: to hand over what somebody holds already does
/// no harm. What time is follows how long answers take; one that comes later still counts. It ends when nothing is left,
/// at the deadline of the command, or when there is nobody who could take anything.
public final class Leaving {

  /// Task numbers from here on are the store's own.
  private static final long FIRST_TASK = 1L << 62;

  /// Questions open at one time; a guess: many times what a round trip holds on a slow link.
  private static final int MAX_QUESTIONS = 256;

  /// Parcels under way at one time, and their size unless a single record is larger. Guesses: a slow link has half a
  /// megabyte to carry before the first is answered.
  private static final int MAX_PARCELS = 4;

  private static final int PARCEL_BYTES = 128 << 10;

  /// How often deadlines are looked at, and parcels sent that are not full.
  private static final long TICK_NANOS = 20_000_000;

  private static final long PROGRESS_NANOS = 1_000_000_000;

  /// In timeouts of answers: for a parcel, and how long nobody may be there to take one.
  private static final int PARCEL_PATIENCE = 4;

  private static final int NOBODY_PATIENCE = 2;

  /// Wait after a parcel was refused or came back.
  private static final long PAUSE_NANOS = 200_000_000;

  private final AnswerTimes times;
  private final Names names;
  private final Sealing sealing;
  private final Holdings holdings;
  private final Publisher publisher;
  private final Fetches fetches;
  private final NodeId self;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;

  private final ArrayDeque<Item> toAsk = new ArrayDeque<>();
  private final LongMap<Item> asked = new LongMap<>();

  /// Overdue: to be handed over, but an answer still counts.
  private final LongMap<Item> late = new LongMap<>();

  private final ArrayDeque<Item> toHand = new ArrayDeque<>();
  private final LongMap<Parcel> parcels = new LongMap<>();
  private StoreCommand.@Nullable Drain command;
  private boolean done;
  private boolean connected;
  private int openQuestions;
  private int openParcels;
  private int all;
  private int vouched;
  private int handedOver;
  private long lastTask = FIRST_TASK;
  private long deadlineNanos;
  private long progressNanos;
  private long pausedUntilNanos;

  /// Since when every parcel came back, as there is no other worker; MAX_VALUE when that is not so.
  private long nobodySinceNanos = Long.MAX_VALUE;

  /// A key to be settled.
  private static final class Item {
    final Entry entry;
    final boolean duty;
    final long[] tags;

    /// Which of the tags is asked for.
    int step;

    long askId;

    /// Of its question; it is overdue, or answered, when it is not open any more.
    long deadlineNanos;

    boolean open;

    /// Whether somebody else keeps it, so that it is counted.
    boolean done;

    Item(Entry entry, boolean duty, long[] tags) {
      this.entry = entry;
      this.duty = duty;
      this.tags = tags;
    }
  }

  /// Items on their way to another worker. Of one that is overdue a result still counts.
  private static final class Parcel {
    final List<Item> items;
    final long deadlineNanos;
    boolean open = true;

    Parcel(List<Item> items, long deadlineNanos) {
      this.items = items;
      this.deadlineNanos = deadlineNanos;
    }
  }

  public Leaving(
      AnswerTimes times,
      NodeId self,
      Names names,
      Sealing sealing,
      Holdings holdings,
      Publisher publisher,
      Fetches fetches,
      Counters counters,
      StoreTurn turn) {
    this.times = times;
    this.names = names;
    this.sealing = sealing;
    this.holdings = holdings;
    this.publisher = publisher;
    this.fetches = fetches;
    this.self = self;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.LEAVE, turn);
  }

  /// Whether this worker is about to leave, or has nothing left to hand over and only waits to be stopped.
  public boolean isUnderWay() {
    return command != null;
  }

  public void begin(StoreCommand.Drain drain) {
    command = drain;
    publisher.sendWaiting(); // So that whoever is asked knows it.
    deadlineNanos = turn.nowNanos() + drain.timeoutNanos();
    progressNanos = turn.nowNanos() + PROGRESS_NANOS;
    for (Entry entry : holdings.entries()) {
      Item item = new Item(entry, entry.isOurs(self), asking(entry.key));
      if (item.duty) {
        toAsk.addFirst(item);
      } else {
        toAsk.addLast(item);
      }
    }
    all = toAsk.size();
    goOn();
    alarm.by(turn.nowNanos() + TICK_NANOS);
  }

  /// The key's own tag first, then its declared prefixes, longest first: who watches one holds the key, too.
  private long[] asking(String key) {
    return names.explained(key).stream().mapToLong(KeyTag::tag).toArray();
  }

  public void connected(boolean now) {
    connected = now;
    if (command == null || done) {
      return;
    }
    if (now) {
      goOn();
    } else {
      // Their way is gone.
      for (long askId : asked.sortedKeys()) {
        overdue(asked.get(askId), toAsk);
      }
      late.clear();
      for (long task : parcels.sortedKeys()) {
        overdue(parcels.get(task));
      }
      parcels.clear();
    }
  }

  public void onTimer(long generation) {
    if (!alarm.fired(generation) || command == null || done) {
      return;
    }
    long now = turn.nowNanos();
    for (long askId : asked.sortedKeys()) {
      Item item = asked.get(askId);
      if (item != null && item.deadlineNanos <= now) {
        overdue(item, toHand);
      }
    }
    for (long task : parcels.sortedKeys()) {
      Parcel parcel = parcels.get(task);
      if (parcel != null && parcel.deadlineNanos <= now) {
        overdue(parcel);
      }
    }
    goOn();
    sendParcel(true);
    if (done) {
      return;
    }
    if (now >= deadlineNanos) {
      finish();
      return;
    }
    if (now >= progressNanos) {
      progressNanos = now + PROGRESS_NANOS;
      turn.outcome(new StoreOutcome.Draining(command.request(), vouched + handedOver, all));
    }
    alarm.by(now + TICK_NANOS);
  }

  private void goOn() {
    while (connected && openQuestions < MAX_QUESTIONS && !toAsk.isEmpty()) {
      Item item = toAsk.remove();
      if (isLeft(item)) {
        ask(item);
      }
    }
    while (sendParcel(openQuestions == 0 && toAsk.isEmpty())) {
      // Another one may go, too.
    }
    if (vouched + handedOver == all) {
      finish();
    }
  }

  /// Whether it is still to be settled. What was let go meanwhile is somebody else's to keep.
  private boolean isLeft(Item item) {
    if (holdings.find(item.entry.tag) != item.entry) {
      vouched(item);
    }
    return !item.done;
  }

  private void vouched(Item item) {
    vouched += item.done ? 0 : 1;
    item.done = true;
  }

  private void handedOver(Item item) {
    if (!item.done) {
      item.done = true;
      handedOver++;
      counters.count(Counters.Count.HANDED_OVER);
    }
  }

  private void finish() {
    if (command == null || done) {
      return;
    }
    done = true;
    int left = all - vouched - handedOver;
    turn.outcome(new StoreOutcome.Drained(command.request(), vouched, handedOver, left, example()));
  }

  /// A key that is left, one that was to be kept here if there is one.
  private String example() {
    List<Item> left = new ArrayList<>(toHand);
    for (long task : parcels.sortedKeys()) {
      Parcel parcel = parcels.get(task);
      if (parcel != null) {
        left.addAll(parcel.items);
      }
    }
    for (long askId : asked.sortedKeys()) {
      Item item = asked.get(askId);
      if (item != null) {
        left.add(item);
      }
    }
    left.addAll(toAsk);
    String any = "";
    for (Item item : left) {
      if (item.duty && !item.done) {
        return item.entry.key;
      }
      any = any.isEmpty() && !item.done ? item.entry.key : any;
    }
    return any;
  }

  // Questions.

  private void ask(Item item) {
    item.askId = fetches.nextAskId();
    item.deadlineNanos = turn.nowNanos() + times.timeoutNanos();
    item.open = true;
    asked.put(item.askId, item);
    openQuestions++;
    counters.count(Counters.Count.ASKS);
    Question question =
        new Question.OfLeaving(item.entry.key, item.entry.newest().version(), item.duty);
    long tag = item.tags[item.step];
    turn.toTree(
        new Event.Ask(
            item.askId, tag, sealing.ask(item.askId, tag, List.of(), question.encoded())));
  }

  private void forget(long askId) {
    asked.remove(askId);
    late.remove(askId);
  }

  private void close(Item item) {
    openQuestions -= item.open ? 1 : 0;
    item.open = false;
  }

  private void overdue(@Nullable Item item, ArrayDeque<Item> to) {
    if (item != null && item.open) {
      asked.remove(item.askId);
      late.put(item.askId, item);
      close(item);
      to.add(item);
    }
  }

  /// Takes an answer whose records have been merged.
  ///
  /// @return whether it was to a question asked here
  public boolean onAnswered(Message.AnycastAnswer answer) {
    Item open = asked.get(answer.id());
    Item item = open == null ? late.get(answer.id()) : open;
    if (item == null || done) {
      return item != null;
    }
    switch (answer.completeness()) {
      case PARTIAL -> item.deadlineNanos = turn.nowNanos() + times.timeoutNanos();
      case LOST -> overdue(item, toHand);
      case SETTLED -> {
        forget(answer.id());
        close(item);
        vouched(item);
      }
      // Nobody has vouched; in doubt it is handed over, as it is already if this is late.
      case EXHAUSTED, UNKNOWN, MORE -> {
        forget(answer.id());
        if (item.open) {
          close(item);
          item.step++;
          if (item.step < item.tags.length && isLeft(item)) {
            ask(item);
          } else {
            toHand.add(item);
          }
        }
      }
    }
    goOn();
    return true;
  }

  // Parcels.

  /// @param any also one that is not full
  /// @return whether one was sent
  private boolean sendParcel(boolean any) {
    if (!connected
        || toHand.isEmpty()
        || openParcels == MAX_PARCELS
        || turn.nowNanos() < pausedUntilNanos) {
      return false;
    }
    List<Item> items = new ArrayList<>();
    List<Record> records = new ArrayList<>();
    int bytes = 0;
    boolean full = false;
    while (!toHand.isEmpty() && !full) {
      Item item = toHand.element();
      Record record = item.entry.newest().record;
      if (!isLeft(item)) {
        toHand.remove();
      } else if (items.isEmpty() || bytes + KeepTask.sizeBytes(record) <= PARCEL_BYTES) {
        toHand.remove();
        items.add(item);
        records.add(record);
        bytes += KeepTask.sizeBytes(record);
        full = items.size() == KeepTask.MAX_RECORDS;
      } else {
        full = true;
      }
    }
    if (items.isEmpty() || !(any || full)) {
      items.reversed().forEach(toHand::addFirst);
      return false;
    }
    long task = ++lastTask;
    parcels.put(task, new Parcel(items, turn.nowNanos() + PARCEL_PATIENCE * times.timeoutNanos()));
    openParcels++;
    Bytes parcel = sealing.hand(task, KeepTask.encoded(sealedOneByOne(records)));
    turn.toTree(new Event.Submit(task, new long[0], true, parcel));
    return true;
  }

  /// One for each: who keeps them says which of them it has taken.
  private List<Record> sealedOneByOne(List<Record> records) {
    List<Record> sealed = new ArrayList<>(records.size());
    records.forEach(record -> sealed.addAll(sealing.seal(List.of(record))));
    return sealed;
  }

  private void overdue(@Nullable Parcel parcel) {
    if (parcel != null && parcel.open) {
      parcel.open = false;
      openParcels--;
      parcel.items.reversed().forEach(toHand::addFirst);
    }
  }

  /// Nobody could take it.
  public void onReturned(Message.Dispatch task) {
    Parcel parcel = done ? null : parcels.remove(task.id());
    if (parcel == null) {
      return;
    }
    overdue(parcel);
    long now = turn.nowNanos();
    pausedUntilNanos = now + PAUSE_NANOS;
    nobodySinceNanos = Math.min(nobodySinceNanos, now);
    boolean all = openParcels == 0 && openQuestions == 0 && toAsk.isEmpty();
    if (all && now - nobodySinceNanos >= NOBODY_PATIENCE * times.timeoutNanos()) {
      finish();
    }
  }

  /// @return whether it is of a task that was handed in here
  public boolean onResult(Message.TaskResult result) {
    if (result.id() <= FIRST_TASK || result.id() > lastTask) {
      return false;
    }
    Parcel parcel = done ? null : parcels.get(result.id());
    if (parcel == null) {
      return true;
    }
    Optional<Bytes> came = sealing.came(result, (reason, _) -> counters.refused(reason));
    if (came.isEmpty()) {
      // Whoever says this, the true result still counts if it comes.
      overdue(parcel);
      pausedUntilNanos = turn.nowNanos() + PAUSE_NANOS;
      return true;
    }
    parcels.remove(result.id());
    nobodySinceNanos = Long.MAX_VALUE;
    byte[] taken = came.get().shared();
    if (taken.length != parcel.items.size()) {
      taken = new byte[parcel.items.size()]; // No answer at all: nothing is kept.
    }
    for (int i = 0; i < taken.length; i++) {
      Item item = parcel.items.get(i);
      if (taken[i] == 1) {
        handedOver(item);
      } else if (parcel.open) {
        toHand.addLast(item);
        pausedUntilNanos = turn.nowNanos() + PAUSE_NANOS;
      }
    }
    openParcels -= parcel.open ? 1 : 0;
    goOn();
    return true;
  }
}
