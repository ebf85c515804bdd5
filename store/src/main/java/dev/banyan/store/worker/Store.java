package dev.banyan.store.worker;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.KeptClock;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.WallClock;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.answering.Answerer;
import dev.banyan.store.answering.Coverage;
import dev.banyan.store.answering.HeldQuestions;
import dev.banyan.store.answering.KeyAnswers;
import dev.banyan.store.answering.LeaverAnswers;
import dev.banyan.store.answering.PrefixAnswers;
import dev.banyan.store.answering.QuestionReader;
import dev.banyan.store.asking.AnswerTimes;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Memtable;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.holdings.WritableHoldings;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
import dev.banyan.store.interest.KnownHeads;
import dev.banyan.store.interest.Reach;
import dev.banyan.store.interest.TagChains;
import dev.banyan.store.leaving.Keeping;
import dev.banyan.store.leaving.Leaving;
import dev.banyan.store.machine.Counters;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.machine.StoreTurn;
import dev.banyan.store.publishing.Publisher;
import dev.banyan.store.replica.Absence;
import dev.banyan.store.replica.Replica;
import dev.banyan.store.replica.Tombstones;
import dev.banyan.store.resync.Repair;
import dev.banyan.store.resync.ReplyPace;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.resync.Spreads;
import dev.banyan.store.room.Allotment;
import dev.banyan.store.room.Fading;
import dev.banyan.store.room.Room;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A worker's replicated key-value store (§1.1, §2), without the node that it is around: it takes users' commands and the
/// node's upcalls, and leaves outcomes and effects for the driver in one list, events for the node in another.
///
/// It asks the node nothing. What it has to know of it (whether it is connected, whether the way up is congested, what time
/// it is in the tree) it was told last, and keeps: so the two can be in different processes, with a channel between them.
/// [Worker] has both in one.
final class Store {

  /// What a worker adds to its load where tasks should go elsewhere.
  private static final int RELUCTANCE = 1_024;

  /// What is heard so soon after waking may have been said before. A guess: longer than the heartbeat timeout.
  private static final long STALE_NANOS = 10_000_000_000L;

  final Names names;
  final Counters counters = new Counters();
  final WritableHoldings holdings;
  final InterestBook interests;
  final Room room;
  final Tombstones tombstones;

  private final boolean root;
  private final Sealing sealing;
  private final StoreTurn turn;
  private final Publisher publisher;
  private final TagChains chains;
  private final Resync resync;
  private final Fetches fetches;
  private final HybridClock clock;
  private final Replica replica;
  private final Answerer answering;
  private final PrefixAnswers prefixAnswers;
  private final Commands commands;
  private final Repair repair;
  private final Rotation rotation;
  private final Fading fading;
  private final Allotment allotment;
  private final Leaving leaving;
  private final Keeping keeping;
  private final Absence absence;
  private final long tombstoneNanos;

  /// What the node told last.
  private final KeptClock treeClock;

  private boolean connected;
  private Effect.CongestedUpward upward = Effect.CongestedUpward.NOT;
  private long forgottenMillis;

  /// Tasks queued here, as the layer above says.
  private int load;

  /// Whether the node was told of more, so that tasks go elsewhere.
  private boolean reluctant;

  /// Whether it was stopped, and has not been in touch since; and when it went on.
  private boolean asleep;

  private long wokeNanos;

  /// Whether the tree's time was known, and by how much it had been corrected, when that was last looked at.
  private boolean clockKnown;

  private long clockCorrectedMillis;

  /// @param identity the node's
  /// @param wall this machine's time of day, as the node goes by it too
  /// @param toTree takes events for the node; they are handled after the one that is at hand
  Store(
      Identity identity,
      WallClock wall,
      StoreConfig config,
      Session session,
      Tagger tagger,
      Sealing sealing,
      RandomGenerator random,
      Consumer<? super Event.Local> toTree) {
    NodeId self = identity.node();
    this.sealing = sealing;
    root = identity.kind() == NodeKind.ROOT;
    turn = new StoreTurn(toTree);
    treeClock = new KeptClock(wall, root);
    names = new Names(tagger, config.prefixLevels());
    long tableSeed = random.nextLong();
    holdings = new Memtable(tableSeed);
    Shelf shelf = new Shelf(tableSeed);
    clock = new HybridClock(treeClock, turn);
    absence = new Absence(treeClock);
    tombstoneNanos = config.tombstoneNanos();
    interests = new InterestBook(names, holdings, turn, tableSeed);
    publisher = new Publisher(self, session, sealing, config.batchNanos(), turn);
    rotation = new Rotation(sealing, counters, turn, this::later);
    KnownHeads heads = new KnownHeads(sealing.proves(), config.batchNanos(), turn);
    chains =
        new TagChains(
            interests, turn, counters, config.resyncing().holeNanos(), this::onHole, tableSeed);
    Reach reach = new Reach(self, session, names, interests, chains, heads, counters);
    AnswerTimes times = new AnswerTimes(config.fetching().timeoutNanos());
    fetches =
        new Fetches(
            config.fetching(),
            times,
            holdings,
            sealing,
            clock,
            names,
            reach,
            counters,
            turn,
            random,
            tableSeed,
            new FetchOutcome());
    Spreads spreads = new Spreads(config.resyncing(), times);
    ReplyPace pace = new ReplyPace(() -> upward, turn);
    resync =
        new Resync(
            holdings, interests, names, clock, fetches, publisher, counters, turn, random, spreads,
            pace);
    Watches watches = new Watches(interests, holdings, turn);
    Withdrawals withdrawals = new Withdrawals(interests, shelf, chains, fetches, resync);
    fading =
        new Fading(
            config.halfLifeNanos(),
            fetches.patienceNanos(),
            self,
            holdings,
            shelf,
            interests,
            chains,
            withdrawals,
            counters,
            turn);
    allotment = new Allotment(self, names, interests, holdings, fading, counters, turn);
    room =
        new Room(
            config.limitBytes(), self, holdings, shelf, interests, chains, publisher, fading, turn);
    tombstones =
        new Tombstones(
            tombstoneNanos, clock, holdings, interests, fading::released, counters, turn);
    replica =
        new Replica(
            config,
            names,
            sealing,
            rotation,
            holdings,
            interests,
            publisher,
            chains,
            heads,
            resync,
            watches,
            fading,
            tombstones,
            shelf,
            self,
            clock,
            counters,
            turn);
    repair =
        new Repair(
            interests,
            resync,
            holdings,
            names,
            self,
            chains,
            fetches,
            counters,
            turn,
            spreads,
            config.resyncing().settleSpreadNanos());
    keeping =
        new Keeping(
            names, sealing, holdings, interests, replica, fetches, fading, room, counters, turn);
    leaving =
        new Leaving(times, self, names, sealing, holdings, publisher, fetches, counters, turn);
    commands =
        new Commands(
            config,
            names,
            holdings,
            shelf,
            interests,
            replica,
            withdrawals,
            watches,
            counters,
            turn,
            fetches,
            fading,
            leaving,
            room,
            allotment,
            learn -> rotation.learn(learn, replica, repair),
            request -> rotation.heads(request, holdings, shelf),
            sealing,
            clock);
    prefixAnswers =
        new PrefixAnswers(
            holdings, interests, names, reach, publisher, () -> upward.congested(), counters, turn);
    KeyAnswers keyAnswers =
        new KeyAnswers(names, holdings, clock, interests, resync, fetches, reach, publisher);
    answering =
        new Answerer(
            self,
            new QuestionReader(sealing, reach, repair, counters),
            new Coverage(names, interests),
            keyAnswers,
            prefixAnswers,
            new LeaverAnswers(keeping, leaving, keyAnswers, publisher, turn),
            new HeldQuestions(tableSeed),
            fetches,
            fading,
            config.resyncing(),
            counters,
            turn);
  }

  private void onHole(long tag) {
    repair.onHole(tag);
  }

  private void later(long[] tags, boolean missed) {
    repair.later(tags, missed);
  }

  /// Ties the knot: commands wait for fetches, and fetches end in commands.
  private final class FetchOutcome implements Fetches.Outcome {
    @Override
    public void settled(Interest interest) {
      commands.settled(interest);
      answering.release(interest);
    }

    @Override
    public void late(Interest interest) {
      answering.release(interest);
    }

    @Override
    public void slow(Interest interest) {
      commands.tellWhatIsHeld(interest);
    }

    @Override
    public void incomplete(Interest interest) {
      commands.tellWhatIsHeld(interest);
      answering.release(interest);
    }

    @Override
    public void unanswered(Interest interest) {
      commands.unanswered(interest);
      answering.release(interest);
    }
  }

  // Each event: begin; then what it is; then settle, until nothing is left for the node nor from
  // it; then noteTouch.

  void begin(long nowNanos, Effects effects) {
    turn.begin(nowNanos, effects);
    noticeSleep(nowNanos);
  }

  void onStart() {
    if (root) {
      connected(true);
    }
  }

  /// What waits is sent; the node is stopped after that.
  void onStop() {
    commands.stop();
    publisher.sendWaiting();
  }

  void on(StoreCommand command) {
    commands.on(command);
  }

  void on(Event.ChangeLoad change) {
    load = change.load();
    tellLoad();
  }

  void onTimer(StoreTimer kind, long generation) {
    switch (kind) {
      case BATCH -> publisher.onTimer(generation);
      case READ -> commands.onReadTimer(generation);
      case FETCH -> fetches.onOverdueTimer(generation);
      case TRICKLE -> fetches.onTrickleTimer(generation);
      case DIGEST -> resync.onDigestTimer(generation);
      case RANGE -> resync.onRangeTimer(generation);
      case REPLY -> resync.onReplyTimer(generation);
      case EARLY -> resync.onEarlyTimer(generation);
      case HOLE -> chains.onTimer(generation);
      case ANSWER -> prefixAnswers.onTimer(generation);
      case REPAIR -> repair.onTimer(generation);
      case FADE -> fading.onTimer(generation);
      case LEAVE -> leaving.onTimer(generation);
      case TOMBSTONE -> tombstones.onTimer(generation);
    }
  }

  /// What the node has to say. Of that it passes on what says something to a layer further up.
  void on(Effect.Upcall upcall) {
    switch (upcall) {
      case Effect.Deliver(var multicast) -> replica.onMulticast(multicast);
      case Effect.Missed missed -> repair.onMissed(missed);
      case Effect.MayWant said -> allotment.onMayWant(said);
      case Effect.Moved _ -> repair.announceOwnWrites();
      case Effect.Question(var anycast) -> answering.onQuestion(anycast);
      case Effect.Answered(var carried) -> onAnswered(carried);
      case Effect.CongestedUpward now -> upward = now;
      case Effect.TreeTime time ->
          treeClock.take(time.millis(), time.backMillis(), turn.nowNanos());
      case Effect.Forgotten(long untilMillis) -> forgottenMillis = untilMillis;
      case Effect.Connected change -> {
        connected(change.connected());
        turn.pass(change);
      }
      case Effect.Task(var task) when task.elsewhere() -> {
        if (task.returned()) {
          leaving.onReturned(task);
        } else {
          keeping.onTask(task, leaving.isUnderWay());
        }
      }
      case Effect.Task task -> turn.pass(task);
      case Effect.Result(var result) when leaving.onResult(result) -> {}
      case Effect.Result result -> turn.pass(result);
    }
  }

  private void onAnswered(Message.AnycastAnswer carried) {
    rotation.takeUnread();
    Optional<Sealing.Heard> heard = sealing.heard(carried, rotation);
    boolean unread = rotation.takeUnread();
    if (heard.isPresent()) {
      onHeard(heard.get(), unread);
    } else if (unread) {
      fetches.onUnread(carried);
    }
  }

  private void onHeard(Sealing.Heard heard, boolean unread) {
    Message.AnycastAnswer answer = heard.answer();
    replica.onAnswer(answer.records(), waited -> fetches.wayNanos(answer.id(), waited));
    if (!leaving.onAnswered(answer)) {
      fetches.onAnswered(heard, unread);
    }
  }

  /// Nothing else of the event is left: what was gathered on the way is done now, and may be more for the node.
  void settle() {
    settleRoom();
    followClock(turn.nowNanos());
    publisher.endOfEvent();
    fetches.endOfEvent();
  }

  /// Whoever leaves, or may have no room, is no good place for tasks: it says that many are queued.
  private void tellLoad() {
    turn.toTree(new Event.ChangeLoad(load + (reluctant ? RELUCTANCE : 0)));
  }

  private void settleRoom() {
    if (room.isOver()) {
      commands.settleRoom();
    }
    boolean now = leaving.isUnderWay() || room.isTight();
    if (now != reluctant) {
      reluctant = now;
      tellLoad();
    }
  }

  /// A process that was stopped does not know yet that its connections are gone, and may be asked by what came on them. It
  /// stands for nothing until it has heard what was forgotten meanwhile.
  private void noticeSleep(long nowNanos) {
    if (connected && !root && !asleep && absence.isLongerThan(tombstoneNanos, nowNanos)) {
      asleep = true;
      wokeNanos = nowNanos;
      replica.doubt(absence, Long.MAX_VALUE);
      repair.onPathChanged();
    }
  }

  /// While the parent is heard this worker is in touch with the tree, unless it turns out that it, or its machine, slept.
  ///
  /// @return whether anything follows from that: the event is not over then
  boolean noteTouch() {
    long nowNanos = turn.nowNanos();
    if (!connected || root || treeClock.heardAtNanos() != nowNanos) {
      return false;
    }
    if (asleep && nowNanos - wokeNanos < STALE_NANOS) {
      return false;
    }
    if (!absence.wasLongerThan(tombstoneNanos, nowNanos)) {
      absence.inTouch(nowNanos);
      return false;
    }
    backInTouch(nowNanos);
    repair.onPathChanged();
    return true;
  }

  private void backInTouch(long nowNanos) {
    if (absence.wasLongerThan(tombstoneNanos, nowNanos)) {
      replica.doubt(absence, forgottenMillis);
    }
    asleep = false;
    absence.inTouch(nowNanos);
  }

  /// The node has heard what time it is in the tree.
  private void followClock(long nowNanos) {
    if (!clockKnown && treeClock.known()) {
      clockKnown = true;
      replica.clockLearned(treeClock.millisAt(nowNanos) - treeClock.wallMillisAt(nowNanos));
    }
    long correctedMillis = treeClock.correctedMillis() - clockCorrectedMillis;
    if (correctedMillis != 0) {
      clockCorrectedMillis += correctedMillis;
      replica.clockCorrected(correctedMillis);
    }
  }

  private void connected(boolean now) {
    if (connected != now) {
      connected = now;
      commands.connected(now);
      fetches.connected(now);
      resync.connected(now);
      fading.connected(now);
      leaving.connected(now);
      tombstones.connected(now);
      if (now) {
        followClock(turn.nowNanos());
        backInTouch(turn.nowNanos());
        repair.onPathChanged();
      } else {
        absence.noticed(turn.nowNanos());
      }
    }
  }

  Sealing.Epochs epochs() {
    return sealing.epochs();
  }

  List<Sealing.Fork> forks() {
    return sealing.forks();
  }

  boolean isConnected() {
    return connected;
  }

  boolean isCongestedUpward() {
    return upward.congested();
  }
}
