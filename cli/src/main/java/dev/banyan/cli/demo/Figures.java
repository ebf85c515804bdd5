package dev.banyan.cli.demo;

import dev.banyan.cli.figures.Pictures;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

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
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title(title + " — " + note)
            .xAxisTitle("time (s)")
            .build();
    var style = chart.getStyler();
    Pictures.style(style);
    style.setXAxisMin(0.0);
    style.setXAxisDecimalPattern("0");
    style.setXAxisTickMarkSpacingHint(120);
    style.setYAxisMin(0, 0.0);
    style.setYAxisMin(1, 0.0);
    style.setYAxisMax(0, ceiling(left));
    style.setYAxisMax(1, ceiling(right));
    style.setYAxisGroupPosition(1, YAxisPosition.Right);
    chart.setYAxisGroupTitle(0, left.name());
    chart.setYAxisGroupTitle(1, right.name());
    add(chart, left, 0, Pictures.RED);
    add(chart, right, 1, Pictures.BLUE);
    markPhases(chart, ceiling(left));
    return chart;
  }

  private double ceiling(Curve curve) {
    double max =
        samples.stream().mapToDouble(curve.value()).filter(Double::isFinite).max().orElse(1);
    return Math.max(2, Math.ceil(max * 1.12));
  }

  /// A curve of steps: between two samples the value is the earlier one's. Samples that change nothing are left out.
  private void add(XYChart chart, Curve curve, int axis, Color color) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    double previous = Double.NaN;
    for (Sample sample : samples) {
      double value = curve.value().applyAsDouble(sample);
      boolean first = xs.isEmpty();
      if (first || Double.compare(value, previous) != 0 || sample.equals(samples.getLast())) {
        if (!first) {
          xs.add(sample.seconds());
          ys.add(previous);
        }
        xs.add(sample.seconds());
        ys.add(value);
      }
      previous = value;
    }
    XYSeries series = chart.addSeries(curve.name(), xs, ys);
    series.setYAxisGroup(axis);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineWidth(1.8f);
  }

  private void markPhases(XYChart chart, double top) {
    chart.getStyler().setAnnotationLineColor(Pictures.FAINT);
    chart.getStyler().setAnnotationTextFontColor(Pictures.INK);
    for (Phase phase : phases) {
      if (phase.startSeconds() > 0) {
        chart.addAnnotation(new AnnotationLine(phase.startSeconds(), true, false));
      }
    }
    double end = samples.getLast().seconds();
    for (int i = 0; i < phases.size(); i++) {
      double from = phases.get(i).startSeconds();
      double to = i + 1 < phases.size() ? phases.get(i + 1).startSeconds() : end;
      if (to - from > end / 12) {
        chart.addAnnotation(
            new AnnotationText(phases.get(i).name(), (from + to) / 2, top * 0.97, false));
      }
    }
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
