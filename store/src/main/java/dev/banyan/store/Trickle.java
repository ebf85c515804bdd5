package dev.banyan.store;

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
  private final Outbox outbox;
  private final RandomGenerator random;
  private final Alarm alarm;
  private final ArrayDeque<Interest> queue = new ArrayDeque<>();

  Trickle(int perSecond, Outbox outbox, RandomGenerator random) {
    this.perSecond = perSecond;
    this.outbox = outbox;
    this.random = random;
    this.alarm = new Alarm(StoreTimer.TRICKLE, outbox);
  }

  /// Lets each of these wait for a random time below the spread from then on.
  void add(List<Interest> interests, long notBeforeNanos, long spreadNanos) {
    List<Interest> shuffled = new ArrayList<>(interests.size());
    for (Interest interest : interests) {
      interest.notBeforeNanos = notBeforeNanos + random.nextLong(spreadNanos);
      interest.postponed = 0;
      if (!interest.trickling) {
        interest.trickling = true;
        shuffled.add(interest);
      }
    }
    Collections.shuffle(shuffled, random);
    queue.addAll(shuffled);
    if (!queue.isEmpty()) {
      alarm.by(Math.max(notBeforeNanos, outbox.nowNanos() + INTERVAL_NANOS));
    }
  }

  /// Somebody else asks for the tag: once that is answered, our question will be answered sooner.
  void postpone(Interest interest, long spreadNanos) {
    if (interest.trickling && interest.postponed < MAX_POSTPONED) {
      interest.postponed++;
      long later = outbox.nowNanos() + random.nextLong(spreadNanos);
      interest.notBeforeNanos = Math.max(interest.notBeforeNanos, later);
    }
  }

  /// @param room whether there is room for another question
  /// @param ask asks, if that is still of use, and says so
  void onTimer(long generation, BooleanSupplier room, Predicate<Interest> ask) {
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
      Interest interest = queue.remove();
      boolean wanted = !interest.gone && !interest.settled();
      if (wanted && interest.notBeforeNanos > outbox.nowNanos()) {
        queue.add(interest);
        earliest = Math.min(earliest, interest.notBeforeNanos);
      } else {
        interest.trickling = false;
        if (wanted && ask.test(interest)) {
          asked++;
        }
      }
    }
    if (!queue.isEmpty()) {
      long wait = Math.max(INTERVAL_NANOS, most * NANOS_PER_SECOND / perSecond);
      long next = outbox.nowNanos() + wait;
      alarm.by(all && looks == 0 ? Math.max(next, earliest) : next);
    }
  }
}
