package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import java.time.Duration;
import java.util.List;

/// Everybody writes at once: many workers the same keys, among them keys that nobody has used before, in the same
/// instant and microseconds apart.
///
/// @param farApart on links as long as an ocean is wide, where a question that must visit every worker takes longer than
///     the timeout of questions
public record ConcurrentPuts(boolean farApart) implements Scenario {

  public static final ConcurrentPuts NEAR = new ConcurrentPuts(false);
  public static final ConcurrentPuts FAR = new ConcurrentPuts(true);

  private static final Growth GROWTH = new Growth(12, 48, 2, 60);
  private static final int ROUNDS = 40;

  /// Reads go on for so long after the last round, so that some find what was written.
  private static final Duration CALM = Duration.ofSeconds(3);

  @Override
  public String name() {
    return farApart ? "concurrent-puts-far-apart" : "concurrent-puts";
  }

  @Override
  public String title() {
    return "workers everywhere put the same keys at the same time"
        + (farApart ? ", 100 to 120 ms from node to node" : "");
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return farApart ? options.withProfile(LinkProfile.OCEAN) : options;
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 30, Duration.ofMillis(20));
    GROWTH.grow(run, load);
    List<SimNode> workers = run.live(NodeKind.CLIENT);
    for (int round = 0; round < ROUNDS; round++) {
      for (SimNode worker : run.some(workers, 2 + run.random().nextInt(workers.size() - 2))) {
        load.put(worker, "round/" + round);
        if (round % 2 == 1) {
          run.pass(Duration.ofNanos(run.random().nextInt(200_000)));
        }
      }
      run.pass(Duration.ofMillis(run.random().nextInt(300)));
    }
    run.pass(CALM);
    load.stop();
    run.settle();
    load.check();
    run.require(load.freshReads() > 0, "no read was checked");
    run.require(run.replicas().checked() > ROUNDS * 2, "no replicas were compared");
  }
}
