package dev.banyan.store.answering;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Heads;
import dev.banyan.store.Sealing;
import dev.banyan.store.asking.Question;
import dev.banyan.store.holdings.Checksums;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Holdings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.Reach;
import dev.banyan.store.machine.Alarm;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Answers about prefixes, in pieces, each as large as the asker takes it and said when the asker asks for it: so a slow
/// link carries no more of an answer than it can, and what is lost on it is asked for from where the answer stopped. Keys
/// come in ascending order of their tags: of what an asker has received whole buckets of its checksums agree, whoever
/// goes on after that.
///
/// What is remembered of an answer between two pieces is little, and bounded; an asker that was forgotten begins anew,
/// with what it holds by then. Answers take turns, at a pace, and wait while the way up is congested. One says at its end
/// that it is complete only if what was complete when it began stayed so all the time: what a repair brought meanwhile
/// may stand before the place that was reached.
public final class PrefixAnswers {

  /// What a record's tags and numbers count for among those.
  private static final int RECORD_BYTES = 96;

  /// Time between two pieces of that size, over all answers: 25 MB/s. A guess: a fifth of a gigabit link.
  private static final long PACE_NANOS = 10_000_000;

  /// Pieces that wait for their turn. At their pace the last comes before its asker's patience is over.
  public static final int MAX_WAITING = 64;

  /// Answers remembered between two pieces; the one that was not asked for longest gives way.
  static final int MAX_OPEN = 256;

  /// What the questions that wait may weigh, with the ways they have come.
  private static final long MAX_WAITING_BYTES = 4 << 20;

  /// Of those the latest keep the next keys at hand; others look them up again.
  private static final int MAX_RUNS = 16;

  /// Work that takes less is not followed by a pause.
  private static final long LEAST_PAUSE_NANOS = 100_000;

  /// What a key costs that is only looked at. Answers take half of the worker's time at most, whoever asks how often. A
  /// guess: measured on one machine, and doubled.
  private static final long LOOK_NANOS = 100;

  /// Keys looked up at one time for the next pieces of an answer: all that is held under the prefix is gone through for it.
  private static final int RUN = 8_192;

  private final Holdings holdings;
  private final InterestBook interests;
  private final Names names;
  private final Reach reach;
  private final Publisher publisher;
  private final BooleanSupplier congested;
  private final Counters counters;
  private final StoreTurn turn;
  private final Alarm alarm;
  private final ArrayDeque<Due> waiting = new ArrayDeque<>();
  private final Map<Key, Answer> open = new LinkedHashMap<>(16, 0.75f, true);
  private long waitingBytes;

  /// Keys looked at for the piece that is being said.
  private long looks;

  private record Key(NodeId asker, long first) {}

  /// A piece that is to be said.
  private record Due(Arrived asked, Key key, Answer answer, int bytes, long after) {

    /// What it takes in memory, more or less.
    long weight() {
      long weight = asked.question().question().size();
      for (Message.Hop hop : asked.question().path()) {
        weight += 64L + 24L * hop.tried().size();
      }
      return weight;
    }
  }

  private static final class Answer {
    final String prefix;

    /// The checksums of what the asker holds; empty once they are compared with what is held here, and if it holds nothing.
    long[] theirs;

    /// The buckets that differ, or empty for all.
    boolean[] differs = {};

    /// What makes it complete, if anything did when it began, and how often that had been in doubt by then.
    final @Nullable Interest complete;

    final long doubts;

    /// How long ago all had been asked in vain when it began; -1 if they had not.
    final int inVainMillis;

    /// The next keys, in ascending order of their tags, and the tag after which they come.
    List<Entry> run = List.of();

    long runAfter;
    int at;

    /// Whether there are others after these.
    boolean runIsLast;

    Answer(String prefix, long[] theirs, @Nullable Interest complete, int inVainMillis) {
      this.prefix = prefix;
      this.theirs = theirs;
      this.complete = complete;
      this.doubts = complete == null ? 0 : complete.doubts();
      this.inVainMillis = inVainMillis;
    }

    /// What becomes of the question when all is said.
    Event.Answer.Verdict verdict() {
      if (isComplete()) {
        return Event.Answer.Verdict.SETTLED;
      }
      return inVainMillis >= 0 ? Event.Answer.Verdict.UNKNOWN : Event.Answer.Verdict.GOES_ON;
    }

    boolean isComplete() {
      return complete != null
          && complete.doubts() == doubts
          && complete.whole()
          && !complete.gone();
    }

    /// Since when nothing was missed of what is complete.
    long sinceMillis() {
      return complete == null ? Sealing.NEVER : complete.followedSinceMillis();
    }

    boolean wants(Entry entry) {
      int bits = Integer.numberOfTrailingZeros(differs.length);
      return differs.length == 0 || differs[Checksums.bucket(entry.tag, bits)];
    }
  }

  /// @param congested whether what is sent now would wait behind what was sent before
  public PrefixAnswers(
      Holdings holdings,
      InterestBook interests,
      Names names,
      Reach reach,
      Publisher publisher,
      BooleanSupplier congested,
      Counters counters,
      StoreTurn turn) {
    this.holdings = holdings;
    this.interests = interests;
    this.names = names;
    this.reach = reach;
    this.publisher = publisher;
    this.congested = congested;
    this.counters = counters;
    this.turn = turn;
    this.alarm = new Alarm(StoreTimer.ANSWER, turn);
  }

  /// Begins an answer, at once or when it is its turn.
  ///
  /// @param complete an interest that makes what is held of the prefix complete
  /// @param inVainMillis how long ago all who could be asked about the prefix were, and not all could be; -1 if not lately
  void begin(
      Arrived asked, Question.OfPrefix question, @Nullable Interest complete, int inVainMillis) {
    Answer answer = new Answer(question.name(), question.checksums(), complete, inVainMillis);
    Key key = new Key(asked.question().origin(), asked.question().id());
    answer(new Due(asked, key, answer, question.bytes(), Long.MIN_VALUE));
  }

  /// Says the next piece, or gives the question back if the answer is not remembered.
  void goOn(Arrived asked, Question.OfRest question) {
    Key key = new Key(asked.question().origin(), question.first());
    Answer answer = open.get(key);
    if (answer == null || !answer.prefix.equals(question.name())) {
      turn.toTree(new Event.Answer(asked.question(), Event.Answer.Verdict.GOES_ON, List.of()));
      return;
    }
    answer(new Due(asked, key, answer, question.bytes(), question.after()));
  }

  private void answer(Due due) {
    if (waiting.isEmpty() && !alarm.isSet() && !congested.getAsBoolean()) {
      say(due);
      return;
    }
    // Who asks for the same again has not had it, and wants it once.
    waiting.removeIf(other -> {
      boolean same = other.key().equals(due.key());
      waitingBytes -= same ? other.weight() : 0;
      return same;
    });
    if (waiting.size() == MAX_WAITING || waitingBytes + due.weight() > MAX_WAITING_BYTES) {
      counters.count(Counters.Count.ANSWERS_DROPPED); // The asker asks again.
      return;
    }
    waiting.add(due);
    waitingBytes += due.weight();
    alarm.by(turn.nowNanos() + PACE_NANOS);
  }

  public void onTimer(long generation) {
    if (!alarm.fired(generation) || waiting.isEmpty()) {
      return;
    }
    if (congested.getAsBoolean()) {
      alarm.by(turn.nowNanos() + PACE_NANOS);
      return;
    }
    Due next = waiting.remove();
    waitingBytes -= next.weight();
    say(next);
  }

  private void say(Due due) {
    Answer answer = due.answer();
    long most = Math.clamp(due.bytes(), 1, Question.MAX_PIECE_BYTES);
    looks = 0;
    compare(answer);
    find(answer, due.after());
    List<Write> writes = new ArrayList<>();
    long bytes = 0;
    boolean full = false;
    while (!full && hasNext(answer)) {
      Entry entry = answer.run.get(answer.at);
      int size = RECORD_BYTES + entry.newest().record.payload().size();
      full = !writes.isEmpty() && bytes + size > most;
      if (!full) {
        answer.at++;
        if (holdings.find(entry.tag) == entry) {
          writes.add(entry.newest());
          bytes += size;
        }
      }
    }
    Event.Answer.Verdict verdict = full ? Event.Answer.Verdict.MORE : answer.verdict();
    if (full) {
      remember(due.key(), answer);
    } else {
      open.remove(due.key());
    }
    boolean settled = verdict == Event.Answer.Verdict.SETTLED;
    turn.toTree(
        publisher.answer(
            due.asked().question(),
            verdict,
            writes,
            due.asked().atNanos(),
            Math.max(0, answer.inVainMillis),
            settled ? answer.sinceMillis() : Sealing.NEVER,
            settled ? heads(answer, due.asked()) : Heads.NONE));
    // Also after the last, so that the next question finds the pace kept.
    long pace =
        full || !waiting.isEmpty() ? PACE_NANOS * Math.max(1, bytes / Question.MAX_PIECE_BYTES) : 0;
    long pause = Math.max(pace, looks * LOOK_NANOS);
    if (pause >= LEAST_PAUSE_NANOS) {
      alarm.by(turn.nowNanos() + pause);
    }
  }

  private Heads heads(Answer answer, Arrived asked) {
    return answer.complete == null
        ? Heads.NONE
        : reach.shown(answer.complete, asked.known(), names.prefixTag(answer.prefix));
  }

  /// Finds the buckets in which the asker holds something else; none if it holds nothing.
  private void compare(Answer answer) {
    long[] theirs = answer.theirs;
    answer.theirs = new long[0];
    if (theirs.length == 0) {
      return;
    }
    long[] mine = checksums(answer.prefix).folded(Integer.numberOfTrailingZeros(theirs.length));
    answer.differs = new boolean[theirs.length];
    for (int bucket = 0; bucket < theirs.length; bucket++) {
      answer.differs[bucket] = mine[bucket] != theirs[bucket];
    }
  }

  private Checksums checksums(String prefix) {
    Interest interest = interests.get(names.prefixTag(prefix));
    if (interest != null && interest.checksums != null) {
      return interest.checksums;
    }
    Checksums held = new Checksums();
    holdings.under(
        prefix,
        entry -> {
          looks++;
          held.added(entry.tag, entry.versionHash());
        });
    return held;
  }

  private void remember(Key key, Answer answer) {
    open.put(key, answer);
    if (open.size() > MAX_OPEN) {
      open.remove(open.keySet().iterator().next());
    }
    int older = open.size() - MAX_RUNS;
    for (Answer each : open.values()) {
      if (older-- <= 0) {
        return;
      }
      each.run = List.of();
    }
  }

  /// Whether there is another key to answer.
  private boolean hasNext(Answer answer) {
    while (answer.at == answer.run.size() && !answer.runIsLast) {
      look(answer, answer.run.getLast().tag);
    }
    return answer.at < answer.run.size();
  }

  /// Goes to the first key behind that tag, or behind none.
  private void find(Answer answer, long after) {
    if (answer.run.isEmpty() || after < answer.runAfter) {
      look(answer, after);
      return;
    }
    answer.at = 0;
    while (answer.at < answer.run.size() && answer.run.get(answer.at).tag <= after) {
      answer.at++;
    }
  }

  /// Looks up the next keys behind that tag.
  private void look(Answer answer, long after) {
    PriorityQueue<Entry> lowest =
        new PriorityQueue<>(Comparator.comparingLong((Entry entry) -> entry.tag).reversed());
    answer.runIsLast = true;
    for (Entry entry : holdings.from(answer.prefix, true)) {
      if (!entry.key.startsWith(answer.prefix)) {
        break;
      }
      looks++;
      if (entry.tag > after && answer.wants(entry)) {
        lowest.add(entry);
        if (lowest.size() > RUN) {
          lowest.remove();
          answer.runIsLast = false;
        }
      }
    }
    List<Entry> run = new ArrayList<>(lowest);
    run.sort(Comparator.comparingLong(entry -> entry.tag));
    answer.run = run;
    answer.runAfter = after;
    answer.at = 0;
  }
}
