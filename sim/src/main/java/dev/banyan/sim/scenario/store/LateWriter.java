package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A worker puts a key many times and is stopped, or cut off; a fresh one that knows nothing of that puts it, too; then the
/// first one is back. The clocks of both are wrong by years. What was put last stays.
public record LateWriter() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));
  private static final int ROUNDS = 4;
  private static final int PUTS = 50;
  private static final int READERS = 2;

  @Override
  public String name() {
    return "late-writer";
  }

  @Override
  public String title() {
    return "what a stopped worker wrote loses to what a fresh one wrote later";
  }

  @Override
  public void play(Run run) {
    play(run, 0);
  }

  /// @param rootDriftPpm how much too fast the root's clock runs
  public static void play(Run run, long rootDriftPpm) {
    LastWriterChecker users = new LastWriterChecker(run, true);
    run.startTree(NodeKind.ROOT, CONFIG).clock().drifts(rootDriftPpm);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    List<SimNode> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(worker(run));
    }
    SimNode writer = worker(run);
    run.pass(Duration.ofSeconds(3));
    for (int round = 0; round < ROUNDS; round++) {
      String key = "key/" + round;
      SimNode fresh = late(run, users, writer, key);
      run.pass(Duration.ofMillis(run.random().nextInt(5_000)));
      readers.forEach(reader -> users.get(reader, key));
      writer = fresh;
    }
    run.settle();
    run.require(users.compared() >= ROUNDS * PUTS, "only " + users.compared() + " were compared");
  }

  private static SimNode late(Run run, LastWriterChecker users, SimNode writer, String key) {
    SplittableRandom random = run.random();
    for (int i = 0; i < PUTS; i++) {
      users.put(writer, key);
      run.pass(Duration.ofMillis(random.nextInt(3)));
    }
    boolean hangs = random.nextBoolean();
    if (hangs) {
      run.faults().hang(writer);
    } else {
      run.faults().partition(List.of(writer));
      run.pass(Duration.ofSeconds(random.nextInt(8)));
      users.put(writer, key);
    }
    run.pass(Duration.ofSeconds(3 + random.nextInt(10)));
    SimNode fresh = worker(run);
    run.pass(random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(4));
    users.put(fresh, key);
    run.pass(Duration.ofSeconds(random.nextInt(6)));
    if (hangs) {
      run.faults().resume(writer);
    } else {
      run.faults().heal();
    }
    return fresh;
  }

  private static SimNode worker(Run run) {
    SimNode node = run.cluster().add(NodeSpec.worker(CONFIG));
    node.clock().wrongBy(Duration.ofHours(run.random().nextLong(-100_000, 100_000)));
    run.cluster().start(node);
    return node;
  }
}
