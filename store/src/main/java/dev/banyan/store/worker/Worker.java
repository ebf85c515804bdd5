package dev.banyan.store.worker;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.KeyTag;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.Version;
import dev.banyan.store.holdings.Entry;
import dev.banyan.store.interest.Interest;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.write.Names;
import dev.banyan.store.write.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A worker: the replicated key-value store around a node of the tree (§1.1, §2), both in one process.
///
/// It takes the driver's events and [StoreCommand]s; it gives the driver's effects and [StoreOutcome]s. This is the one place
/// where [TreeNode] and [Store] meet: it carries the node's upcalls up and the store's events down, in order, and neither
/// knows the other. Of the upcalls those come out that say something to a layer further up ([Effect.Connected],
/// [Effect.Task], [Effect.Result]); the store uses up the rest.
public final class Worker implements Machine {

  private final TreeNode tree;
  private final Store store;
  private final ArrayDeque<Event> toTree = new ArrayDeque<>();
  private final Effects fromTree = new Effects();

  /// How many of the effects from the tree have been taken.
  private int taken;

  /// @param wall this machine's time of day: the one that the node has
  /// @param session 128 fresh random bits: this life of the writer
  /// @param tagger shared by the group, as is [StoreConfig#prefixLevels]
  /// @param random this worker's own seeded generator: spreads its digests and questions
  public Worker(
      TreeNode tree,
      WallClock wall,
      StoreConfig config,
      Session session,
      Tagger tagger,
      Sealing sealing,
      RandomGenerator random) {
    this.tree = tree;
    store = new Store(tree.identity(), wall, config, session, tagger, sealing, random, toTree::add);
  }

  /// What a worker's node must say of it ([dev.banyan.protocol.Identity#group]): those with another tag key, other levels
  /// of prefixes or another time for tombstones cannot be in the same tree.
  public static Group group(Tagger tagger, StoreConfig config) {
    return new Group(
        Names.check(tagger), config.prefixLevels(), config.tombstoneNanos() / 1_000_000);
  }

  @Override
  public void handle(Event event, long nowNanos, Effects effects) {
    try {
      store.begin(nowNanos, effects);
      take(event);
      settle(nowNanos, effects);
      if (store.noteTouch()) {
        settle(nowNanos, effects);
      }
    } catch (RuntimeException | Error failure) {
      settleAfter(failure, nowNanos, effects);
      throw failure;
    }
  }

  private void take(Event event) {
    switch (event) {
      case StoreCommand command -> store.on(command);
      case Event.TimerFired(Timer timer) when timer.kind() instanceof StoreTimer kind ->
          store.onTimer(kind, timer.generation());
      case Event.Start start -> {
        toTree.add(start);
        store.onStart();
      }
      case Event.Stop stop -> {
        store.onStop();
        toTree.add(stop);
      }
      case Event.FromDriver other -> toTree.add(other);
      case Event.ChangeLoad change -> store.on(change);
      case Event.Local other -> toTree.add(other);
      case Event.Command other -> toTree.add(other);
    }
  }

  /// Hands the node what the store has for it, and the store what comes of that, until both are quiet.
  private void settle(long nowNanos, Effects effects) {
    do {
      takeFromTree(effects);
      while (!toTree.isEmpty()) {
        tree.handle(toTree.remove(), nowNanos, fromTree);
        takeFromTree(effects);
      }
      store.settle();
    } while (!toTree.isEmpty());
  }

  private void takeFromTree(Effects effects) {
    while (taken < fromTree.size()) {
      switch (fromTree.get(taken++)) {
        case Effect.Upcall upcall -> store.on(upcall);
        case Effect.ForDriver forDriver -> effects.add(forDriver);
        case Effect.Report report -> effects.add(report);
        case Effect.Outcome outcome -> effects.add(outcome);
      }
    }
    fromTree.clear();
    taken = 0;
  }

  /// What the node and the store had decided when one of them threw is carried out all the same: both remember that it
  /// was. If that throws again, what is left for the driver is passed on, and the rest is dropped: nothing of a failed
  /// event is acted on in a later one.
  private void settleAfter(Throwable failure, long nowNanos, Effects effects) {
    try {
      settle(nowNanos, effects);
    } catch (RuntimeException | Error again) {
      if (!again.equals(failure)) { // As when memory is short: the JVM throws one object then.
        failure.addSuppressed(again);
      }
      while (taken < fromTree.size()) {
        if (fromTree.get(taken++) instanceof Effect.ForDriver forDriver) {
          effects.add(forDriver);
        }
      }
      fromTree.clear();
      taken = 0;
      toTree.clear();
    }
  }

  /// The node this worker is wrapped around, for its view and counters.
  public TreeNode tree() {
    return tree;
  }

  /// Whether what is written now would be dropped on its way up: callers should slow down. A write still succeeds here
  /// and reaches the others by repair.
  public boolean congested() {
    return store.isCongestedUpward();
  }

  /// Whether the node has a parent that leads to a root.
  public boolean connected() {
    return store.isConnected();
  }

  /// The store's counters by name, in a fixed order; the node's own are [TreeNode#counters].
  public List<Message.Counter> counters() {
    return store.counters.all();
  }

  /// Which key epochs this worker knows. If nothing is sealed, there are none but 0.
  public Sealing.Epochs epochs() {
    return store.epochs();
  }

  /// Members that have signed two batches with one number, and both of them without their records.
  public List<Sealing.Fork> forks() {
    return store.forks();
  }

  /// What this worker holds, in ascending order of keys, tombstones included. A copy.
  public List<Held> held() {
    List<Held> held = new ArrayList<>(store.holdings.size());
    for (Entry entry : store.holdings.entries()) {
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
    return held.deleted() && store.tombstones.isForgotten(held.version().lamport());
  }

  /// The newest revision held of a key.
  public Optional<Revision> newest(String key) {
    return Optional.ofNullable(store.holdings.find(key)).map(entry -> entry.newest().revision(key));
  }

  /// How many keys this worker holds, tombstones included.
  public int size() {
    return store.holdings.size();
  }

  /// Memory that the store takes.
  ///
  /// @param limitBytes as configured
  /// @param pinnedBytes of keys that cannot be let go: those this worker has to keep, and those that are watched
  public record Memory(long usedBytes, long limitBytes, long pinnedBytes) {}

  /// Memory that the store takes; cheap.
  public long usedBytes() {
    return store.room.usedBytes();
  }

  /// Looks at every key.
  public Memory memory() {
    return new Memory(store.room.usedBytes(), store.room.limitBytes(), store.room.pinnedBytes());
  }

  /// What [Memory#usedBytes] should be, counted from what is there. For tests.
  long countedAnew() {
    return store.room.countedAnew();
  }

  /// Depends on which keys are held at which versions, and on nothing else: equal for equal replicas. Kept up to date
  /// with each write, so that asking is cheap.
  public long digest() {
    return store.holdings.digest();
  }

  /// The tags this worker wants updates of, ascending. Those of keys and of prefixes, and that of the empty prefix if
  /// it wants everything; not those by which it can be asked for what it holds under a prefix.
  public long[] interestTags() {
    return store.interests.sortedTags();
  }

  /// Whether this worker wants updates of the tag, on its own or among everything.
  public boolean wants(long tag) {
    return store.interests.hears(tag);
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
    for (Interest interest : store.interests.all()) {
      if (!interest.watched()) {
        learned++;
      } else {
        explicit++;
      }
    }
    return new Interests(learned, explicit, store.interests.everything() != null);
  }

  /// Whether this worker wants the tag, and has missed no update of it as far as it can know: it is connected, and what
  /// was asked since the last gap or change of path was answered.
  public boolean isSettled(long tag) {
    Interest interest = store.interests.get(tag);
    Interest everything = store.interests.everything();
    return store.isConnected()
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
    return store.names.explained(key);
  }

  /// The tags of a key's records, ascending: its own and those of its declared prefixes.
  public long[] tagsOf(String key) {
    return store.names.recordTags(key);
  }
}
