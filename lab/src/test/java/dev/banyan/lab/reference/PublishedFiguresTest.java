package dev.banyan.lab.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds generated runs against what the published simulator measured (`published-figures.csv`: a few trials of each
/// configuration, so its means are themselves uncertain).
@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishedFiguresTest {

  private static final int SEEDS = 24;
  private static final double TOLERANCE = 0.03;

  private static final Pattern TREE = Pattern.compile("h=\\d+ W=(\\d+) R=(\\d+) tasks=(\\d+)");
  private static final Pattern EIGHT = Pattern.compile("W\\((\\d)x(\\d)\\) 512,tf1 (\\w+)");

  private record Published(double mean, double stdev, int trials) {
    /// Of the mean.
    double standardError() {
      return stdev / Math.sqrt(trials);
    }
  }

  static Stream<Arguments> rowsOf512Tasks() throws IOException {
    Map<String, Map<String, Published>> rows = new LinkedHashMap<>();
    for (String line : lines()) {
      List<String> cells = cells(line);
      if (cells.get(1).contains("512")) {
        double stdev = cells.get(4).isEmpty() ? 0 : Double.parseDouble(cells.get(4));
        rows.computeIfAbsent(cells.get(0) + " " + cells.get(1), k -> new LinkedHashMap<>())
            .put(
                cells.get(2),
                new Published(
                    Double.parseDouble(cells.get(3)), stdev, Integer.parseInt(cells.get(5))));
      }
    }
    assertThat(rows).hasSizeGreaterThan(30);
    return rows.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                PublishedFiguresTest.class.getResourceAsStream("published-figures.csv"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).toList();
    }
  }

  /// Splits at commas outside quotes.
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : (line + ",").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    return cells;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsOf512Tasks")
  void runs_of_512_tasks_cost_what_was_published(String row, Map<String, Published> published) {
    Setup setup = setup(row);
    List<Measured> runs =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> PublishedRun.measure(setup, seed))
            .toList();
    Map<String, ToDoubleFunction<Measured>> metrics = new LinkedHashMap<>();
    metrics.put("root_packets", Measured::rootPackets);
    metrics.put("total_packets", Measured::totalPackets);
    metrics.put("IR0_packets", run -> run.routerPackets().get(0));
    metrics.put("IR1_packets", run -> run.routerPackets().get(1));
    metrics.forEach((name, of) -> {
      Published want = published.get(name);
      if (want != null) {
        // A single router's published trials scatter by more than 3%: their own error (95%) is on
        // top.
        double slack = name.startsWith("IR") ? 1.96 * want.standardError() : 0;
        assertThat(mean(runs, of))
            .as(name)
            .isBetween(
                want.mean() * (1 - TOLERANCE) - slack, want.mean() * (1 + TOLERANCE) + slack);
      }
    });
  }

  private static double mean(List<Measured> runs, ToDoubleFunction<Measured> of) {
    return runs.stream().mapToDouble(of).average().orElseThrow();
  }

  private static Setup setup(String row) {
    Matcher eight = EIGHT.matcher(row);
    if (eight.find()) {
      boolean fault = eight.group(3).equals("key0bug");
      Workload workload =
          new Workload(
              Integer.parseInt(eight.group(1)), Integer.parseInt(eight.group(2)), fault ? 0 : 1);
      return Setup.tree(2, 6, 8, new Rules(true, fault), workload, 512, Pace.published(11.1, 1));
    }
    Matcher tree = TREE.matcher(row);
    assertThat(tree.find()).as(row).isTrue();
    int workers = Integer.parseInt(tree.group(1));
    int routers = Integer.parseInt(tree.group(2));
    boolean unsharded = row.contains("flat") || row.contains("unsharded");
    return new Setup(
        Setup.Shape.TREE,
        routers,
        workers,
        3,
        3,
        unsharded ? Rules.UNSHARDED : Rules.PUBLISHED,
        new Workload(4, 5, 0),
        Integer.parseInt(tree.group(3)),
        row.contains("gap=1ms") ? Pace.fittedTo512Tasks(workers) : Pace.published(11.1, 1));
  }
}
