package dev.banyan.studio.lab;

import static dev.banyan.cli.console.UserError.require;

import dev.banyan.cli.console.Folders;
import dev.banyan.cli.console.UserError;
import dev.banyan.cli.help.ProgramVersion;
import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.OwnFigure;
import dev.banyan.lab.figures.Row;
import dev.banyan.lab.figures.Trial;
import dev.banyan.lab.report.FiguresException;
import dev.banyan.lab.report.FiguresOptions;
import dev.banyan.lab.report.FiguresResult;
import dev.banyan.lab.report.FiguresRun;
import dev.banyan.lab.report.ResultsPage;
import dev.banyan.lab.report.SourceCommit;
import dev.banyan.node.text.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "figures",
    header = "Measure the paper's figures, and draw them.",
    description = {
      "Runs every configuration of a figure with many seeds. Writes figureN.csv and pictures as PNG, SVG and PDF,"
          + " which show means with one standard deviation to each side. The columns are figure, series, x,"
          + " metric, mean, stdev, trials. Then writes index.html with all pictures, what they show, and a verdict"
          + " on each of the paper's claims that was measured. For figures that are named on the command line, it"
          + " also prints what was measured.",
      "",
      "Figures 2 and 3 show joins and removals over time, with 35 and 1,000 nodes, and without --quick also with"
          + " 10,000. Figure 7 is a tree as the nodes build it. 'claims' measures what the paper claims but does"
          + " not show in a figure. 'own' runs a configuration of your own, or several that differ in one thing"
          + " (--vary). 'reallocation', 'mass-death', 'redundancy', 'stretch' and 'heartbeats' measure what the"
          + " paper does not. 'ycsb' runs YCSB's core workloads, and 'topologies' the same tasks in a full mesh, a"
          + " star and a tree.",
      "",
      "The series 'paper' is the published simulator, restated. Longer names are variants of it: '-flat' has no"
          + " routers and no sharding, '-tree' is the tree, '-512-tasks' has that many tasks instead of two for"
          + " each worker, '-1ms' has a task every millisecond, '-b4' has branching 4, and '-key-zero' has keys"
          + " from 0 and the published fault with them.",
      "",
      "The series 'paper-rules', 'banyan-no-reallocation' and 'banyan' run Banyan's own node in virtual time: by"
          + " the paper's rules; by its own rules, but with each task dispatched to the worker with the fewest;"
          + " and by its own rules in full, with tasks dispatched to where their keys are at home.",
      "",
      "The same seeds give the same CSV, byte for byte, however many jobs run. If a run was interrupted, the same"
          + " command continues it; if it was finished, the command starts again.",
    },
    footer = {
      "",
      "Examples:",
      "  banyan figures --quick",
      "  banyan figures 4 6 --out report --seeds 30",
      "  banyan figures 8 --series paper,banyan",
      "  banyan figures own --nodes 340 --routers 48 --branching 3 --workload 4x8 --seeds 3",
      "  banyan figures own --vary workers=8,64,512 --branching 4 --seeds 3",
      "  banyan figures own --topology mesh --nodes 27 --workload ycsb-a --no-sharded --seeds 3",
    })
public final class FiguresCommand implements Callable<Integer> {

  private static final int QUICK_SEEDS = 5;
  private static final int FULL_SEEDS = 30;
  private static final int MOST_SEEDS = 100_000;
  private static final int MOST_JOBS = 1_024;
  private static final String ALL = "all";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAMES",
      arity = "0..*",
      completionCandidates = LabCandidates.FigureNames.class,
      description =
          "The figures to measure, such as 4. An unknown name prints the list. Default: all but own.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "figures",
      description =
          "The folder to write to. It is created if it does not exist. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("figures");

  @Option(
      names = "--quick",
      description =
          "Use fewer seeds and smaller trees, and leave out variants that only confirm others (-1ms, -b4).")
  private boolean quick;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds to run each configuration with. Default: 30, with --quick 5.")
  private Optional<Integer> seeds = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The first seed. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "How many runs to do in parallel. Default: one for each processor.")
  private Optional<Integer> jobs = Optional.empty();

  @Option(
      names = "--series",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "The series to show in pictures, or all; tables always have all of them. Default: a few, without"
              + " banyan-no-reallocation where the figure is about something else.")
  private List<String> series = new ArrayList<>();

  @Mixin private OwnFigureOptions own = new OwnFigureOptions();

  @Option(names = "--json", description = "Print one line of JSON for each row.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    List<Figure> figures = figures();
    int trials = seeds.orElse(quick ? QUICK_SEEDS : FULL_SEEDS);
    int sideBySide = jobs.orElse(Runtime.getRuntime().availableProcessors());
    require(trials >= 1 && trials <= MOST_SEEDS, "--seeds: 1 to " + MOST_SEEDS);
    require(sideBySide >= 1 && sideBySide <= MOST_JOBS, "--jobs: 1 to " + MOST_JOBS);
    require(seed <= Long.MAX_VALUE - trials, "--seed: too large for that many seeds");
    checkFolder();
    FiguresOptions options =
        new FiguresOptions(
            figures, folder, quick, trials, seed, sideBySide, series(figures), code());
    Instant start = Instant.now();
    FiguresResult result = measured(options);
    ResultsPage report = new ResultsPage(options, result, parameters(options, start));
    try {
      report.write();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    say("report: " + folder.resolve(ResultsPage.NAME));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      result
          .tables()
          .values()
          .forEach(rows -> rows.forEach(row -> out.println(Json.line(members(row)))));
    } else {
      report.lines(!names.isEmpty()).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private List<Figure> figures() {
    List<String> drawn = names.stream().filter(name -> !name.equals(OwnFigure.NAME)).toList();
    boolean withOwn = drawn.size() < names.size();
    require(withOwn || !own.given(), OwnFigureOptions.NAMES + " are for 'banyan figures own'");
    List<Figure> figures = new ArrayList<>();
    if (withOwn) {
      figures.add(own.figure());
    }
    if (!drawn.isEmpty() || !withOwn) {
      figures.addAll(FigureList.named(drawn));
    }
    return figures;
  }

  private Set<String> series(List<Figure> figures) {
    Set<String> known = new TreeSet<>();
    for (Figure figure : figures) {
      for (Trial trial : figure.trials(quick)) {
        known.add(trial.series());
        known.add(figure.plot().contender(trial.series()));
      }
    }
    if (series.equals(List.of(ALL))) {
      return known;
    }
    for (String name : series) {
      require(
          known.contains(name),
          "--series: no series '%s' here: %s, or all".formatted(name, String.join(", ", known)));
    }
    return new TreeSet<>(series);
  }

  private Map<String, String> parameters(FiguresOptions options, Instant start) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("version", String.join(", ", new ProgramVersion().getVersion()));
    SourceCommit.around(built())
        .ifPresent(commit ->
            parameters.put(
                "commit", commit + " (checked out; what is not committed does not show)"));
    parameters.put(
        "figures", String.join(", ", options.figures().stream().map(Figure::name).toList()));
    parameters.put(
        "seeds",
        "%d from %d; expensive trials fewer: the column trials tells"
            .formatted(options.seeds(), options.seed()));
    parameters.put("quick", options.quick() ? "yes" : "no");
    parameters.put("side by side", String.valueOf(options.jobs()));
    parameters.put(
        "machine",
        "%s %s, %d processors, heap up to %d MiB"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20));
    parameters.put("begun", start.truncatedTo(ChronoUnit.SECONDS).toString());
    parameters.put("took", Duration.between(start, Instant.now()).toSeconds() + " s");
    return parameters;
  }

  /// Before any long work starts.
  private void checkFolder() {
    Folders.requireWritable(folder, "--out");
  }

  private UserError cannotWrite(IOException e) {
    return Folders.cannotWrite(folder, "--out", e);
  }

  /// This build, and when it was made.
  private static String code() {
    try {
      return Files.getLastModifiedTime(built()).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path built() {
    try {
      return Path.of(
          FiguresCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private FiguresResult measured(FiguresOptions options) throws InterruptedException {
    try {
      return FiguresRun.measure(options, this::say);
    } catch (FiguresException e) {
      throw UserError.failed(String.valueOf(e.getMessage()));
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private static Map<String, Object> members(Row row) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("figure", row.figure());
    members.put("series", row.series());
    members.put("x", row.x());
    members.put("metric", row.metric());
    members.put("mean", row.mean());
    members.put("stdev", row.stdev());
    members.put("trials", row.trials());
    return members;
  }
}
