package dev.banyan.cli;

import static dev.banyan.cli.UserError.require;

import dev.banyan.cli.figures.FigureList;
import dev.banyan.sim.figures.Figure;
import dev.banyan.sim.figures.RealNode;
import dev.banyan.sim.figures.SweepFigures;
import dev.banyan.sim.reference.Rules;
import dev.banyan.sim.reference.Setup;
import dev.banyan.sim.reference.Work;
import dev.banyan.sim.reference.Workload;
import dev.banyan.sim.reference.Ycsb;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// A configuration of the user's own, for `banyan figures own`. Everything has a default: figure 7's tree, as in figure 8.
final class OwnFigureOptions {

  private static final int NODES = 14;
  private static final int ROUTERS = 6;
  private static final int BRANCHING = 2;
  private static final int TASKS = 512;

  /// The published simulator takes more; a mistake otherwise.
  private static final int MOST_NODES = 100_000;

  /// Places for routers at one router.
  private static final int MOST_BRANCHING = 4_096;

  private static final int MOST_TASKS = 1_000_000;
  private static final Pattern SETS = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

  private static final String TREE = "tree";
  private static final String STAR = "star";
  private static final String MESH = "mesh";
  static final List<String> TOPOLOGIES = List.of(TREE, STAR, MESH);

  /// For messages.
  static final String NAMES =
      "--topology, --nodes, --routers, --branching, --workload, --tasks, --sharded, --unsharded and --upward-pruning";

  @Option(
      names = "--topology",
      paramLabel = "KIND",
      completionCandidates = Candidates.Topologies.class,
      description =
          "For own: ${COMPLETION-CANDIDATES}. In a mesh each worker sends to each other itself. Default: tree, or star"
              + " if there are no routers.")
  private Optional<String> topology = Optional.empty();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "For own: routers and workers together, the root not counted. Default: 14.")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--routers",
      paramLabel = "N",
      description =
          "For own: how many of them are routers; none makes a star. Default: 6, in a star or mesh none.")
  private Optional<Integer> routers = Optional.empty();

  @Option(
      names = "--branching",
      paramLabel = "N",
      description = "For own: children of a router in a tree. Default: 2.")
  private Optional<Integer> branching = Optional.empty();

  @Option(
      names = "--workload",
      paramLabel = "WORK",
      description =
          "For own: SxK, S sets of K keys, each task writes to one set; or ycsb-a to ycsb-f, for real nodes only."
              + " Default: 4x2.")
  private Optional<String> workload = Optional.empty();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "For own: tasks, one every 11.1 ms. Default: 512.")
  private Optional<Integer> tasks = Optional.empty();

  @Option(
      names = "--sharded",
      negatable = true,
      description =
          "For own: updates go to those who want the key; if not, to everybody. Default: sharded.")
  private Optional<Boolean> sharded = Optional.empty();

  @Option(names = "--unsharded", description = "The same as --no-sharded.")
  private boolean unsharded;

  @Option(
      names = "--upward-pruning",
      negatable = true,
      description =
          "For own: nothing goes up that nobody outside wants; if not, everything goes up. For real nodes only. Default:"
              + " each series by its own rules.")
  private Optional<Boolean> upwardPruning = Optional.empty();

  boolean given() {
    return unsharded
        || Stream.of(topology, nodes, routers, branching, workload, tasks, sharded, upwardPruning)
            .anyMatch(Optional::isPresent);
  }

  /// @throws UserError when no such hosts or workload are possible
  Figure figure(boolean quick) {
    int all = within("--nodes", nodes.orElse(NODES), 1, MOST_NODES);
    int count = within("--tasks", tasks.orElse(TASKS), 1, MOST_TASKS);
    topology.ifPresent(OwnFigureOptions::checkTopology);
    int routing = routers(all);
    int each = within("--branching", branching.orElse(BRANCHING), 2, MOST_BRANCHING);
    require(!unsharded || !sharded.orElse(false), "--sharded and --unsharded exclude each other");
    Rules rules = unsharded || !sharded.orElse(true) ? Rules.UNSHARDED : Rules.SHARDED;
    Setup setup =
        topology.equals(Optional.of(MESH))
            ? Setup.mesh(all, rules, work(), count, SweepFigures.EVERY_10_MS)
            : Setup.tree(
                each, routing, all - routing, rules, work(), count, SweepFigures.EVERY_10_MS);
    int most = RealNode.mostWorkers(quick);
    require(
        setup.workers() <= most || setup.published() && upwardPruning.isEmpty(),
        "--nodes: %,d workers are too many: a mesh, YCSB and --upward-pruning need real nodes, up to %d workers%s"
            .formatted(setup.workers(), most, quick ? " with --quick" : ""));
    return FigureList.own(setup, upwardPruning);
  }

  private static void checkTopology(String name) {
    require(
        TOPOLOGIES.contains(name),
        "--topology: %s, not '%s'".formatted(String.join(", ", TOPOLOGIES), name));
  }

  private int routers(int all) {
    boolean tree = topology.orElse(TREE).equals(TREE);
    int routing = within("--routers", routers.orElse(tree ? ROUTERS : 0), 0, MOST_NODES);
    require(
        tree || routing == 0,
        "--routers: only a tree has routers: leave them out, or --topology tree");
    require(
        tree || branching.isEmpty(),
        "--branching: only a tree has it: leave it out, or --topology tree");
    require(
        routing > 0 || topology.isEmpty() || !tree,
        "--routers: a tree has 1 or more: --topology star has none");
    require(
        routing < all,
        "--routers: %d routers of %d nodes leave no worker: fewer routers, or more --nodes"
            .formatted(routing, all));
    return routing;
  }

  private static int within(String name, int value, int least, int most) {
    require(
        value >= least && value <= most,
        "%s: %,d to %,d, not %d".formatted(name, least, most, value));
    return value;
  }

  private Work work() {
    String text = workload.orElse("4x2").toLowerCase(Locale.ROOT);
    for (Ycsb ycsb : Ycsb.values()) {
      if (ycsb.label().equals(text)) {
        return ycsb;
      }
    }
    Matcher matcher = SETS.matcher(text);
    require(
        matcher.matches(), "--workload: sets and keys of each, such as 4x2, or ycsb-a to ycsb-f");
    try {
      return Workload.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--workload: " + e.getMessage());
    }
  }
}
