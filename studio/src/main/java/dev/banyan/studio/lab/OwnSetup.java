package dev.banyan.studio.lab;

import static dev.banyan.cli.console.UserError.require;

import dev.banyan.cli.console.UserError;
import dev.banyan.lab.figures.SweepFigures;
import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Work;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.reference.Ycsb;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// From what somebody has said of a configuration to all of it. Everything has a default: figure 7's tree, as in figure 8.
public final class OwnSetup {

  /// What can be said, and varied.
  enum Part {
    TOPOLOGY,
    NODES,
    WORKERS,
    ROUTERS,
    BRANCHING,
    WORKLOAD,
    TASKS;

    String option() {
      return "--" + word();
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Packets may grow as a power of it.
    boolean size() {
      return this == NODES || this == WORKERS || this == TASKS;
    }
  }

  static final String TREE = "tree";
  static final String STAR = "star";
  static final String MESH = "mesh";
  static final List<String> TOPOLOGIES = List.of(TREE, STAR, MESH);

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

  private final Map<Part, String> said;

  /// @param said values as somebody wrote them
  OwnSetup(Map<Part, String> said) {
    this.said = new EnumMap<>(Part.class);
    this.said.putAll(said);
  }

  /// The same with another value.
  OwnSetup with(Part part, String value) {
    OwnSetup other = new OwnSetup(said);
    other.said.put(part, value);
    return other;
  }

  boolean says(Part part) {
    return said.containsKey(part);
  }

  /// @throws UserError when no such hosts or workload are possible
  Setup setup(boolean sharded) {
    topology().ifPresent(OwnSetup::checkTopology);
    require(
        !says(Part.NODES) || !says(Part.WORKERS),
        "--nodes and --workers exclude each other: --nodes counts routers too");
    int branching = number(Part.BRANCHING, BRANCHING, 2, MOST_BRANCHING);
    require(
        isTree() || !says(Part.BRANCHING),
        "--branching: only a tree has it: leave it out, or --topology tree");
    int routers = routers(branching);
    int workers = workers(routers);
    int tasks = number(Part.TASKS, TASKS, 1, MOST_TASKS);
    Rules rules = sharded ? Rules.SHARDED : Rules.UNSHARDED;
    return topology().equals(Optional.of(MESH))
        ? Setup.mesh(workers, rules, work(), tasks, SweepFigures.EVERY_10_MS)
        : Setup.tree(branching, routers, workers, rules, work(), tasks, SweepFigures.EVERY_10_MS);
  }

  private Optional<String> topology() {
    return Optional.ofNullable(said.get(Part.TOPOLOGY));
  }

  private boolean isTree() {
    return topology().orElse(TREE).equals(TREE);
  }

  private static void checkTopology(String name) {
    require(
        TOPOLOGIES.contains(name),
        "--topology: %s, not '%s'".formatted(String.join(", ", TOPOLOGIES), name));
  }

  private int workers(int routers) {
    if (says(Part.WORKERS)) {
      return number(Part.WORKERS, 1, 1, MOST_NODES);
    }
    int nodes = number(Part.NODES, NODES, 1, MOST_NODES);
    require(
        routers < nodes,
        "--routers: %d routers of %d nodes leave no worker: fewer routers, or more --nodes"
            .formatted(routers, nodes));
    return nodes - routers;
  }

  /// Where only workers are said, as many as it takes for each of them to have a place below a router: 6 for 8 in a
  /// binary tree.
  private int routers(int branching) {
    int most = MOST_NODES;
    int otherwise = isTree() ? ROUTERS : 0;
    if (isTree() && says(Part.WORKERS)) {
      int workers = number(Part.WORKERS, 1, 1, most);
      otherwise = Math.max(1, Math.ceilDiv(workers - branching, branching - 1));
    }
    int routers = number(Part.ROUTERS, otherwise, 0, most);
    require(
        isTree() || routers == 0,
        "--routers: only a tree has routers: leave them out, or --topology tree");
    require(
        routers > 0 || topology().isEmpty() || !isTree(),
        "--routers: a tree has 1 or more: --topology star has none");
    return routers;
  }

  private int number(Part part, int otherwise, int least, int most) {
    String text = said.get(part);
    if (text == null) {
      return otherwise;
    }
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw UserError.usage("%s: a number, not '%s'".formatted(part.option(), text));
    }
    require(
        value >= least && value <= most,
        "%s: %,d to %,d, not %d".formatted(part.option(), least, most, value));
    return (int) value;
  }

  private Work work() {
    String text = said.getOrDefault(Part.WORKLOAD, "4x2").toLowerCase(Locale.ROOT);
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
