package dev.banyan.cli;

import dev.banyan.cli.figures.FigureList;
import dev.banyan.sim.figures.Figure;
import dev.banyan.sim.figures.SweepFigures;
import dev.banyan.sim.reference.Rules;
import dev.banyan.sim.reference.Setup;
import dev.banyan.sim.reference.Workload;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// A configuration of the user's own, for `banyan figures own`. Everything has a default: figure 7's tree, as in figure 8.
final class OwnFigureOptions {

  private static final int NODES = 15;
  private static final int ROUTERS = 6;
  private static final int BRANCHING = 2;
  private static final int TASKS = 512;

  /// The published simulator takes more; a mistake otherwise.
  private static final int MOST_NODES = 100_000;

  /// Places for routers at one router.
  private static final int MOST_BRANCHING = 4_096;

  private static final int MOST_TASKS = 1_000_000;
  private static final Pattern WORKLOAD = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "For own: routers and workers together, the root not counted. Default: 15.")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--routers",
      paramLabel = "N",
      description = "For own: how many of them are routers; none makes a star. Default: 6.")
  private Optional<Integer> routers = Optional.empty();

  @Option(
      names = "--branching",
      paramLabel = "N",
      description = "For own: children of a router. Default: 2.")
  private Optional<Integer> branching = Optional.empty();

  @Option(
      names = "--workload",
      paramLabel = "SxK",
      description = "For own: S sets of K keys, each task writes to one set. Default: 4x2.")
  private Optional<String> workload = Optional.empty();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "For own: tasks, one every 11.1 ms. Default: 512.")
  private Optional<Integer> tasks = Optional.empty();

  @Option(names = "--unsharded", description = "For own: every update goes to everybody.")
  private boolean unsharded;

  boolean given() {
    return unsharded
        || nodes.isPresent()
        || routers.isPresent()
        || branching.isPresent()
        || workload.isPresent()
        || tasks.isPresent();
  }

  /// @throws UserError when no such tree or workload is possible
  Figure figure() {
    int all = within("--nodes", nodes.orElse(NODES), 1, MOST_NODES);
    int routing = within("--routers", routers.orElse(ROUTERS), 0, MOST_NODES);
    int each = within("--branching", branching.orElse(BRANCHING), 2, MOST_BRANCHING);
    int count = within("--tasks", tasks.orElse(TASKS), 1, MOST_TASKS);
    if (routing >= all) {
      throw UserError.usage(
          "--routers: %d routers of %d nodes leave no worker: fewer routers, or more --nodes"
              .formatted(routing, all));
    }
    return FigureList.own(
        Setup.tree(
            each,
            routing,
            all - routing,
            unsharded ? Rules.UNSHARDED : Rules.SHARDED,
            workload(),
            count,
            SweepFigures.EVERY_10_MS));
  }

  private static int within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw UserError.usage("%s: %,d to %,d, not %d".formatted(name, least, most, value));
    }
    return value;
  }

  private Workload workload() {
    Matcher matcher = WORKLOAD.matcher(workload.orElse("4x2"));
    if (!matcher.matches()) {
      throw UserError.usage("--workload: sets and keys of each, such as 4x2");
    }
    try {
      return Workload.of(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--workload: " + e.getMessage());
    }
  }
}
