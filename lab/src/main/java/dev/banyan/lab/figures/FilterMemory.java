package dev.banyan.lab.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The argument of §8.2, computed: what filters take in memory as a network grows, if the number of keys grows with it and
/// every worker wants its share of them.
///
/// N workers bring [#KEYS_PER_WORKER] N keys, and each wants one in [#ONE_IN] of them, chosen at random. A filter of n keys
/// takes 14.38 n bits (Bloom, 0.1%). In a *star* the root has a filter for each worker. In a *tree* each router has a
/// filter for each child, with what the child's subtree wants. In a *bidirectional tree* each link has another one at its
/// lower end, with what is wanted outside: what multicasts would need that are to stop on their way up as well, if filters
/// were all there is. *Answered* is Banyan: at the lower end of a link only that part of its own tags which is wanted
/// outside.
public final class FilterMemory implements Figure {

  private static final int KEYS_PER_WORKER = 10;
  private static final int ONE_IN = 100;
  private static final int BRANCHING = 16;
  private static final double BITS_PER_KEY = 1.44 * Math.log(1000) / Math.log(2);
  private static final String LARGEST = "largest_host_bytes";
  private static final String TOTAL = "total_bytes";

  private enum Shape {
    STAR("star"),
    TREE("tree"),
    BIDIRECTIONAL("bidirectional-tree"),
    ANSWERED("answered-tree");

    private final String series;

    Shape(String series) {
      this.series = series;
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String title() {
    return "memory of filters as the network grows (computed)";
  }

  @Override
  public String explanation() {
    return """
    N workers bring 10 N keys, and each wants one in 100 of them: a filter for each worker at one \
    host (star); for each child at each router (tree); another one at the lower end of each link, \
    with what is wanted outside (bidirectional-tree); there only an answer about the subtree's own \
    keys (answered-tree, which is what Banyan does). At the largest host the three trees lie on each \
    other; in sum they do not.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (long workers = BRANCHING; workers <= 1L << 24; workers *= BRANCHING) {
        trials.add(new Entry(shape, workers));
      }
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return plot(LARGEST, "bytes of filters at the largest host");
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-total",
            "memory of filters at all hosts together (computed)",
            plot(TOTAL, "bytes of filters at all hosts")));
  }

  private static Plot plot(String metric, String yTitle) {
    return new Plot(Plot.Kind.GROWTH, "workers", yTitle, List.of(metric), Set.of(), Map.of());
  }

  private record Entry(Shape shape, long workers) implements Trial {

    @Override
    public String series() {
      return shape.series;
    }

    @Override
    public String configuration() {
      return "%d workers, %d keys each, one in %d, branching %d"
          .formatted(workers, KEYS_PER_WORKER, ONE_IN, BRANCHING);
    }

    @Override
    public boolean seeded() {
      return false;
    }

    @Override
    public double expectedSeconds() {
      return 0;
    }

    @Override
    public List<Value> measure(long seed) {
      double largest = 0;
      double total = 0;
      if (shape == Shape.STAR) {
        largest = workers * bytes(wantedBy(1));
        total = largest;
      } else {
        for (long subtree = 1; subtree < workers; subtree *= BRANCHING) {
          double links = (double) workers / subtree;
          double up = bytes(wantedBy(subtree));
          double down = bytes(downwards(subtree));
          // A host has its children's filters, and the one at the lower end of its own link.
          boolean root = subtree * BRANCHING >= workers;
          double own = root ? 0 : bytes(downwards(subtree * BRANCHING));
          largest = Math.max(largest, Math.max(BRANCHING * up + own, down));
          total += links * (up + down);
        }
      }
      String x = String.valueOf(workers);
      return List.of(new Value(x, LARGEST, largest), new Value(x, TOTAL, total));
    }

    private double downwards(long subtree) {
      return switch (shape) {
        case STAR, TREE -> 0;
        case BIDIRECTIONAL -> wantedBy(workers - subtree);
        case ANSWERED -> wantedBy(subtree) * chance(workers - subtree);
      };
    }

    /// How many keys are wanted by at least one of so many workers, in expectation.
    private double wantedBy(long some) {
      return (double) KEYS_PER_WORKER * workers * chance(some);
    }

    private static double chance(long some) {
      return 1 - Math.pow(1 - 1.0 / ONE_IN, some);
    }

    private static double bytes(double keys) {
      return keys * BITS_PER_KEY / 8;
    }
  }
}
