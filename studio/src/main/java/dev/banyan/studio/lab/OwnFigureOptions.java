package dev.banyan.studio.lab;

import static dev.banyan.cli.console.UserError.require;

import dev.banyan.cli.console.UserError;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.RealNode;
import dev.banyan.lab.reference.Setup;
import dev.banyan.studio.lab.OwnSetup.Part;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// A configuration of the user's own, for `banyan figures own`, or several that differ in one thing.
final class OwnFigureOptions {

  /// More points than a picture shows, or anybody waits for.
  private static final int MOST_VALUES = 20;

  /// For messages.
  static final String NAMES =
      "--topology, --nodes, --workers, --routers, --branching, --workload, --tasks, --vary, --sharded, --unsharded and"
          + " --upward-pruning";

  @Option(
      names = "--topology",
      paramLabel = "KIND",
      completionCandidates = LabCandidates.Topologies.class,
      description =
          "For own: ${COMPLETION-CANDIDATES}. In a mesh each worker sends directly to every other. Default: tree,"
              + " or star if there are no routers.")
  private Optional<String> topology = Optional.empty();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "For own: routers and workers together, not counting the root. Default: 14.")
  private Optional<Integer> nodes = Optional.empty();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "For own: the number of workers, instead of --nodes. If --routers is not given, there are as many"
              + " routers as the workers need.")
  private Optional<Integer> workers = Optional.empty();

  @Option(
      names = "--routers",
      paramLabel = "N",
      description =
          "For own: routers below the root. 0 makes a star. Default: 6; in a star or mesh none.")
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
          "For own: SxK means S sets of K keys, where each task writes to one set. Or ycsb-a to ycsb-f, for real"
              + " nodes only. Default: 4x2.")
  private Optional<String> workload = Optional.empty();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "For own: number of tasks, one every 11.1 ms. Default: 512.")
  private Optional<Integer> tasks = Optional.empty();

  @Option(
      names = "--vary",
      paramLabel = "NAME=V,V,...",
      description =
          "For own: several configurations that differ in one setting: topology, nodes, workers, routers,"
              + " branching, workload or tasks. For example workers=8,64,512.")
  private Optional<String> vary = Optional.empty();

  @Option(
      names = "--sharded",
      negatable = true,
      description =
          "For own: send updates only to those who want the key. If off, send them to everybody. Default: on.")
  private Optional<Boolean> sharded = Optional.empty();

  @Option(names = "--unsharded", description = "The same as --no-sharded.")
  private boolean unsharded;

  @Option(
      names = "--upward-pruning",
      negatable = true,
      description =
          "For own: do not send up what nobody outside wants. If off, send everything up. For real nodes only."
              + " Default: each series by its own rules.")
  private Optional<Boolean> upwardPruning = Optional.empty();

  boolean given() {
    return unsharded
        || !said().isEmpty()
        || Stream.of(vary, sharded, upwardPruning).anyMatch(Optional::isPresent);
  }

  private Map<Part, String> said() {
    Map<Part, String> said = new EnumMap<>(Part.class);
    topology.ifPresent(value -> said.put(Part.TOPOLOGY, value));
    nodes.ifPresent(value -> said.put(Part.NODES, value.toString()));
    workers.ifPresent(value -> said.put(Part.WORKERS, value.toString()));
    routers.ifPresent(value -> said.put(Part.ROUTERS, value.toString()));
    branching.ifPresent(value -> said.put(Part.BRANCHING, value.toString()));
    workload.ifPresent(value -> said.put(Part.WORKLOAD, value));
    tasks.ifPresent(value -> said.put(Part.TASKS, value.toString()));
    return said;
  }

  /// @throws UserError when no such hosts or workload are possible
  Figure figure() {
    require(!unsharded || !sharded.orElse(false), "--sharded and --unsharded exclude each other");
    OwnSetup own = new OwnSetup(said());
    if (vary.isPresent()) {
      return varying(own, vary.get());
    }
    return FigureList.own(measurable(setup(own)), upwardPruning);
  }

  private Setup setup(OwnSetup own) {
    return own.setup(!unsharded && sharded.orElse(true));
  }

  private Figure varying(OwnSetup own, String text) {
    int equals = text.indexOf('=');
    require(
        equals > 0 && equals < text.length() - 1,
        "--vary: a name and values, such as workers=8,64,512, not '%s'".formatted(text));
    Part part = part(text.substring(0, equals));
    require(
        !own.says(part),
        "--vary: %s is given by %s too: leave that out".formatted(part.word(), part.option()));
    List<String> values = values(part, text.substring(equals + 1));
    SequencedMap<String, Setup> setups = new LinkedHashMap<>();
    for (String value : values) {
      Setup before = setups.put(value, measurable(setup(own.with(part, value))));
      require(before == null, "--vary: %s is there twice".formatted(value));
    }
    return FigureList.own(part.word(), setups, part.size(), upwardPruning);
  }

  private static Part part(String name) {
    return Arrays.stream(Part.values())
        .filter(part -> part.word().equals(name))
        .findFirst()
        .orElseThrow(() ->
            UserError.usage(
                "--vary: one of %s, not '%s'"
                    .formatted(
                        Arrays.stream(Part.values())
                            .map(Part::word)
                            .collect(Collectors.joining(", ")),
                        name)));
  }

  /// Numbers ascending, as curves want them.
  private static List<String> values(Part part, String text) {
    List<String> values = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    require(
        values.size() <= MOST_VALUES && values.stream().noneMatch(String::isEmpty),
        "--vary: up to %d values with a comma between, not '%s'".formatted(MOST_VALUES, text));
    if (part == Part.TOPOLOGY || part == Part.WORKLOAD) {
      return values;
    }
    String wrong = values.stream().filter(v -> !v.matches("\\d{1,9}")).findFirst().orElse("");
    require(wrong.isEmpty(), "--vary: %s are numbers, not '%s'".formatted(part.word(), wrong));
    return values.stream()
        .map(Integer::valueOf)
        .sorted(Comparator.naturalOrder())
        .map(String::valueOf)
        .toList();
  }

  private Setup measurable(Setup setup) {
    require(
        setup.workers() <= RealNode.MOST_WORKERS_EVER
            || setup.published() && upwardPruning.isEmpty(),
        "--nodes: %,d workers are too many: a mesh, YCSB and --upward-pruning need real nodes, up to %,d workers"
            .formatted(setup.workers(), RealNode.MOST_WORKERS_EVER));
    return setup;
  }
}
