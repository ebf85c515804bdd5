package dev.banyan.store.worker;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeClock;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.Version;
import dev.banyan.store.answering.Answerer;
import dev.banyan.store.answering.HeldQuestions;
import dev.banyan.store.answering.PrefixAnswers;
import dev.banyan.store.asking.AnswerTimes;
import dev.banyan.store.asking.Fetches;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.holdings.Memtable;
import dev.banyan.store.holdings.Shelf;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.interest.InterestBook;
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
import dev.banyan.store.resync.Pace;
import dev.banyan.store.resync.Repair;
import dev.banyan.store.resync.Resync;
import dev.banyan.store.resync.Spreads;
import dev.banyan.store.room.Allotment;
import dev.banyan.store.room.Fading;
import dev.banyan.store.room.Room;
import dev.banyan.store.watching.Watches;
import dev.banyan.store.write.HybridClock;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A worker: the replicated key-value store around a node of the tree (§1.1, §2).
///
/// It takes the driver's events and [StoreCommand]s; it gives the driver's effects and [StoreOutcome]s. Of the node's
/// upcalls it passes on those that say something to a layer further up ([Effect.Connected], [Effect.Task], [Effect.Result]), and uses up
/// the rest.
public final class Worker implements Machine {

  /// What a worker adds to its load where tasks should go elsewhere.
  private static final int RELUCTANCE = 1_024;

  /// What is heard so soon after waking may have been said before. A guess: longer than the heartbeat timeout.
  private static final long STALE_NANOS = 10_000_000_000L;

  private final TreeNode tree;
  private final Names names;
  private final StoreTurn turn = new StoreTurn();
  private final Counters counters = new Counters();
  private final Memtable memtable;
  private final Effects fromTree = new Effects();
  private final InterestBook interests;
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
  private final Fading fading;
  private final Allotment allotment;
  private final Room room;
  private final Leaving leaving;
  private final Keeping keeping;
  private final Tombstones tombstones;
  private final Absence absence;
  private final long tombstoneNanos;
  private boolean connected;

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

  /// How many of the effects from the tree have been taken.
  private int taken;

  /// @param session 128 fresh random bits: this life of the writer
  /// @param tagger shared by the group, as is [StoreConfig#prefixLevels]
  /// @param random this worker's own seeded generator: spreads its digests and questions
  public Worker(
      TreeNode tree,
      StoreConfig config,
      Session session,
      Tagger tagger,
      Sealing sealing,
      RandomGenerator random) {
    this.tree = tree;
    names = new Names(tagger, config.prefixLevels());
    long tableSeed = random.nextLong();
    memtable = new Memtable(tableSeed);
    Shelf shelf = new Shelf(tableSeed);
    clock = new HybridClock(tree.clock(), turn);
    absence = new Absence(tree.clock());
    tombstoneNanos = config.tombstoneNanos();
    interests = new InterestBook(names, memtable, turn, tableSeed);
    publisher = new Publisher(tree.identity().node(), session, sealing, config.batchNanos(), turn);
    AnswerTimes times = new AnswerTimes(config.fetching().timeoutNanos());
    fetches =
        new Fetches(
            config.fetching(),
            times,
            memtable,
            sealing,
            clock,
            names,
            counters,
            turn,
            random,
            tableSeed,
            new FetchOutcome());
    Spreads spreads = new Spreads(config.resyncing(), times);
    Pace pace = new Pace(tree::congestedUpward, tree::takesUpward, turn);
    resync =
        new Resync(
            memtable, interests, names, clock, fetches, publisher, counters, turn, random, spreads,
            pace);
    Watches watches = new Watches(interests, memtable, turn);
    chains =
        new TagChains(
            interests, turn, counters, config.resyncing().holeNanos(), this::onHole, tableSeed);
    Withdrawals withdrawals = new Withdrawals(interests, shelf, chains, fetches, resync);
    NodeId self = tree.identity().node();
    fading =
        new Fading(
            config.halfLifeNanos(),
            fetches.patienceNanos(),
            self,
            memtable,
            shelf,
            interests,
            chains,
            withdrawals,
            counters,
            turn);
    allotment = new Allotment(self, names, interests, memtable, fading, counters, turn);
    room =
        new Room(
            config.limitBytes(), self, memtable, shelf, interests, chains, publisher, fading, turn);
    tombstones =
        new Tombstones(
            tombstoneNanos, clock, memtable, interests, fading::released, counters, turn);
    replica =
        new Replica(
            config,
            names,
            sealing,
            memtable,
            interests,
            publisher,
            chains,
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
            memtable,
            self,
            chains,
            fetches,
            counters,
            turn,
            spreads,
            config.resyncing().settleSpreadNanos());
    keeping =
        new Keeping(
            names, sealing, memtable, interests, replica, fetches, fading, room, counters, turn);
    leaving =
        new Leaving(times, self, names, sealing, memtable, publisher, fetches, counters, turn);
    commands =
        new Commands(
            config,
            names,
            memtable,
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
            allotment);
    prefixAnswers =
        new PrefixAnswers(
            memtable, interests, names, publisher, tree::congestedUpward, counters, turn);
    answering =
        new Answerer(
            self,
            prefixAnswers,
            new HeldQuestions(tableSeed),
            names,
            sealing,
            memtable,
            clock,
            interests,
            resync,
            fetches,
            fading,
            keeping,
            leaving,
            publisher,
            config.resyncing(),
            counters,
            turn);
  }

  /// What a worker's node must say of it ([dev.banyan.protocol.Identity#group]): those with another tag key, other levels
  /// of prefixes or another time for tombstones cannot be in the same tree.
  public static Group group(Tagger tagger, StoreConfig config) {
    return new Group(
        Names.check(tagger), config.prefixLevels(), config.tombstoneNanos() / 1_000_000);
  }

  private void onHole(long tag) {
    repair.onHole(tag);
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

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    turn.begin(nowNanos, effects);
    try {
      noticeSleep(nowNanos);
      take(event);
      settle(nowNanos);
      noteTouch(nowNanos);
    } catch (RuntimeException | Error failure) {
      settleAfter(failure, nowNanos);
      throw failure;
    }
  }

  private void take(Event event) {
    switch (event) {
      case StoreCommand command -> commands.on(command);
      case Event.TimerFired(Timer timer) when timer.kind() instanceof StoreTimer kind ->
          onTimer(kind, timer.generation());
      case Event.Start start -> {
        turn.toTree(start);
        if (isRoot()) {
          connected(true);
        }
      }
      case Event.Stop stop -> {
        commands.stop();
        publisher.sendWaiting();
        turn.toTree(stop);
      }
      case Event.FromDriver other -> turn.toTree(other);
      case Event.ChangeLoad change -> {
        load = change.load();
        tellLoad();
      }
      case Event.Local other -> turn.toTree(other);
      case Event.Command other -> turn.toTree(other);
    }
  }

  private void onTimer(StoreTimer kind, long generation) {
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

  /// Hands the node what the store has for it, and the store what comes of that, until both are quiet.
  private void settle(long nowNanos) {
    ArrayDeque<Event> toTree = turn.toTree();
    do {
      takeFromTree();
      while (!toTree.isEmpty()) {
        tree.handle(toTree.remove(), nowNanos, fromTree);
        takeFromTree();
      }
      settleRoom();
      followClock(nowNanos);
      publisher.endOfEvent();
      fetches.endOfEvent();
    } while (!toTree.isEmpty());
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
    if (connected && !isRoot() && !asleep && absence.isLongerThan(tombstoneNanos, nowNanos)) {
      asleep = true;
      wokeNanos = nowNanos;
      replica.doubt(absence, Long.MAX_VALUE);
      repair.onPathChanged();
    }
  }

  /// While the parent is heard this worker is in touch with the tree, unless it turns out that it, or its machine, slept.
  private void noteTouch(long nowNanos) {
    if (!connected || isRoot() || tree.clock().heardAtNanos() != nowNanos) {
      return;
    }
    if (asleep && nowNanos - wokeNanos < STALE_NANOS) {
      return;
    }
    if (!absence.wasLongerThan(tombstoneNanos, nowNanos)) {
      absence.inTouch(nowNanos);
      return;
    }
    backInTouch(nowNanos);
    repair.onPathChanged();
    settle(nowNanos);
  }

  private void backInTouch(long nowNanos) {
    if (absence.wasLongerThan(tombstoneNanos, nowNanos)) {
      replica.doubt(absence, tree.forgottenMillis());
    }
    asleep = false;
    absence.inTouch(nowNanos);
  }

  private boolean isRoot() {
    return tree.identity().kind() == NodeKind.ROOT;
  }

  /// The node has heard what time it is in the tree.
  private void followClock(long nowNanos) {
    TreeClock time = tree.clock();
    if (!clockKnown && time.known()) {
      clockKnown = true;
      replica.clockLearned(time.millisAt(nowNanos) - time.wallMillisAt(nowNanos));
    }
    long correctedMillis = time.correctedMillis() - clockCorrectedMillis;
    if (correctedMillis != 0) {
      clockCorrectedMillis += correctedMillis;
      replica.clockCorrected(correctedMillis);
    }
  }

  private void takeFromTree() {
    while (taken < fromTree.size()) {
      onEffect(fromTree.get(taken++));
    }
    fromTree.clear();
    taken = 0;
  }

  /// What the node and the store had decided when one of them threw is carried out all the same: both remember that it
  /// was. If that throws again, what is left for the driver is passed on, and the rest is dropped: nothing of a failed
  /// event is acted on in a later one.
  private void settleAfter(Throwable failure, long nowNanos) {
    try {
      settle(nowNanos);
    } catch (RuntimeException | Error again) {
      failure.addSuppressed(again);
      while (taken < fromTree.size()) {
        if (fromTree.get(taken++) instanceof Effect.ForDriver forDriver) {
          turn.pass(forDriver);
        }
      }
      fromTree.clear();
      taken = 0;
      turn.toTree().clear();
    }
  }

  private void onEffect(Effect effect) {
    switch (effect) {
      case Effect.Deliver(var multicast) -> replica.onMulticast(multicast);
      case Effect.Missed missed -> repair.onMissed(missed);
      case Effect.MayWant said -> allotment.onMayWant(said);
      case Effect.Moved _ -> repair.announceOwnWrites();
      case Effect.Question(var anycast) -> answering.onQuestion(anycast);
      case Effect.Answered(var answer) -> {
        replica.onAnswer(answer.records());
        if (!leaving.onAnswered(answer)) {
          fetches.onAnswered(answer);
        }
      }
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
      case Effect.ForDriver forDriver -> turn.pass(forDriver);
      case Effect.Report report -> turn.pass(report);
      case Effect.Outcome outcome -> turn.pass(outcome);
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

  /// The node this worker is wrapped around, for its view and counters.
  public TreeNode tree() {
    return tree;
  }

  /// Whether what is written now would be dropped on its way up: callers should slow down. A write still succeeds here
  /// and reaches the others by repair.
  public boolean congested() {
    return tree.congestedUpward();
  }

  /// Whether the node has a parent that leads to a root.
  public boolean connected() {
    return connected;
  }

  /// The store's counters by name, in a fixed order; the node's own are [TreeNode#counters].
  public List<Message.Counter> counters() {
    return counters.all();
  }

  /// What this worker holds, in ascending order of keys, tombstones included. A copy.
  public List<Held> held() {
    List<Held> held = new ArrayList<>(memtable.size());
    for (Entry entry : memtable.entries()) {
      Write newest = entry.newest();
      held.add(new Held(entry.key, newest.version(), newest.deleted(), newest.valueHash()));
    }
    return held;
  }

  /// One held key, for checkers.
  ///
  /// @param valueHash 64 bits that depend on the value alone; 0 for a tombstone
  public record Held(String key, Version version, boolean deleted, long valueHash) {}

  /// Whether this is a tombstone that need not be held any more.
  public boolean forgets(Held held) {
    return held.deleted() && tombstones.isForgotten(held.version().lamport());
  }

  /// The newest revision held of a key.
  public Optional<Revision> newest(String key) {
    return Optional.ofNullable(memtable.find(key)).map(entry -> entry.newest().revision(key));
  }

  /// How many keys this worker holds, tombstones included.
  public int size() {
    return memtable.size();
  }

  /// Memory that the store takes.
  ///
  /// @param limitBytes as configured
  /// @param pinnedBytes of keys that cannot be let go: those this worker has to keep, and those that are watched
  public record Memory(long usedBytes, long limitBytes, long pinnedBytes) {}

  /// Memory that the store takes; cheap.
  public long usedBytes() {
    return room.usedBytes();
  }

  /// Looks at every key.
  public Memory memory() {
    return new Memory(room.usedBytes(), room.limitBytes(), room.pinnedBytes());
  }

  /// What [Memory#usedBytes] should be, counted from what is there. For tests.
  long countedAnew() {
    return room.countedAnew();
  }

  /// Depends on which keys are held at which versions, and on nothing else: equal for equal replicas. Kept up to date
  /// with each write, so that asking is cheap.
  public long digest() {
    return memtable.digest();
  }

  /// The tags this worker wants updates of, ascending. Those of keys and of prefixes, and that of the empty prefix if
  /// it wants everything; not those by which it can be asked for what it holds under a prefix.
  public long[] interestTags() {
    return interests.sortedTags();
  }

  /// Whether this worker wants updates of the tag, on its own or among everything.
  public boolean wants(long tag) {
    return interests.hears(tag);
  }

  /// Why the tags of [#interestTags] are wanted.
  ///
  /// @param learned from use alone: they fade
  /// @param explicit because somebody watches: they do not
  /// @param everything whether everything is among what is watched
  public record Interests(int learned, int explicit, boolean everything) {}

  public Interests interests() {
    int learned = 0;
    int explicit = 0;
    for (Interest interest : interests.all()) {
      if (!interest.watched()) {
        learned++;
      } else {
        explicit++;
      }
    }
    return new Interests(learned, explicit, interests.everything() != null);
  }

  /// Whether this worker wants the tag, and has missed no update of it as far as it can know: it is connected, and what
  /// was asked since the last gap or change of path was answered.
  public boolean isSettled(long tag) {
    Interest interest = interests.get(tag);
    Interest everything = interests.everything();
    return connected
        && (interest != null && interest.whole() || everything != null && everything.whole());
  }

  /// What the tags of a key's records stand for: the key itself first, then its declared prefixes, longest first.
  ///
  /// @throws IllegalArgumentException when it cannot be a key, with one line that says why
  public List<KeyTag> explain(String key) {
    String fault = Names.fault(key);
    if (!fault.isEmpty()) {
      throw new IllegalArgumentException(fault);
    }
    return names.explained(key);
  }

  /// The tags of a key's records, ascending: its own and those of its declared prefixes.
  public long[] tagsOf(String key) {
    return names.recordTags(key);
  }
}
