package dev.banyan.store.worker;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Group;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.WallClock;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Tagger;
import dev.banyan.store.machine.StoreTimer;
import dev.banyan.store.write.Names;
import java.util.ArrayDeque;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A worker: the replicated key-value store around a node of the tree (§1.1, §2), both in one process.
///
/// It takes the driver's events and [StoreCommand]s; it gives the driver's effects and [StoreOutcome]s. This is the one place
/// where [TreeNode] and [Store] meet: it carries the node's upcalls up and the store's events down, in order, and neither
/// knows the other. Of the upcalls those come out that say something to a layer further up ([Effect.Connected],
/// [Effect.Task], [Effect.Result]); the store uses up the rest.
public final class Worker extends ReplicaView implements Machine {

  private final TreeNode tree;
  private final ArrayDeque<Event> toTree;
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
    this(
        tree,
        new ArrayDeque<>(),
        toTree ->
            new Store(
                tree.identity(), wall, config, session, tagger, sealing, random, toTree::add));
  }

  private Worker(
      TreeNode tree, ArrayDeque<Event> toTree, Function<ArrayDeque<Event>, Store> store) {
    super(store.apply(toTree));
    this.tree = tree;
    this.toTree = toTree;
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
}
