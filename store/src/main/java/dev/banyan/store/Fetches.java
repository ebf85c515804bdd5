package dev.banyan.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// Makes interests settled by asking the holders of their tags: at once what a user waits for or has never been asked,
/// in a trickle what a gap or a change of path has unsettled.
///
/// A key is asked of those who want the key, then of those who watch a prefix of it, the longest first; a prefix of
/// those who hold keys under it, then of those who watch a shorter one. The first settled holder ends the round; if
/// there is none, all that anybody holds has been merged when it ends.
final class Fetches {

  private static final long TRICKLE_NANOS = 50_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /// How much longer an answer that nobody waits for may take: the question may have to visit all holders.
  private static final long PATIENCE = 8;

  /// Tags looked at in one round of the trickle, those included whose time has not come.
  private static final int TRICKLE_LOOKS = 1024;

  private static final int MAX_POSTPONED = 4;

  private static final int MAX_DOUBLINGS = 6;

  /// Questions of one interest whose late answers count.
  private static final int MAX_OVERDUE = 7;

  /// Questions after which others wait for ours no longer.
  private static final int AWAITED = 2;

  /// Told what becomes of a round of questions.
  interface Outcome {
    void settled(Interest interest);

    /// There may be an answer still, or another question: nobody should wait for it.
    void late(Interest interest);

    void unanswered(Interest interest);
  }

  private final StoreConfig.Fetching config;
  private final Memtable memtable;
  private final Sealing sealing;
  private final Counters counters;
  private final Outbox outbox;
  private final RandomGenerator random;
  private final Outcome outcome;
  private final Alarm overdue;
  private final Alarm trickle;
  private final LongMap<Interest> asked = new LongMap<>();
  private final ArrayDeque<Interest> urgent = new ArrayDeque<>();
  private final ArrayDeque<Interest> later = new ArrayDeque<>();
  private final PriorityQueue<Deadline> deadlines =
      new PriorityQueue<>(
          Comparator.comparingLong(Deadline::atNanos).thenComparingLong(Deadline::askId));
  private boolean connected;
  private long lastAskId;

  /// Interests that wait for the answer to a question that is not overdue.
  private int open;

  private record Deadline(long atNanos, long askId) {}

  Fetches(
      StoreConfig.Fetching config,
      Memtable memtable,
      Sealing sealing,
      Counters counters,
      Outbox outbox,
      RandomGenerator random,
      Outcome outcome) {
    this.config = config;
    this.memtable = memtable;
    this.sealing = sealing;
    this.counters = counters;
    this.outbox = outbox;
    this.random = random;
    this.outcome = outcome;
    this.overdue = new Alarm(StoreTimer.FETCH, outbox);
    this.trickle = new Alarm(StoreTimer.TRICKLE, outbox);
  }

  void connected(boolean now) {
    connected = now;
  }

  /// Asks at the end of this event, or as soon as there is room among the open questions.
  void soon(Interest interest) {
    if (interest.askId == 0 && !interest.queued) {
      interest.queued = true;
      urgent.add(interest);
    }
  }

  /// Asks for all of these in random order, at the configured rate, each after a random time below the spread from
  /// then on.
  void eventually(List<Interest> interests, long notBeforeNanos, long spreadNanos) {
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
    later.addAll(shuffled);
    if (!later.isEmpty()) {
      trickle.by(Math.max(notBeforeNanos, outbox.nowNanos() + TRICKLE_NANOS));
    }
  }

  /// Open questions may never be answered: their path is gone. Those that somebody waits for are asked again now.
  void pathChanged() {
    for (long id : asked.sortedKeys()) {
      Interest interest = asked.get(id);
      if (interest == null) {
        continue; // Another of its questions was first.
      }
      boolean hurried = !interest.everSettled || !interest.waiting.isEmpty();
      boolean again = interest.askId != 0 && hurried;
      drop(interest);
      outcome.late(interest);
      if (again) {
        soon(interest);
      }
    }
  }

  /// Somebody else asks for the tag: once that is answered, our question will be answered sooner.
  void othersAsk(Interest interest, long spreadNanos) {
    if (interest.trickling && interest.postponed < MAX_POSTPONED) {
      interest.postponed++;
      long later = outbox.nowNanos() + random.nextLong(spreadNanos);
      interest.notBeforeNanos = Math.max(interest.notBeforeNanos, later);
    }
  }

  /// It is not wanted any more.
  void forget(Interest interest) {
    drop(interest);
    outcome.late(interest);
  }

  /// No answer to any of its questions counts any more.
  private void drop(Interest interest) {
    for (long id : interest.overdueAsks) {
      asked.remove(id);
    }
    interest.overdueAsks = Interest.NO_ASKS;
    if (interest.askId != 0) {
      asked.remove(interest.askId);
      interest.askId = 0;
      open--;
    }
  }

  /// The open question of this interest is overdue: it may be lost, or under way still, for it may have to visit all
  /// holders. Another will be asked; whichever is answered first counts.
  private void overdue(Interest interest) {
    long[] before = interest.overdueAsks;
    boolean full = before.length == MAX_OVERDUE;
    if (full) {
      asked.remove(before[0]);
    }
    long[] after = Arrays.copyOfRange(before, full ? 1 : 0, before.length + 1);
    after[after.length - 1] = interest.askId;
    interest.overdueAsks = after;
    interest.askId = 0;
    open--;
  }

  /// Whether its question is open and likely to be answered soon.
  boolean awaitsAnswer(Interest interest) {
    return connected && interest.askId != 0 && interest.tries < AWAITED;
  }

  /// Asks what can be asked now, after what this event has published: so that whoever is asked knows it.
  void endOfEvent() {
    while (!urgent.isEmpty() && open < config.inFlight()) {
      Interest interest = urgent.remove();
      interest.queued = false;
      if (!interest.gone && !interest.settled() && interest.askId == 0) {
        begin(interest);
      }
    }
  }

  private void begin(Interest interest) {
    if (!connected && interest.waiting.isEmpty()) {
      return; // Asked once there is a path: the change of path says so.
    }
    if (interest.overdueAsks.length == 0 || interest.missedSinceAsked()) {
      drop(interest);
      interest.planStep = 0;
      interest.asked();
    }
    ask(interest);
  }

  private void ask(Interest interest) {
    interest.askId = ++lastAskId;
    open++;
    asked.put(interest.askId, interest);
    long wait = wait(interest);
    interest.deadlineNanos = outbox.nowNanos() + wait + random.nextLong(1 + wait / 4);
    deadlines.add(new Deadline(interest.deadlineNanos, interest.askId));
    overdue.by(interest.deadlineNanos);
    if (connected) {
      counters.count(Counters.Count.ASKS);
      outbox.toTree(
          new Event.Ask(
              interest.askId, interest.plan[interest.planStep], sealing.seal(question(interest))));
    }
  }

  /// How long an answer may take that nobody waits for, the first time it is asked for.
  long patienceNanos() {
    return config.timeoutNanos() * PATIENCE;
  }

  private long wait(Interest interest) {
    boolean hurried = !interest.everSettled || !interest.waiting.isEmpty();
    long wait = hurried ? config.timeoutNanos() : patienceNanos();
    return wait << Math.min(interest.tries, MAX_DOUBLINGS);
  }

  private Bytes question(Interest interest) {
    Checksums checksums = interest.checksums;
    if (checksums != null) {
      long[] held = checksums.count() == 0 ? new long[0] : checksums.folded(checksums.bits());
      return new Question.OfPrefix(interest.name, held).encoded();
    }
    Entry entry = memtable.find(interest.tag);
    return new Question.OfKey(
            interest.name, entry == null ? Optional.empty() : Optional.of(entry.newest().version()))
        .encoded();
  }

  /// Takes an answer whose records have been merged.
  void onAnswered(Message.AnycastAnswer answer) {
    Interest interest = asked.get(answer.id());
    if (interest == null) {
      return;
    }
    switch (answer.completeness()) {
      case PARTIAL ->
          interest.deadlineNanos =
              Math.max(interest.deadlineNanos, outbox.nowNanos() + config.timeoutNanos());
      case LOST -> interest.unsettle(); // So that no answer of this round counts.
      case SETTLED -> finish(interest);
      case EXHAUSTED -> {
        if (interest.planStep + 1 < interest.plan.length) {
          drop(interest);
          interest.planStep++;
          ask(interest);
        } else {
          finish(interest);
        }
      }
    }
  }

  private void finish(Interest interest) {
    drop(interest);
    interest.tries = 0;
    if (interest.missedSinceAsked()) {
      outcome.late(interest);
      if (!interest.everSettled || !interest.waiting.isEmpty()) {
        soon(interest);
      } else {
        eventually(List.of(interest), outbox.nowNanos(), TRICKLE_NANOS);
      }
    } else {
      interest.settle();
      outcome.settled(interest);
    }
  }

  void onOverdueTimer(long generation) {
    if (!overdue.fired(generation)) {
      return;
    }
    long now = outbox.nowNanos();
    Deadline next = deadlines.peek();
    while (next != null && next.atNanos() <= now) {
      deadlines.remove();
      Interest interest = asked.get(next.askId());
      if (interest == null || interest.askId != next.askId()) {
        next = deadlines.peek();
        continue;
      }
      if (interest.deadlineNanos > now) {
        deadlines.add(new Deadline(interest.deadlineNanos, interest.askId));
      } else {
        unanswered(interest);
      }
      next = deadlines.peek();
    }
    if (next != null) {
      overdue.by(next.atNanos());
    }
  }

  private void unanswered(Interest interest) {
    counters.count(Counters.Count.ASK_TIMEOUTS);
    overdue(interest);
    interest.tries++;
    if (interest.tries == AWAITED) {
      outcome.late(interest);
    }
    if (interest.tries < config.tries()) {
      begin(interest);
      return;
    }
    outcome.unanswered(interest);
    interest.tries = 0;
    if (connected) {
      eventually(List.of(interest), outbox.nowNanos() + wait(interest), TRICKLE_NANOS);
    }
  }

  void onTrickleTimer(long generation) {
    if (!trickle.fired(generation)) {
      return;
    }
    long perTick = Math.max(1, config.perSecond() * TRICKLE_NANOS / NANOS_PER_SECOND);
    int looks = Math.min(later.size(), TRICKLE_LOOKS);
    boolean all = looks == later.size();
    long earliest = Long.MAX_VALUE;
    for (long i = 0; i < perTick && looks > 0 && open < config.inFlight(); looks--) {
      Interest interest = later.remove();
      if (!interest.gone && !interest.settled() && interest.notBeforeNanos > outbox.nowNanos()) {
        later.add(interest);
        earliest = Math.min(earliest, interest.notBeforeNanos);
        continue;
      }
      interest.trickling = false;
      if (!interest.gone && !interest.settled() && interest.askId == 0 && !interest.queued) {
        begin(interest);
        i++;
      }
    }
    if (!later.isEmpty()) {
      long wait = Math.max(TRICKLE_NANOS, perTick * NANOS_PER_SECOND / config.perSecond());
      long next = outbox.nowNanos() + wait;
      trickle.by(all && looks == 0 ? Math.max(next, earliest) : next);
    }
  }
}
