package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two workers write a key that neither knows, one shortly after the other, and before the first has heard from anybody.
/// Some of the workers are far away, so that this is long. The later write wins, whichever of the two is the far one.
public record FirstWrites() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));

  /// What frames to the far ones take differs by 20 ms, and none says how long it took.
  private static final Duration MARGIN = Duration.ofMillis(50);

  private static final int EACH = 3;
  private static final int KEYS = 40;

  @Override
  public String name() {
    return "first-writes";
  }

  @Override
  public String title() {
    return "of two first writes of a key within a moment the later one wins, near or far";
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
    for (int key = 0; key < KEYS; key++) {
      SimNode first = workers.get(run.random().nextInt(workers.size()));
      SimNode second = workers.get(run.random().nextInt(workers.size()));
      users.put(first, "key/" + key);
      run.pass(Duration.ofMillis(run.random().nextInt(60, 400)));
      users.put(second, "key/" + key);
      run.pass(Duration.ofSeconds(2));
    }
    run.settle();
    run.require(users.compared() >= KEYS, "only " + users.compared() + " were compared");
  }
}
