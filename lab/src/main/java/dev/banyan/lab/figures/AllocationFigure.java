package dev.banyan.lab.figures;

import dev.banyan.lab.allocation.AllocationRun;
import dev.banyan.protocol.TreeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What reallocation reaches where working sets overlap (§8.3): data packets for each update where workers happened to
/// join, where the node has moved them to, and at the best placement that a search with all knowledge finds (of eight
/// workers: that there is).
public final class AllocationFigure implements Figure {

  private static final String JOINED = "packets_per_update_joined";
  private static final String REACHED = Metric.DATA_PACKETS_PER_UPDATE;
  private static final String BEST = "packets_per_update_best";

  /// What is reached, to the best.
  public static final String TO_BEST = "packets_to_best";

  /// The same of the packets between routers alone.
  private static final String ROUTERS_TO_BEST = "router_packets_to_best";

  private static final String MOVES = "moves";

  /// Of one worker, at the most.
  public static final String MOST_MOVES = "most_moves";

  private static final AllocationRun.Setup SMALL =
      new AllocationRun.Setup(8, 2, 2, Duration.ofSeconds(100), 0);
  private static final AllocationRun.Setup MIDDLE =
      new AllocationRun.Setup(100, 2, 8, Duration.ofSeconds(100), 1_000_000);
  private static final AllocationRun.Setup LARGE =
      new AllocationRun.Setup(1_000, 2, 16, Duration.ofSeconds(200), 3_000_000);

  @Override
  public String name() {
    return "reallocation";
  }

  @Override
  public String title() {
    return "overlapping working sets: where workers joined, where they moved, and the best placement";
  }

  @Override
  public String explanation() {
    return """
    Workers in groups of about 16 use overlapping sets of keys, and write one a second. The root finds out who uses the \
    same keys and has them change places, without a gap and each at most once. Packets on all links for each update: \
    where workers happened to join, where they were moved, and at the best placement that a search with all knowledge \
    finds off line; each user of a key costs one packet wherever it sits. Two workers are on their way at a time.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    trials.add(new Entry(SMALL, true));
    trials.add(new Entry(MIDDLE, true));
    if (!quick) {
      trials.add(new Entry(LARGE, false));
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return new Plot(
        Plot.Kind.LEVELS,
        "workers",
        "data packets per update",
        List.of(JOINED, REACHED, BEST),
        Set.of(),
        Map.of(JOINED, "where they joined", REACHED, "where they moved", BEST, "best, off line"));
  }

  /// @param seeded the largest costs minutes, and is measured once
  private record Entry(AllocationRun.Setup setup, boolean seeded) implements Trial {

    @Override
    public String series() {
      return "banyan";
    }

    @Override
    public String configuration() {
      return setup.toString();
    }

    @Override
    public double expectedSeconds() {
      return setup.workers() <= 8 ? 0.3 : 0.04 * setup.workers();
    }

    @Override
    public List<Value> measure(long seed) {
      AllocationRun.Outcome outcome = AllocationRun.measure(setup, TreeConfig.Rules.DEFAULT, seed);
      String x = String.valueOf(setup.workers());
      return List.of(
          new Value(x, JOINED, outcome.joined()),
          new Value(x, REACHED, outcome.measured()),
          new Value(x, BEST, outcome.best()),
          new Value(x, TO_BEST, outcome.measured() / outcome.best()),
          new Value(x, ROUTERS_TO_BEST, outcome.routersAtEnd() / outcome.routersBest()),
          new Value(x, MOVES, outcome.moves()),
          new Value(x, MOST_MOVES, outcome.mostMoves()));
    }
  }
}
