package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.FalseMarks;
import dev.banyan.sim.hostile.Forgery;
import dev.banyan.sim.hostile.GreedyPruner;
import dev.banyan.sim.hostile.HoldingBack;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.hostile.Mood;
import dev.banyan.sim.hostile.Mutation;
import dev.banyan.sim.hostile.TwoHistories;
import dev.banyan.sim.hostile.Withholding;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.Written;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// All routers lie, each in its way or all in one (§5.2): they change what they pass on, drop it, cut away what is wanted, mix up its order, keep it back for minutes,
/// tell two halves of the tree two histories, forge answers, gaps and heartbeats.
///
/// Whatever a worker holds was written so, by a member, under that key, at all times. Nobody crashes, and nobody grows. And once the routers have ceased to lie and
/// everybody has written once more, all replicas are equal.
///
/// @param lie what all of them do; empty for a choice by lot, for each of them
/// @param sealed false to see what happens in clear
public record MutantRouters(Optional<Lie> lie, boolean sealed) implements Scenario {

  /// By lot.
  public static final MutantRouters ANY = new MutantRouters(Optional.empty(), true);

  /// They flip bits, cut off, splice, swap payloads between tags, and repeat.
  public static final MutantRouters CHANGING = new MutantRouters(Optional.of(Lie.CHANGE), true);

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int ROUTERS = 3;
  private static final int WORKERS = 8;
  private static final int ROUNDS = 100;
  private static final int KEYS = 6;
  private static final long MOST_BYTES = 1 << 20;

  /// What a router may do.
  public enum Lie {
    CHANGE,
    DROP_ONE_TAG,
    DROP_AT_RANDOM,
    CUT_AWAY,
    REORDER,
    DELAY,
    TWO_HISTORIES,
    FORGE_ANSWERS,
    FORGE_MARKS;

    Liar.Lie told(Mood mood) {
      return switch (this) {
        case CHANGE -> new Mutation(mood);
        case DROP_ONE_TAG -> Withholding.ofOneTag(mood);
        case DROP_AT_RANDOM -> Withholding.atRandom(mood);
        case CUT_AWAY -> GreedyPruner.nothingElse();
        case REORDER -> HoldingBack.reordering(mood);
        case DELAY -> HoldingBack.forMinutes(mood);
        case TWO_HISTORIES -> new TwoHistories(mood);
        case FORGE_ANSWERS -> new Forgery(mood);
        case FORGE_MARKS -> new FalseMarks(mood);
      };
    }
  }

  @Override
  public String name() {
    return lie.isEmpty() ? "mutant-routers" : "mutant-routers-" + kind();
  }

  private String kind() {
    return lie.map(Lie::name).orElse("any").toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String title() {
    return "routers lie: " + kind();
  }

  @Override
  public void play(Run run) {
    Supplier<MemoCrypto> cryptos = MemoCrypto.shared();
    LocalGroup group = new LocalGroup(cryptos, run.random().split());
    Pruner pruner = new BatchPruner(cryptos.get());
    Mood mood = new Mood(run.random().split());
    run.start(NodeSpec.pruning(NodeKind.ROOT, CONFIG, pruner));
    for (int i = 0; i < ROUTERS; i++) {
      Lie told = lie.orElse(Lie.values()[run.random().nextInt(Lie.values().length)]);
      Pruner theirs = told == Lie.CUT_AWAY ? new GreedyPruner(pruner, mood) : pruner;
      run.start(Liar.telling(NodeKind.ROUTER, CONFIG, told.told(mood), theirs));
    }
    run.pass(Duration.ofSeconds(1));
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      SimNode worker =
          run.start(
              sealed
                  ? NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group)
                  : NodeSpec.worker(CONFIG));
      workers.add(worker);
      run.pass(Duration.ofMillis(50));
    }
    run.pass(Duration.ofSeconds(5));
    for (SimNode worker : run.some(workers, WORKERS / 2)) {
      run.cluster().submit(worker, new StoreCommand.Watch(1, "k/", true));
    }
    Written written = new Written(run);
    long held = 0;
    for (int round = 0; round < ROUNDS; round++) {
      act(run, workers, written, round);
      run.pass(Duration.ofMillis(run.random().nextInt(60)));
      held += written.check(workers);
    }
    run.require(held > ROUNDS, "hardly anything came through");
    run.require(mood.told() > 0, "the routers have told no lie");
    mood.ceases();
    repair(run, workers, written);
  }

  private static void act(Run run, List<SimNode> workers, Written written, int round) {
    SimNode worker = workers.get(run.random().nextInt(workers.size()));
    String key = "k/" + run.random().nextInt(KEYS);
    if (round % 3 == 0) {
      run.cluster().submit(worker, new StoreCommand.Get(2L + round, key));
    } else if (round % 3 == 1) {
      written.put(worker, key, "written in round " + round);
    } else {
      List<String> keys = IntStream.range(0, 2 * KEYS).mapToObj(i -> "k/" + i).toList();
      String value = "written in round " + round + ", and longer than what proves it".repeat(5);
      written.putAll(worker, run.some(keys, KEYS), value);
    }
  }

  /// Everybody writes once more under each key, so that everybody sees what it lacks.
  private static void repair(Run run, List<SimNode> workers, Written written) {
    run.pass(Duration.ofSeconds(2));
    for (SimNode worker : workers) {
      for (int key = 0; key < 2 * KEYS; key++) {
        written.put(worker, "k/" + key, "at last by " + worker);
      }
    }
    run.settle();
    written.check(workers);
    run.require(run.replicas().checked() > KEYS, "hardly any replicas were compared");
    for (SimNode node : workers) {
      run.require(
          node.machine instanceof Worker worker && worker.usedBytes() < MOST_BYTES,
          node + " is down, or has grown");
    }
  }
}
