package dev.banyan.sim.trial;

import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// A tree that has come to rest, whose clients multicast to everybody one after the other: the measures of Plumtree's
/// evaluation, where nothing fails.
///
/// @param nodes besides the root, one in ten of them a router
public record SteadyTrial(int nodes, TreeConfig.Rules rules) {

  /// Longer than any wait of a node; then it is at rest.
  private static final Duration QUIET = Duration.ofSeconds(12);

  private static final Duration QUIET_LIMIT = Duration.ofMinutes(15);
  private static final int MULTICASTS = 20;
  private static final Duration APART = Duration.ofMillis(20);

  public SteadyTrial {
    if (nodes < 20) {
      throw new IllegalArgumentException("at least 20 nodes, not " + nodes);
    }
  }

  /// @param ratio of the deliveries due, those that came
  /// @param redundancy as [MulticastCounts#redundancy]
  /// @param lastHop as [MulticastCounts#lastHop]
  public record Measured(double ratio, double redundancy, double lastHop) {}

  /// The same seed gives the same numbers.
  public Measured measure(long seed) {
    TreeConfig config = TreeConfig.DEFAULT.withRules(rules);
    Crowd crowd = Crowd.ofNodes(ClusterOptions.of(seed, "steady").forScale(), config, nodes);
    crowd.join();
    Cluster cluster = crowd.cluster();
    cluster.runUntilQuiet(QUIET, QUIET_LIMIT);
    MulticastCounts counts = new MulticastCounts();
    cluster.observe(counts);
    SplittableRandom random = Seeds.fork(seed, "scenario");
    List<SimNode> clients = crowd.clients();
    for (int i = 0; i < MULTICASTS; i++) {
      crowd.multicast(clients.get(random.nextInt(clients.size())));
      cluster.run(APART);
    }
    return new Measured(
        (double) counts.deliveries() / (MULTICASTS * nodes), counts.redundancy(), counts.lastHop());
  }
}
