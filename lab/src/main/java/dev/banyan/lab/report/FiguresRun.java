package dev.banyan.lab.report;

import dev.banyan.lab.figures.Figure;
import dev.banyan.lab.figures.Plot;
import dev.banyan.lab.figures.Row;
import dev.banyan.lab.figures.Rows;
import dev.banyan.lab.figures.Trial;
import dev.banyan.lab.report.FiguresResult.Picture;
import dev.banyan.sim.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Measures figures: all trials with all seeds, some side by side; then writes each figure as soon as it is complete.
///
/// The first seed of everything comes first, so that the time that is left can be told early. What ran first shows in no
/// result.
public final class FiguresRun {

  private static final long PROGRESS_NANOS = 5_000_000_000L;

  /// @param trial with this seed
  private record Work(Trial trial, Journal.Key key) {}

  private record Done(Work work, List<Trial.Value> values, long tookNanos) {}

  private final FiguresOptions options;
  private final Consumer<String> progress;
  private final Map<Figure, List<Trial>> trials = new LinkedHashMap<>();
  private final Map<Figure, Integer> missing = new LinkedHashMap<>();

  /// The figures that a trial is for.
  private final Map<Journal.Key, List<Figure>> waiting = new LinkedHashMap<>();

  private final Map<Journal.Key, List<Trial.Value>> results = new LinkedHashMap<>();
  private final Map<String, List<Row>> tables = new LinkedHashMap<>();
  private final List<Picture> pictures = new ArrayList<>();
  private final Map<String, Long> trialNanos = new LinkedHashMap<>();
  private final Estimate estimate = new Estimate();
  private long toldNanos = System.nanoTime();

  private FiguresRun(FiguresOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
    for (Figure figure : options.figures()) {
      trials.put(figure, figure.trials(options.quick()));
      missing.put(figure, 0);
    }
  }

  /// Measures and writes.
  ///
  /// @param progress told in lines, on the calling thread
  /// @throws FiguresException when the folder cannot be written or a trial fails
  public static FiguresResult measure(FiguresOptions options, Consumer<String> progress)
      throws InterruptedException {
    FiguresRun run = new FiguresRun(options, progress);
    try {
      Files.createDirectories(options.folder());
      try (Journal journal = Journal.open(options.folder(), options.code())) {
        run.run(journal);
        journal.finish();
      }
    } catch (IOException e) {
      throw new FiguresException(
          "%s cannot be written (%s): choose another folder with --out"
              .formatted(options.folder(), e));
    }
    return new FiguresResult(run.tables, run.pictures, run.trialNanos);
  }

  private void run(Journal journal) throws IOException, InterruptedException {
    List<Work> work = plan(journal);
    for (Figure figure : options.figures()) {
      writeIfComplete(figure);
    }
    if (work.isEmpty()) {
      return;
    }
    progress.accept(
        "%s to run, %d side by side, about %s%s"
            .formatted(
                work.size() == 1 ? "1 trial" : work.size() + " trials",
                options.jobs(),
                duration(estimate.secondsLeft(options.jobs())),
                results.isEmpty() ? "" : "; " + results.size() + " were done before"));
    ExecutorService pool = Executors.newFixedThreadPool(options.jobs());
    try {
      CompletionService<Done> service = new ExecutorCompletionService<>(pool);
      work.forEach(next -> service.submit(() -> measure(next)));
      for (int left = work.size() - 1; left >= 0; left--) {
        take(service.take().get(), journal, left);
      }
    } catch (ExecutionException e) {
      throw failed(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static RuntimeException failed(ExecutionException e) {
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(e);
  }

  /// The longest first of each seed, so that nobody waits for one of them at the end.
  private List<Work> plan(Journal journal) {
    List<Work> all = new ArrayList<>();
    for (int i = 0; i < options.seeds(); i++) {
      List<Work> work = new ArrayList<>();
      for (Figure figure : options.figures()) {
        for (Trial trial : trials.getOrDefault(figure, List.of())) {
          if (i >= trial.mostSeeds()) {
            continue;
          }
          Journal.Key key = key(figure, trial, options.seed() + i);
          List<Trial.Value> known = journal.done().get(key);
          if (known != null) {
            results.put(key, known);
            continue;
          }
          List<Figure> figures = waiting.computeIfAbsent(key, k -> new ArrayList<>());
          if (figures.isEmpty()) {
            work.add(new Work(trial, key));
            estimate.plan(key, trial.expectedSeconds());
          }
          figures.add(figure);
          missing.merge(figure, 1, Integer::sum);
        }
      }
      work.sort(
          Comparator.comparingDouble((Work each) -> each.trial().expectedSeconds()).reversed());
      all.addAll(work);
    }
    return all;
  }

  private static Journal.Key key(Figure figure, Trial trial, long seed) {
    return new Journal.Key(figure.measuredFor(), trial.measuredAs(), trial.configuration(), seed);
  }

  private static Done measure(Work work) {
    long start = System.nanoTime();
    try {
      List<Trial.Value> values = work.trial().measure(work.key().seed());
      return new Done(work, values, System.nanoTime() - start);
    } catch (Violation violation) {
      throw new FiguresException(
          "%s, %s, seed %d: a check did not hold: %s"
              .formatted(
                  work.key().figure(),
                  work.trial().series(),
                  work.key().seed(),
                  violation.getMessage()));
    }
  }

  private void take(Done done, Journal journal, int left) throws IOException {
    Journal.Key key = done.work().key();
    journal.add(key, done.values());
    results.put(key, done.values());
    estimate.done(key, done.tookNanos() / 1e9);
    trialNanos.merge(key.figure(), done.tookNanos(), Long::sum);
    for (Figure figure : waiting.getOrDefault(key, List.of())) {
      missing.merge(figure, -1, Integer::sum);
      writeIfComplete(figure);
    }
    if (left > 0 && System.nanoTime() - toldNanos >= PROGRESS_NANOS) {
      toldNanos = System.nanoTime();
      progress.accept(
          "%s left, about %s"
              .formatted(
                  left == 1 ? "1 trial" : left + " trials",
                  duration(estimate.secondsLeft(options.jobs()))));
    }
  }

  /// As exact as an estimate is.
  static String duration(double seconds) {
    double minute = Duration.ofMinutes(1).toSeconds();
    return seconds < 2 * minute
        ? String.format(Locale.ROOT, "%.0f s", Math.max(1, seconds))
        : String.format(Locale.ROOT, "%.0f min", seconds / minute);
  }

  private void writeIfComplete(Figure figure) throws IOException {
    if (missing.getOrDefault(figure, 0) > 0) {
      return;
    }
    List<Row> rows = rows(figure);
    String name = figure.fileName();
    StringBuilder csv = new StringBuilder(Row.CSV_HEADER).append('\n');
    rows.forEach(row -> csv.append(row.csv()).append('\n'));
    Path whole = options.folder().resolve(name + ".csv");
    Path part = options.folder().resolve("." + name + ".csv");
    Files.writeString(part, csv);
    Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    draw(figure.title(), figure.plot(), figure, rows, "");
    for (Figure.Sequel sequel : figure.sequels()) {
      draw(sequel.title(), sequel.plot(), figure, rows, sequel.suffix());
    }
    tables.put(figure.name(), rows);
    progress.accept("figure %s: %s".formatted(figure.name(), whole));
  }

  /// @param suffix ends the names of the files
  private void draw(String title, Plot plot, Figure figure, List<Row> rows, String suffix)
      throws IOException {
    List<Row> drawn = rows.stream().filter(row -> plot.draws(row, options.series())).toList();
    int seeds = drawn.stream().mapToInt(Row::trials).max().orElse(0);
    String provenance =
        "%d %s from %d%s"
            .formatted(
                seeds,
                seeds == 1 ? "seed" : "seeds",
                options.seed(),
                options.quick() ? ", quick" : "");
    String name = figure.fileName() + suffix;
    if (new FigureChart(capital(title), plot, rows, options.series())
        .save(options.folder(), name)) {
      pictures.add(new Picture(figure, name, title, provenance));
    }
  }

  private static String capital(String title) {
    return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
  }

  private List<Row> rows(Figure figure) {
    Rows rows = new Rows(figure.name());
    for (Trial trial : trials.getOrDefault(figure, List.of())) {
      int seeds = Math.min(trial.mostSeeds(), options.seeds());
      for (int i = 0; i < seeds; i++) {
        Journal.Key key = key(figure, trial, options.seed() + i);
        rows.add(
            trial.series(),
            results.getOrDefault(key, List.of()).stream().filter(figure::keeps).toList());
      }
    }
    List<Row> all = new ArrayList<>(rows.rows());
    List<String> growing = growing(figure);
    if (!growing.isEmpty()) {
      all.addAll(rows.growth(growing));
    }
    return all;
  }

  /// The metrics of which a picture tells the growth.
  private static List<String> growing(Figure figure) {
    return Stream.concat(
            Stream.of(figure.plot()), figure.sequels().stream().map(Figure.Sequel::plot))
        .filter(plot -> plot.kind() == Plot.Kind.GROWTH)
        .flatMap(plot -> plot.metrics().stream())
        .distinct()
        .toList();
  }
}
