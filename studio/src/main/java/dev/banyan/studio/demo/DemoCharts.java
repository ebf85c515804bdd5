package dev.banyan.studio.demo;

import dev.banyan.lab.charts.Axis;
import dev.banyan.lab.charts.Curve;
import dev.banyan.lab.charts.Look;
import dev.banyan.lab.charts.Pictures;
import dev.banyan.lab.charts.XyChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Figures 2 and 3 of the paper, drawn from what this run measured, and the numbers behind them.
final class DemoCharts {

  private static final Look LOOKED_AT = new Look(2, 0);
  private static final Look COUNTED = new Look(7, 0);
  private static final double HEADROOM = 1.15;

  private final List<Sample> samples;
  private final List<Phase> phases;

  DemoCharts(List<Sample> samples, List<Phase> phases) {
    this.samples = List.copyOf(samples);
    this.phases = List.copyOf(phases);
  }

  /// Writes `figure2` and `figure3` in every kind of file, and `samples.csv`.
  void write(Path directory) throws IOException {
    writeCsv(directory.resolve("samples.csv"));
    if (samples.size() < 2) {
      return;
    }
    Pictures.save(
        chart(
            "Maximum tree imbalance and participating nodes",
            new Shown("maximum imbalance (clients)", Sample::maxImbalance),
            new Shown("participating nodes", Sample::members)),
        directory,
        "figure2");
    Pictures.save(
        chart(
            "Mean client distance from the root and participating clients",
            new Shown("mean client depth (links)", Sample::meanClientDepth),
            new Shown("participating clients", Sample::clients)),
        directory,
        "figure3");
  }

  /// What of a sample is drawn.
  private record Shown(String name, ToDoubleFunction<Sample> value) {}

  private XyChart chart(String title, Shown left, Shown right) {
    double end = samples.getLast().seconds();
    List<XyChart.Phase> parts = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      double to = i + 1 < phases.size() ? phases.get(i + 1).startSeconds() : end;
      parts.add(new XyChart.Phase(phases.get(i).name(), phases.get(i).startSeconds(), to));
    }
    return new XyChart(
        title,
        Axis.upTo("time (s)", end),
        axis(left),
        List.of(curve(left, LOOKED_AT)),
        Optional.of(axis(right)),
        List.of(curve(right, COUNTED)),
        parts);
  }

  /// From 0, with room for the names of the phases.
  private Axis axis(Shown shown) {
    double most =
        samples.stream().mapToDouble(shown.value).filter(Double::isFinite).max().orElse(0);
    return Axis.upTo(shown.name, Math.max(2, most * HEADROOM));
  }

  private Curve curve(Shown shown, Look look) {
    return new Curve(
        shown.name,
        look,
        samples.stream().mapToDouble(Sample::seconds).toArray(),
        samples.stream().mapToDouble(shown.value).toArray(),
        new double[0],
        Curve.Style.STEPS);
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
