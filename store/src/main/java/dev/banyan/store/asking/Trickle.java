package dev.banyan.store.asking;

import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Unsettled interests that nobody waits for: they are asked for in random order, at a limited rate, and not before
/// their time.
final class Trickle {

  /// Between two rounds.
  static final long INTERVAL_NANOS = 50_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// Interests looked at in one round, those included whose time has not come.
  private static final int LOOKS = 1024;

  private static final int MAX_POSTPONED = 4;

  private final int perSecond;
  private final StoreTurn turn;
  private final RandomGenerator random;
  private final Alarm alarm;
  private final ArrayDeque<Asking> queue = new ArrayDeque<>();

  Trickle(int perSecond, StoreTurn turn, RandomGenerator random) {
    this.perSecond = perSecond;
    this.turn = turn;
    this.random = random;
    this.alarm = new Alarm(StoreTimer.TRICKLE, turn);
  }

  /// Lets each of these wait for a random time below the spread from then on.
  void add(List<Asking> added, long notBeforeNanos, long spreadNanos) {
    List<Asking> shuffled = new ArrayList<>(added.size());
    for (Asking asking : added) {
      asking.notBeforeNanos = notBeforeNanos + random.nextLong(spreadNanos);
      asking.postponed = 0;
      if (!asking.trickling) {
        asking.trickling = true;
        shuffled.add(asking);
      }
    }
    Collections.shuffle(shuffled, random);
    queue.addAll(shuffled);
    if (!queue.isEmpty()) {
      alarm.by(Math.max(notBeforeNanos, turn.nowNanos() + INTERVAL_NANOS));
    }
  }

  /// Somebody else asks for the tag: once that is answered, our question will be answered sooner.
  void postpone(Asking asking, long spreadNanos) {
    if (asking.trickling && asking.postponed < MAX_POSTPONED) {
      asking.postponed++;
      long later = turn.nowNanos() + random.nextLong(spreadNanos);
      asking.notBeforeNanos = Math.max(asking.notBeforeNanos, later);
    }
  }

  /// @param room whether there is room for another question
  /// @param ask asks, if that is still of use, and says whether it did
  void onTimer(long generation, BooleanSupplier room, Predicate<Asking> ask) {
    if (!alarm.fired(generation)) {
      return;
    }
    long most = Math.max(1, perSecond * INTERVAL_NANOS / NANOS_PER_SECOND);
    int looks = Math.min(queue.size(), LOOKS);
    boolean all = looks == queue.size();
    long earliest = Long.MAX_VALUE;
    long asked = 0;
    while (asked < most && looks > 0 && room.getAsBoolean()) {
      looks--;
      Asking asking = queue.remove();
      boolean wanted = !asking.interest.gone() && !asking.interest.settled();
      if (wanted && asking.notBeforeNanos > turn.nowNanos()) {
        queue.add(asking);
        earliest = Math.min(earliest, asking.notBeforeNanos);
      } else {
        asking.trickling = false;
        if (ask.test(asking)) {
          asked++;
        }
      }
    }
    if (!queue.isEmpty()) {
      long wait = Math.max(INTERVAL_NANOS, most * NANOS_PER_SECOND / perSecond);
      long next = turn.nowNanos() + wait;
      alarm.by(all && looks == 0 ? Math.max(next, earliest) : next);
    }
  }
}
