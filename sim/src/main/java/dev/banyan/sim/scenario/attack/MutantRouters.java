package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.hostile.Mutation;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Revision;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// All routers change what they pass on (§5.2): they flip bits, cut off, splice, put one record's payload under another's tags, and say again
/// what was said before. Whatever a worker holds was written so, by a member, under that key.
///
/// @param sealed false to see what happens in clear
public record MutantRouters(boolean sealed) implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int ROUTERS = 3;
  private static final int WORKERS = 9;
  private static final int ROUNDS = 300;

  @Override
  public String name() {
    return "mutant-routers";
  }

  @Override
  public String title() {
    return "routers change what they pass on";
  }

  @Override
  public void play(Run run) {
    Supplier<MemoCrypto> cryptos = MemoCrypto.shared();
    LocalGroup group = new LocalGroup(cryptos, run.random().split());
    Pruner pruner = new BatchPruner(cryptos.get());
    run.start(NodeSpec.pruning(NodeKind.ROOT, CONFIG, pruner));
    List<Mutation> mutants = new ArrayList<>();
    for (int i = 0; i < ROUTERS; i++) {
      Mutation mutant = new Mutation(run.random().split());
      mutants.add(mutant);
      run.start(Liar.telling(NodeKind.ROUTER, CONFIG, mutant, pruner));
    }
    run.pass(Duration.ofSeconds(1));
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(
          run.start(
              sealed
                  ? NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group)
                  : NodeSpec.worker(CONFIG)));
      run.pass(Duration.ofMillis(50));
    }
    run.pass(Duration.ofSeconds(5));
    write(run, workers);
    run.require(
        mutants.stream().mapToLong(Mutation::changed).sum() > ROUNDS / 4,
        "the routers have changed next to nothing");
  }

  private static void write(Run run, List<SimNode> workers) {
    Map<String, Set<String>> written = new HashMap<>();
    long request = 0;
    long held = 0;
    for (int round = 0; round < ROUNDS; round++) {
      SimNode worker = workers.get(run.random().nextInt(workers.size()));
      String key = "k/" + run.random().nextInt(6);
      if (round % 3 == 0) {
        run.cluster().submit(worker, new StoreCommand.Get(++request, key));
      } else {
        String value = "written in round " + round;
        written.computeIfAbsent(key, _ -> new HashSet<>()).add(value);
        run.cluster().submit(worker, new StoreCommand.Put(++request, key, Bytes.utf8(value)));
      }
      run.pass(Duration.ofMillis(run.random().nextInt(60)));
      held += check(run, workers, written);
    }
    run.require(held > ROUNDS, "hardly anything came through");
  }

  /// @return how many values are held that others wrote
  private static long check(Run run, List<SimNode> workers, Map<String, Set<String>> written) {
    long others = 0;
    for (SimNode node : workers) {
      if (node.machine instanceof Worker store) {
        for (Worker.Held held : store.held()) {
          Revision revision = store.newest(held.key()).orElseThrow();
          String value = revision.value().map(Bytes::asUtf8).orElse("(deleted)");
          run.require(
              written.getOrDefault(held.key(), Set.of()).contains(value),
              node + " holds '" + value + "' under '" + held.key() + "', which nobody wrote");
          others += held.version().writer().equals(node.id) ? 0 : 1;
        }
      }
    }
    return others;
  }
}
