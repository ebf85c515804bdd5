package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two workers write a key that neither knows, one shortly after the other, and before the first has heard from anybody.
/// Some of the workers are far away, so that this is long. The later write wins, whichever of the two is the far one.
///
/// @param watched both have just begun to watch a prefix of the key, below which others hold other keys: these are asked
///     one after the other
public record FirstWrites(boolean watched) implements Scenario {

  public static final FirstWrites OF_KEYS = new FirstWrites(false);
  public static final FirstWrites BELOW_WATCHES = new FirstWrites(true);

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));

  /// What a frame to a far one takes, and a little more: writes that are closer may win either way.
  private static final Duration MARGIN = Duration.ofMillis(130);

  private static final int EACH = 3;
  private static final int KEYS = 40;
  private static final int WATCHED_KEYS = 15;

  @Override
  public String name() {
    return watched ? "first-writes-watched" : "first-writes";
  }

  @Override
  public String title() {
    return "of two first writes of a key within a moment the later one wins, near or far"
        + (watched ? ", below a prefix that is watched since just now" : "");
  }

  @Override
  public void play(Run run) {
    LastWriterChecker users = new LastWriterChecker(run, true, MARGIN);
    run.startTree(NodeKind.ROOT, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < 2 * EACH; i++) {
      SimNode worker = run.cluster().add(NodeSpec.worker(CONFIG));
      run.cluster().start(worker);
      workers.add(worker);
    }
    run.pass(Duration.ofSeconds(3));
    workers.subList(0, EACH).forEach(worker -> run.faults().slow(worker, LinkProfile.OCEAN));
    run.pass(Duration.ofSeconds(10));
    int keys = watched ? WATCHED_KEYS : KEYS;
    for (int key = 0; key < keys; key++) {
      SimNode first = workers.get(run.random().nextInt(workers.size()));
      SimNode second = workers.get(run.random().nextInt(workers.size()));
      String prefix = "prefix" + key + "/";
      if (watched) {
        workers.forEach(worker -> users.put(worker, prefix + worker.id()));
        run.pass(Duration.ofMillis(run.random().nextInt(2_000)));
        run.cluster().submit(first, new StoreCommand.Watch(-1 - key, prefix, true));
        run.pass(Duration.ofMillis(run.random().nextInt(20)));
      }
      users.put(first, prefix + "key");
      run.pass(Duration.ofMillis(run.random().nextInt(130, watched ? 800 : 500)));
      if (watched && run.random().nextBoolean() && first != second) {
        run.cluster().submit(second, new StoreCommand.Watch(-1 - key, prefix, true));
      }
      users.put(second, prefix + "key");
      run.pass(Duration.ofSeconds(2));
    }
    run.settle();
    run.require(users.compared() >= keys / 2, "only " + users.compared() + " were compared");
  }
}
