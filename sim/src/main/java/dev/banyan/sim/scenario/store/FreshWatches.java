package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.time.Duration;

/// Two workers have just joined. Each writes a key below the same prefix, and one of them watches it at once: the tree learns
/// within the same few milliseconds who holds what and who wants it. The watch shows both keys.
public record FreshWatches() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(3, 40));

  private static final int ROUNDS = 15;

  @Override
  public String name() {
    return "fresh-watches";
  }

  @Override
  public String title() {
    return "a watch that begins while others write misses nothing, in the first moments of both";
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.pass(Duration.ofSeconds(20)); // after its grace period a root knows what is not there
    for (int round = 0; round < ROUNDS; round++) {
      String prefix = "fresh" + round + "/";
      SimNode watcher = run.cluster().add(NodeSpec.worker(CONFIG));
      SimNode other = run.cluster().add(NodeSpec.worker(CONFIG));
      run.cluster().start(watcher);
      run.cluster().start(other);
      moment(run, 40);
      run.cluster().submit(watcher, put(1, prefix + "a"));
      moment(run, 4);
      run.cluster().submit(other, put(2, prefix + "b"));
      moment(run, 4);
      run.cluster().submit(watcher, new StoreCommand.Watch(3, prefix, true));
      run.pass(Duration.ofSeconds(2));
      for (String key : new String[] {prefix + "a", prefix + "b"}) {
        run.require(holds(watcher, key), watcher + " watches " + prefix + " without " + key);
      }
    }
  }

  private static void moment(Run run, int belowMillis) {
    run.pass(Duration.ofMillis(run.random().nextInt(belowMillis)));
  }

  private static StoreCommand put(long request, String key) {
    return new StoreCommand.Put(request, key, Bytes.utf8("v"));
  }

  private static boolean holds(SimNode node, String key) {
    return node.machine().orElseThrow() instanceof Worker worker
        && worker.held().stream().anyMatch(held -> held.key().equals(key));
  }
}
