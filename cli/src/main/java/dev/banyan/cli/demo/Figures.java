package dev.banyan.cli.demo;

import dev.banyan.cli.figures.Pictures;
import dev.banyan.cli.figures.TimeChart;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;

/// Figures 2 and 3 of the paper, drawn from what this run measured, and the numbers behind them.
final class Figures {

  private final List<Sample> samples;
  private final List<Phase> phases;
  private final String note;

  /// @param note one line under which the figures stand: nodes, seed, speed
  Figures(List<Sample> samples, List<Phase> phases, String note) {
    this.samples = List.copyOf(samples);
    this.phases = List.copyOf(phases);
    this.note = note;
  }

  /// Writes `figure2` and `figure3` as `.png` and `.svg`, and `samples.csv`.
  void write(Path directory) throws IOException {
    System.setProperty("java.awt.headless", "true");
    writeCsv(directory.resolve("samples.csv"));
    if (samples.size() < 2) {
      return;
    }
    Pictures.save(
        chart(
            "Figure 2: maximum tree imbalance and participating nodes",
            new Curve("maximum imbalance (clients)", Sample::maxImbalance),
            new Curve("participating nodes", Sample::members)),
        directory,
        "figure2");
    Pictures.save(
        chart(
            "Figure 3: mean client distance from the root and participating clients",
            new Curve("mean client depth (links)", Sample::meanClientDepth),
            new Curve("participating clients", Sample::clients)),
        directory,
        "figure3");
  }

  private record Curve(String name, ToDoubleFunction<Sample> value) {}

  private XYChart chart(String title, Curve left, Curve right) {
    TimeChart chart = new TimeChart(title + " — " + note, "time (s)", left.name(), right.name());
    add(chart, left, TimeChart.Axis.LEFT, Pictures.RED);
    add(chart, right, TimeChart.Axis.RIGHT, Pictures.BLUE);
    double end = samples.getLast().seconds();
    for (int i = 0; i < phases.size(); i++) {
      double to = i + 1 < phases.size() ? phases.get(i + 1).startSeconds() : end;
      chart.phase(phases.get(i).name(), phases.get(i).startSeconds(), to);
    }
    return chart.chart();
  }

  private void add(TimeChart chart, Curve curve, TimeChart.Axis axis, Color color) {
    chart.steps(
        curve.name(),
        samples.stream().mapToDouble(Sample::seconds).toArray(),
        samples.stream().mapToDouble(curve.value()).toArray(),
        axis,
        color);
  }

  private void writeCsv(Path file) throws IOException {
    StringBuilder csv =
        new StringBuilder("seconds,nodes,clients,maxImbalance,meanClientDepth,liveNodes\n");
    for (Sample sample : samples) {
      csv.append(
          String.format(
              Locale.ROOT,
              "%.3f,%d,%d,%d,%s,%d%n",
              sample.seconds(),
              sample.members(),
              sample.clients(),
              sample.maxImbalance(),
              Double.isNaN(sample.meanClientDepth())
                  ? ""
                  : String.format(Locale.ROOT, "%.4f", sample.meanClientDepth()),
              sample.attached()));
    }
    Files.writeString(file, csv);
  }
}
