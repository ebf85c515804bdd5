package dev.banyan.lab.charts;

import java.awt.Color;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.LengthAdjustmentType;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;

/// Curves over a number. A second axis on the right has its own scale; its curves are drawn behind the others.
///
/// @param right the axis of `behind`, if there are any
/// @param phases named parts of the x axis
public record XyChart(
    String title,
    Axis x,
    Axis y,
    List<Curve> curves,
    Optional<Axis> right,
    List<Curve> behind,
    List<Phase> phases)
    implements Drawing {

  private static final Color NOTHING = new Color(0, 0, 0, 0);

  /// Least share of the axis in which a name has room.
  private static final double NAMED = 0.1;

  /// A part of the x axis with a name.
  public record Phase(String name, double from, double to) {}

  public XyChart {
    curves = List.copyOf(curves);
    behind = List.copyOf(behind);
    phases = List.copyOf(phases);
  }

  /// With one axis for all curves.
  public XyChart(String title, Axis x, Axis y, List<Curve> curves) {
    this(title, x, y, curves, Optional.empty(), List.of(), List.of());
  }

  @Override
  public int plotHeight() {
    return USUAL_HEIGHT;
  }

  @Override
  public Plot plot() {
    XYPlot plot = new XYPlot();
    Ink.dress(plot);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDomainAxis(x.drawn());
    plot.setRangeAxis(y.drawn());
    LegendItemCollection names = new LegendItemCollection();
    LegendItemCollection namesBehind = new LegendItemCollection();
    right.ifPresent(axis -> {
      plot.setRangeAxis(1, axis.drawn());
      plot.setRangeAxisLocation(1, AxisLocation.BOTTOM_OR_RIGHT);
      behind.forEach(curve -> add(plot, curve, axis, 1, namesBehind));
    });
    curves.forEach(curve -> add(plot, curve, y, 0, names));
    names.addAll(namesBehind);
    plot.setFixedLegendItems(names);
    phases.forEach(phase -> plot.addDomainMarker(marker(phase), Layer.BACKGROUND));
    return plot;
  }

  private static void add(
      XYPlot plot, Curve curve, Axis axis, int axisIndex, LegendItemCollection names) {
    int index = plot.getDatasetCount();
    XYLineAndShapeRenderer renderer = curve.renderer();
    plot.setDataset(index, curve.data(axis));
    plot.setRenderer(index, renderer);
    plot.mapDatasetToRangeAxis(index, axisIndex);
    names.add(renderer.getLegendItem(index, 0));
  }

  private IntervalMarker marker(Phase phase) {
    IntervalMarker marker = new IntervalMarker(phase.from, phase.to, NOTHING);
    marker.setOutlinePaint(Ink.FAINT);
    marker.setOutlineStroke(Ink.line(0.8f, 3, 3));
    if (phase.to - phase.from > NAMED * (x.most() - x.least())) {
      marker.setLabel(phase.name);
      marker.setLabelFont(Ink.SMALL);
      marker.setLabelPaint(Ink.DARK);
      marker.setLabelBackgroundColor(NOTHING);
      marker.setLabelAnchor(RectangleAnchor.TOP);
      marker.setLabelTextAnchor(TextAnchor.TOP_CENTER);
      marker.setLabelOffsetType(LengthAdjustmentType.CONTRACT);
    }
    return marker;
  }
}
