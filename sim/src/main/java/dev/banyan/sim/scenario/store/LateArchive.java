package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.Version;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A worker that wants everything joins late, while others write, and is cut off for a while; then all others die. A
/// newcomer reads everything from it, another that wants everything too gets it from it.
public record LateArchive() implements Scenario {

  private static final Growth GROWTH = new Growth(5, 12, 2, 16);
  private static final int KEYS = 60;

  @Override
  public String name() {
    return "late-archive";
  }

  @Override
  public String title() {
    return "what all others held survives them in a worker that wants everything";
  }

  @Override
  public void play(Run run) {
    boolean fades = run.random().nextBoolean();
    StoreConfig config =
        fades
            ? StoreConfig.DEFAULT.withHalfLifeNanos(Duration.ofSeconds(2).toNanos())
            : StoreConfig.DEFAULT;
    StoreTraffic load = new StoreTraffic(run, KEYS, Duration.ofMillis(20), config, 0);
    GROWTH.grow(run, load);
    run.pass(Duration.ofSeconds(10));
    SimNode archive = run.start(load.client(GROWTH.config()));
    load.watchEverything(archive);
    run.pass(Duration.ofSeconds(run.random().nextInt(10)));
    cutOff(run, archive);
    load.stop();
    run.settle();
    Map<String, Version> all = heldByAnybody(run);
    requireAll(run, archive, all);
    for (SimNode worker : run.up(NodeKind.CLIENT)) {
      if (worker != archive) {
        run.faults().crash(worker);
      }
    }
    run.settle();
    SimNode second = run.start(load.client(GROWTH.config()));
    load.watchEverything(second);
    SimNode reader = run.start(load.client(GROWTH.config()));
    run.pass(Duration.ofSeconds(2));
    all.keySet().forEach(key -> load.get(reader, key));
    run.pass(Duration.ofSeconds(1));
    requireAll(run, reader, all);
    run.settle();
    requireAll(run, second, all);
    requireAll(run, archive, all);
    load.check();
    run.require(all.size() > KEYS, "only " + all.size() + " keys were written");
  }

  /// Cuts it off with some others, while all go on writing.
  private static void cutOff(Run run, SimNode archive) {
    List<SimNode> apart =
        run.some(run.cluster().nodes(), run.random().nextInt(run.cluster().nodes().size() / 2));
    apart.add(archive);
    run.faults().partition(apart.stream().distinct().toList());
    run.pass(Duration.ofSeconds(10));
    run.faults().heal();
    run.pass(Duration.ofSeconds(5));
  }

  private static Map<String, Version> heldByAnybody(Run run) {
    Map<String, Version> all = new TreeMap<>();
    for (SimNode node : run.up(NodeKind.CLIENT)) {
      held(node)
          .forEach((key, version) -> all.merge(key, version, (a, b) -> a.compareTo(b) > 0 ? a : b));
    }
    return all;
  }

  private static Map<String, Version> held(SimNode node) {
    Map<String, Version> versions = new TreeMap<>();
    if (node.machine instanceof Worker worker) {
      worker.held().forEach(held -> versions.put(held.key(), held.version()));
    }
    return versions;
  }

  private static void requireAll(Run run, SimNode node, Map<String, Version> all) {
    Map<String, Version> held = held(node);
    run.require(
        held.equals(all),
        "%s holds %d of %d keys, or others, or older: %s"
            .formatted(node, held.size(), all.size(), difference(held, all)));
  }

  private static String difference(Map<String, Version> held, Map<String, Version> all) {
    StringBuilder out = new StringBuilder();
    all.forEach((key, version) -> {
      if (!version.equals(held.get(key))) {
        out.append(" '%s' is %s, not %s".formatted(key, held.get(key), version));
      }
    });
    return out.toString();
  }
}
