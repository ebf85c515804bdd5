package dev.banyan.store.asking;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Tags;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.Reach;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.LongMap;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.UpdatePayload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// Makes interests settled by asking the holders of their tags: at once what a user waits for or has never been asked,
/// in a trickle what a gap or a change of path has unsettled.
///
/// A key is asked of those who want the key, then of those who watch a prefix of it, the longest first; a prefix of
/// those who hold keys under it, then of those who watch a shorter one. The first settled holder ends the round; if
/// there is none, all that anybody holds has been merged when it ends.
public final class Fetches {

  /// How much longer an answer that nobody waits for may take: the question may have to visit all holders.
  private static final long PATIENCE = 8;

  private static final int MAX_DOUBLINGS = 6;

  /// How often a question that somebody waits for is repeated without waiting longer: each time it goes another way
  /// round, past one more child that does not give questions back.
  private static final int PROMPT = 2;

  /// How many timeouts a question about a key is waited for while parts of an answer come: some may come for ever.
  private static final int MOST_PARTS = 2;

  /// After so many questions in vain whatever is known is said to whoever waits.
  private static final int FRESH_TRIES = 2;

  /// How often a holder that has more to say is asked in vain.
  private static final int MOST_MISSED = 3;

  /// Through how many workers at most it passes that all were asked.
  private static final int HEARERS = 8;

  /// For how many timeouts from its beginning others wait for our round at most.
  private static final int AWAITED = 3;

  /// How long it takes, at most, until everybody's routers have heard of an interest. A guess: three heartbeat timeouts.
  private static final long HEARD_OF_MILLIS = 10_000;

  /// Told what becomes of a round of questions.
  public interface Outcome {
    void settled(Interest interest);

    /// There may be an answer still, or another question: nobody should wait for it.
    void late(Interest interest);

    /// Questions are answered late, or not at all: there may be an answer still.
    void slow(Interest interest);

    /// All who could be asked have answered, but not all could be; there will be another round.
    void incomplete(Interest interest);

    void unanswered(Interest interest);
  }

  private final StoreConfig.Fetching config;
  private final AnswerTimes times;
  private final Holdings holdings;
  private final Sealing sealing;
  private final HybridClock clock;
  private final Names names;
  private final Reach reach;
  private final PieceSize pieceSize;
  private final Counters counters;
  private final StoreTurn turn;
  private final RandomGenerator random;
  private final Outcome outcome;
  private final Alarm alarm;
  private final Trickle trickle;

  /// By question: all whose answers count.
  private final LongMap<Asked> asked = new LongMap<>();

  /// By tag of the interest: all that are asked for, or of which something is remembered for the next time.
  private final LongMap<Asking> askings;

  private final ArrayDeque<Asking> urgent = new ArrayDeque<>();
  private final PriorityQueue<Deadline> deadlines =
      new PriorityQueue<>(
          Comparator.comparingLong(Deadline::atNanos).thenComparingLong(Deadline::askId));
  private boolean connected;
  private long lastAskId;

  /// Rounds with an open question.
  private int open;

  /// @param known what it said that is known here
  private record Asked(Round round, long atNanos, List<Heads> known) {}

  /// When the answer to a question is overdue; with 0 for the question, when others wait for the round no longer.
  private record Deadline(long atNanos, long askId, Round round) {}

  public Fetches(
      StoreConfig.Fetching config,
      AnswerTimes times,
      Holdings holdings,
      Sealing sealing,
      HybridClock clock,
      Names names,
      Reach reach,
      Counters counters,
      StoreTurn turn,
      RandomGenerator random,
      long tableSeed,
      Outcome outcome) {
    this.askings = new LongMap<>(tableSeed);
    this.config = config;
    this.times = times;
    this.holdings = holdings;
    this.sealing = sealing;
    this.clock = clock;
    this.names = names;
    this.reach = reach;
    this.pieceSize = new PieceSize(config.timeoutNanos());
    this.counters = counters;
    this.turn = turn;
    this.random = random;
    this.outcome = outcome;
    this.alarm = new Alarm(StoreTimer.FETCH, turn);
    this.trickle = new Trickle(config.perSecond(), turn, random);
  }

  public void connected(boolean now) {
    connected = now;
  }

  // When to ask.

  /// Asks at the end of this event, or as soon as there is room among the open questions; after its pause, if all who can
  /// be asked were asked just now.
  public void soon(Interest interest) {
    Asking asking = askingOf(interest);
    if (asking.isOpen() || asking.queued) {
      return;
    }
    if (turn.nowNanos() < asking.pausedUntilNanos) {
      eventually(List.of(interest), asking.pausedUntilNanos, Trickle.INTERVAL_NANOS);
    } else {
      asking.queued = true;
      urgent.add(asking);
    }
  }

  /// Asks for all of these in random order, at the configured rate, each after a random time below the spread from
  /// then on.
  public void eventually(List<Interest> interests, long notBeforeNanos, long spreadNanos) {
    trickle.add(interests.stream().map(this::askingOf).toList(), notBeforeNanos, spreadNanos);
  }

  /// Somebody else asks for the tag.
  public void othersAsk(Interest interest, long spreadNanos) {
    Asking asking = askings.get(interest.tag);
    if (asking != null) {
      trickle.postpone(asking, spreadNanos);
    }
  }

  /// We have just told others that we miss the tag: they wait a while for what we learn, and we ask first, after that time.
  public void notBefore(Interest interest, long nanos) {
    Asking asking = askings.get(interest.tag);
    if (asking != null) {
      asking.notBeforeNanos = nanos;
    }
  }

  private Asking askingOf(Interest interest) {
    Asking asking = askings.get(interest.tag);
    if (asking == null) {
      asking = new Asking(interest);
      askings.put(interest.tag, asking);
    }
    return asking;
  }

  private void forgetIfIdle(Asking asking) {
    if (!asking.matters(turn.nowNanos()) && askings.get(asking.interest.tag) == asking) {
      askings.remove(asking.interest.tag);
    }
  }

  /// Open questions may never be answered: their path is gone. Those that somebody waits for are asked again now.
  public void pathChanged() {
    for (long id : asked.sortedKeys()) {
      Asked question = asked.get(id);
      if (question != null) { // else another of its questions was first
        Round round = question.round();
        Interest interest = round.interest;
        round.asking.pausedUntilNanos = Long.MIN_VALUE;
        boolean again = round.isOpen() && round.asking.isHurried();
        stop(round.asking);
        if (again) {
          soon(interest);
        }
      }
    }
  }

  /// No answer counts any more.
  public void forget(Interest interest) {
    Asking asking = askings.get(interest.tag);
    if (asking != null) {
      end(asking);
      askings.remove(interest.tag);
    }
    outcome.late(interest);
  }

  private void stop(Asking asking) {
    end(asking);
    outcome.late(asking.interest);
  }

  /// Whether its question is open and likely to be answered soon. If so, whoever waits for it is told when it is not
  /// any more ([Outcome#late]).
  public boolean awaitsAnswer(Interest interest) {
    Asking asking = askings.get(interest.tag);
    Round round = asking == null ? null : asking.round;
    if (!connected || round == null || !round.isOpen()) {
      return false;
    }
    long lateNanos = round.begunNanos + AWAITED * config.timeoutNanos();
    if (turn.nowNanos() >= lateNanos) {
      return false;
    }
    if (!round.awaited) {
      round.awaited = true;
      deadlines.add(new Deadline(lateNanos, 0, round));
      alarm.by(lateNanos);
    }
    return true;
  }

  /// How long ago all who could be asked were asked, and not all could be; empty if that is too long ago to mean anything.
  public OptionalInt askedAllAgoMillis(Interest interest) {
    Asking asking = askings.get(interest.tag);
    if (!connected || asking == null || !asking.incomplete) {
      return OptionalInt.empty();
    }
    long ago = turn.nowNanos() - asking.askedAllNanos;
    return ago < config.timeoutNanos()
        ? OptionalInt.of((int) (ago / 1_000_000))
        : OptionalInt.empty();
  }

  /// Whether not all could be asked who should be, the last time.
  public boolean isIncomplete(Interest interest) {
    Asking asking = askings.get(interest.tag);
    return asking != null && asking.incomplete;
  }

  /// Asks what can be asked now, after what this event has published: so that whoever is asked knows it.
  public void endOfEvent() {
    while (!urgent.isEmpty() && hasRoom()) {
      Asking asking = urgent.remove();
      asking.queued = false;
      if (isUnsettled(asking.interest) && !asking.isOpen()) {
        begin(asking);
      } else {
        forgetIfIdle(asking);
      }
    }
  }

  public void onTrickleTimer(long generation) {
    trickle.onTimer(
        generation,
        this::hasRoom,
        asking -> {
          boolean idle = !asking.isOpen() && !asking.queued;
          if (!isUnsettled(asking.interest)) {
            forgetIfIdle(asking);
          } else if (idle) {
            begin(asking);
            return true;
          }
          return false;
        });
  }

  private static boolean isUnsettled(Interest interest) {
    return !interest.gone() && !interest.settled();
  }

  private boolean hasRoom() {
    return open < config.inFlight();
  }

  /// More can be read here than before: what paused because others hold what could not be read need not any longer.
  ///
  /// @return all that is to be asked again
  public List<Interest> endUnreadable() {
    List<Interest> again = new ArrayList<>();
    for (long tag : askings.sortedKeys()) {
      Asking asking = askings.get(tag);
      if (asking != null && asking.unreadable) {
        asking.unreadable = false;
        asking.pausedUntilNanos = Long.MIN_VALUE;
        if (isUnsettled(asking.interest)) {
          again.add(asking.interest);
        }
      }
    }
    return again;
  }

  // To ask.

  /// Begins a round, or goes on with the one that has only been waiting.
  private void begin(Asking asking) {
    Interest interest = asking.interest;
    if ((!connected || interest.silent()) && !interest.awaited()) {
      return; // Asked once there is a path: the change of path says so. Or, when it is not
      // advertised, for each reader.
    }
    Round round = asking.round;
    if (round == null || round.isStale()) {
      end(asking);
      round = new Round(asking, turn.nowNanos());
      asking.round = round;
      asking.unreadable = false;
    }
    ask(round);
  }

  private void ask(Round round) {
    long askId = nextAskId();
    List<Heads> known = reach.named(round.interest);
    round.opened(askId);
    open++;
    asked.put(askId, new Asked(round, turn.nowNanos(), known));
    round.askedNanos = turn.nowNanos();
    long wait = wait(round);
    round.deadlineNanos = turn.nowNanos() + wait + random.nextLong(1 + wait / 4);
    long most = round.interest.prefix() ? PATIENCE : MOST_PARTS;
    round.latestNanos = turn.nowNanos() + Math.max(wait, most * config.timeoutNanos());
    deadlines.add(new Deadline(round.deadlineNanos, askId, round));
    alarm.by(round.deadlineNanos);
    if (connected) {
      counters.count(Counters.Count.ASKS);
      NodeId holder = round.progress.holder();
      long tag = holder == null ? round.tag() : Tags.inbox(holder);
      turn.toTree(new Event.Ask(askId, tag, sealing.ask(askId, tag, known, question(round))));
    }
  }

  /// A number for a question that somebody else of this store asks.
  public long nextAskId() {
    return ++lastAskId;
  }

  /// How long an answer may take that nobody waits for, the first time it is asked for.
  public long patienceNanos() {
    return config.timeoutNanos() * PATIENCE;
  }

  /// A first piece takes as long over a slow link as any other.
  private long wait(Round round) {
    if (round.progress.holder() != null) {
      return pieceSize.waitNanos();
    }
    boolean hurried = round.asking.isHurried();
    long wait = wait(round.asking, hurried ? round.asking.tries - PROMPT : round.patientlyAsked);
    round.patientlyAsked += hurried ? 0 : 1;
    return round.interest.prefix() ? Math.max(wait, pieceSize.waitNanos()) : wait;
  }

  private long wait(Asking asking, int doublings) {
    long wait = asking.isHurried() ? times.timeoutNanos() : patienceNanos();
    return wait << Math.clamp(doublings, 0, MAX_DOUBLINGS);
  }

  private Bytes question(Round round) {
    Interest interest = round.interest;
    RoundProgress progress = round.progress;
    if (progress.holder() != null) {
      return new Question.OfRest(
              interest.name, pieceSize.bytes(), progress.first(), progress.after())
          .encoded();
    }
    Checksums checksums = interest.checksums;
    if (checksums != null) {
      long[] held = checksums.count() == 0 ? new long[0] : checksums.folded(checksums.bits());
      return new Question.OfPrefix(interest.name, pieceSize.bytes(), progress.done(), held)
          .encoded();
    }
    return new Question.OfKey(
            interest.name, clock.version(Entry.newestOf(holdings.find(interest.tag))))
        .encoded();
  }

  // What becomes of it.

  /// How long an answer to that question that has just come was on its way here, more or less: half of the shortest trip of
  /// its round, as a question visits one holder after the other. 0 if nobody here waits for it any more.
  ///
  /// @param waitedNanos for how long the question waited where it was answered
  public long wayNanos(long askId, long waitedNanos) {
    Asked question = asked.get(askId);
    if (question == null) {
      return 0;
    }
    Round round = question.round();
    long trip = Math.max(0, turn.nowNanos() - question.atNanos() - waitedNanos);
    round.shortestTripNanos = Math.min(round.shortestTripNanos, trip);
    return round.shortestTripNanos / 2;
  }

  /// An answer came of which nothing can be read here yet, not even who has given it.
  public void onUnread(Message.AnycastAnswer answer) {
    Asked question = asked.get(answer.id());
    if (question != null) {
      question.round().unread = true;
      if (answer.completeness() != Message.AnycastAnswer.Completeness.PARTIAL) {
        unreadable(question.round()); // The question has ended with this.
      }
    }
  }

  /// Takes an answer whose records have been merged.
  ///
  /// @param unread whether there was more in it than can be read here yet
  public void onAnswered(Sealing.Heard heard, boolean unread) {
    Message.AnycastAnswer answer = heard.answer();
    Asked question = asked.get(answer.id());
    if (question == null) {
      return;
    }
    Round round = question.round();
    round.unread |= unread;
    boolean settled = answer.completeness() == Message.AnycastAnswer.Completeness.SETTLED;
    if (round.unread && settled) {
      unreadable(round);
      return;
    }
    if (settled && isBehind(heard, question)) {
      counters.count(Counters.Count.ANSWERS_BEHIND);
      round.incomplete = true;
      next(round);
      return;
    }
    if (!round.interest.prefix()
        && answer.completeness() == Message.AnycastAnswer.Completeness.SETTLED) {
      times.took(turn.nowNanos() - question.atNanos());
    }
    if (!round.interest.prefix()) {
      onAnswered(round, heard);
    } else if (answer.completeness() == Message.AnycastAnswer.Completeness.LOST) {
      round.progress.lost(answer.answerer(), answer.id());
      pieceSize.smaller();
      hasten(round, answer.id());
    } else {
      onPiece(round, heard);
    }
  }

  /// Whether the answerer knows less than was known here when it was asked: of what others write, or of what they seal it with.
  private boolean isBehind(Sealing.Heard heard, Asked question) {
    return heard.epoch() < sealing.epochs().sealing()
        || Reach.isBehind(heard.heads(), question.known());
  }

  private void onAnswered(Round round, Sealing.Heard heard) {
    Message.AnycastAnswer answer = heard.answer();
    switch (answer.completeness()) {
      case PARTIAL -> putOff(round);
      case MORE -> {} // Of a key there is no more. The question may have ended with this; if so it
      // is asked again.
      case LOST -> round.interest.unsettle(); // So that no answer of this round counts.
      case SETTLED -> finish(round, heard);
      case EXHAUSTED -> next(round);
      case UNKNOWN -> {
        round.incomplete = true;
        if (!isOwn(answer)) {
          heard(round, answer);
        }
        next(round);
      }
    }
  }

  /// An answer about a prefix, or a piece of one.
  private void onPiece(Round round, Sealing.Heard heard) {
    Message.AnycastAnswer answer = heard.answer();
    RoundProgress progress = round.progress;
    long bytes = bytes(answer.records());
    if (round.isOpen(answer.id()) && bytes > 0) {
      pieceSize.took(bytes, turn.nowNanos() - round.askedNanos);
    }
    switch (answer.completeness()) {
      case PARTIAL -> {
        progress.all(answer.answerer());
        putOff(round);
      }
      case MORE -> {
        if (!answer.records().isEmpty()
            && progress.piece(answer.answerer(), answer.id(), lastTag(answer.records()))) {
          round.asking.tries = 0;
          goOn(round);
        }
      }
      case SETTLED -> {
        if (progress.hasLost(answer.id())) {
          goOn(round);
        } else {
          finish(round, heard);
        }
      }
      case EXHAUSTED, UNKNOWN -> {
        if (!isOwn(answer)) {
          onHearsay(round, answer);
          return;
        }
        boolean rest = round.isToHolder(answer.id());
        if (rest) {
          progress.leaveHolder();
        }
        if (rest || progress.hasLost(answer.id()) || progress.holder() != null) {
          goOn(round);
        } else {
          round.incomplete |= answer.completeness() == Message.AnycastAnswer.Completeness.UNKNOWN;
          next(round);
        }
      }
      case LOST -> throw new IllegalStateException("no piece");
    }
  }

  /// A holder has just asked all others in vain. What it holds is taken, and others are asked only if somebody waits.
  private void onHearsay(Round round, Message.AnycastAnswer answer) {
    boolean lost = round.progress.hasLost(answer.id());
    if (!lost) {
      round.progress.all(answer.answerer());
    }
    boolean another = !round.progress.isFull() && round.interest.awaited();
    if (lost || another) {
      goOn(round);
    } else {
      round.incomplete = true;
      heard(round, answer);
      next(round);
    }
  }

  /// What is passed on grows older with each who does so: by less than its age on the way, but not without end.
  private void heard(Round round, Message.AnycastAnswer answer) {
    long agoNanos = Integer.toUnsignedLong(answer.agoMillis()) * 1_000_000;
    round.askedAllNanos =
        Math.min(round.askedAllNanos, turn.nowNanos() - agoNanos - config.timeoutNanos() / HEARERS);
  }

  /// Whether our own node says so, and not a holder.
  private static boolean isOwn(Message.AnycastAnswer answer) {
    return answer.answerer().equals(answer.origin());
  }

  /// Asks on: what was asked before is answered as far as it is.
  private void goOn(Round round) {
    withdraw(round);
    ask(round);
  }

  private void putOff(Round round) {
    long later = Math.min(turn.nowNanos() + config.timeoutNanos(), round.latestNanos);
    round.deadlineNanos = Math.max(round.deadlineNanos, later);
  }

  /// The answer may have been all there was to come.
  private void hasten(Round round, long askId) {
    if (round.isOpen(askId)) {
      round.deadlineNanos =
          Math.min(round.deadlineNanos, turn.nowNanos() + config.timeoutNanos() / 4);
      deadlines.add(new Deadline(round.deadlineNanos, askId, round));
      alarm.by(round.deadlineNanos);
    }
  }

  private static long bytes(List<Record> records) {
    long bytes = 0;
    for (Record record : records) {
      bytes += record.payload().size();
    }
    return bytes;
  }

  /// The tag of the last record's key; that of none if it is malformed.
  private long lastTag(List<Record> records) {
    try {
      return names.keyTag(UpdatePayload.parse(records.getLast().payload()).key());
    } catch (IllegalArgumentException _) {
      return Long.MIN_VALUE;
    }
  }

  private void next(Round round) {
    withdraw(round);
    if (round.next()) {
      ask(round);
    } else if (round.unread) {
      unreadable(round);
    } else if (round.incomplete) {
      incomplete(round);
    } else {
      finish(round, onRoutersWordMillis(round.interest));
    }
  }

  /// Routers say that all have been asked. Who follows a prefix knows of what is written from now on, once everybody has heard that it
  /// does; who follows a key alone claims nothing by that: it was asked for because somebody wanted to know of what was before.
  private long onRoutersWordMillis(Interest interest) {
    return interest.prefix() ? clock.millis() + HEARD_OF_MILLIS : Sealing.NEVER;
  }

  /// Not everybody could be asked: again after a pause, whoever waits.
  private void incomplete(Round round) {
    Interest interest = round.interest;
    Asking asking = round.asking;
    counters.count(Counters.Count.ASKS_INCOMPLETE);
    end(asking);
    asking.tries = 0;
    asking.incomplete = true;
    asking.askedAllNanos = Math.min(round.askedAllNanos, turn.nowNanos());
    outcome.incomplete(interest);
    long timeout = config.timeoutNanos();
    long pause = interest.awaited() ? timeout / 2 : 2 * timeout;
    asking.pausedUntilNanos = turn.nowNanos() + pause;
    eventually(List.of(interest), asking.pausedUntilNanos, Trickle.INTERVAL_NANOS);
  }

  /// Others hold what cannot be read here yet: whoever waits is told what there is, and it is asked for again.
  private void unreadable(Round round) {
    Interest interest = round.interest;
    end(round.asking);
    round.asking.tries = 0;
    round.asking.unreadable = true;
    outcome.incomplete(interest);
    long pause = (interest.awaited() ? 1 : 4) * config.timeoutNanos();
    round.asking.pausedUntilNanos = turn.nowNanos() + pause;
    eventually(List.of(interest), round.asking.pausedUntilNanos, Trickle.INTERVAL_NANOS);
  }

  /// Somebody to whom nothing is missing has answered.
  private void finish(Round round, Sealing.Heard heard) {
    if (!round.isStale()) {
      reach.learned(round.interest, heard.heads());
    }
    finish(round, heard.sinceMillis());
  }

  /// @param sinceMillis since when nothing was missed
  private void finish(Round round, long sinceMillis) {
    Interest interest = round.interest;
    end(round.asking);
    round.asking.tries = 0;
    if (!round.isStale()) {
      interest.settle(sinceMillis);
      round.asking.incomplete = false;
      forgetIfIdle(round.asking);
      outcome.settled(interest);
      return;
    }
    outcome.late(interest);
    if (round.asking.isHurried()) {
      soon(interest);
    } else {
      eventually(List.of(interest), turn.nowNanos(), Trickle.INTERVAL_NANOS);
    }
  }

  private void end(Asking asking) {
    if (asking.round != null) {
      withdraw(asking.round);
      asking.round = null;
    }
  }

  private void withdraw(Round round) {
    if (round.isOpen()) {
      open--;
    }
    for (long askId : round.withdraw()) {
      asked.remove(askId);
    }
  }

  public void onOverdueTimer(long generation) {
    if (!alarm.fired(generation)) {
      return;
    }
    long now = turn.nowNanos();
    Deadline next = deadlines.peek();
    while (next != null && next.atNanos() <= now) {
      deadlines.remove();
      Round round = next.round();
      if (next.askId() == 0) {
        outcome.late(round.interest);
      } else if (round.isOpen(next.askId())) {
        if (round.deadlineNanos > now) {
          deadlines.add(new Deadline(round.deadlineNanos, next.askId(), round));
        } else {
          unanswered(round);
        }
      }
      next = deadlines.peek();
    }
    if (next != null) {
      alarm.by(next.atNanos());
    }
  }

  private void unanswered(Round round) {
    counters.count(Counters.Count.ASK_TIMEOUTS);
    open--;
    asked.remove(round.overdue());
    Interest interest = round.interest;
    if (interest.prefix()) {
      pieceSize.smaller();
      round.progress.missed(MOST_MISSED);
    }
    Asking asking = round.asking;
    asking.tries++;
    if (asking.tries < config.tries()) {
      begin(asking);
      if (asking.tries >= FRESH_TRIES) {
        outcome.slow(interest);
      }
      return;
    }
    outcome.unanswered(interest);
    asking.tries = 0;
    if (connected) {
      eventually(List.of(interest), turn.nowNanos() + wait(asking, 0), Trickle.INTERVAL_NANOS);
    }
  }
}
