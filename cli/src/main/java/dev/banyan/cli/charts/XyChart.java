package dev.banyan.cli.charts;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  private static final double CAP = 2.2;
  private static final Pen.Line PHASE = new Pen.Line(Pen.FAINT, 0.8f, 3, 3);

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

  private Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    curves.forEach(curve -> entries.add(entry(curve)));
    behind.forEach(curve -> entries.add(entry(curve)));
    return new Legend(entries);
  }

  private static Legend.Entry entry(Curve curve) {
    boolean marked = curve.style() == Curve.Style.POINTS;
    return new Legend.Entry(
        curve.name(), curve.look(), marked ? Legend.Kind.MARKED_LINE : Legend.Kind.LINE);
  }

  @Override
  public int height() {
    return (int) Math.ceil(Frame.around(x, y, right).below() + legend().height() + 4);
  }

  @Override
  public void draw(Pen pen) {
    Frame frame = Frame.around(x, y, right);
    frame.drawY(pen, y);
    frame.drawX(pen, x);
    for (Phase phase : phases) {
      draw(pen, frame, phase);
    }
    right.ifPresent(axis -> {
      frame.drawRight(pen, axis);
      behind.forEach(curve -> draw(pen, frame, axis, curve));
    });
    curves.forEach(curve -> band(pen, frame, curve));
    curves.forEach(curve -> draw(pen, frame, y, curve));
    legend().draw(pen, frame.below());
  }

  private void draw(Pen pen, Frame frame, Phase phase) {
    double from = x.place(phase.from);
    double to = x.place(phase.to);
    if (from > 0) {
      pen.line(frame.x(from), frame.top(), frame.x(from), frame.bottom(), PHASE);
    }
    if (to - from > NAMED) {
      pen.text(
          phase.name,
          frame.x((from + to) / 2),
          frame.top() + 9,
          Surface.Align.CENTER,
          Pen.SIZE - 1);
    }
  }

  private void band(Pen pen, Frame frame, Curve curve) {
    if (curve.style() != Curve.Style.LINE || curve.spread().length == 0) {
      return;
    }
    Path2D area = new Path2D.Double();
    int points = curve.xs().length;
    for (int i = 0; i < 2 * points; i++) {
      int at = i < points ? i : 2 * points - 1 - i;
      double value = i < points ? curve.high(at) : curve.low(at);
      double px = frame.x(x.place(curve.xs()[at]));
      double py = frame.y(within(y.place(value)));
      if (i == 0) {
        area.moveTo(px, py);
      } else {
        area.lineTo(px, py);
      }
    }
    area.closePath();
    pen.fill(area, curve.look().pale());
  }

  private static double within(double place) {
    return Math.max(0, Math.min(1, place));
  }

  private void draw(Pen pen, Frame frame, Axis axis, Curve curve) {
    Path2D path = new Path2D.Double();
    boolean begun = false;
    double before = 0;
    for (int i = 0; i < curve.xs().length; i++) {
      if (!Double.isFinite(curve.ys()[i])) {
        begun = false;
        continue;
      }
      double px = frame.x(x.place(curve.xs()[i]));
      double py = frame.y(within(axis.place(curve.ys()[i])));
      if (!begun) {
        path.moveTo(px, py);
      } else if (curve.style() == Curve.Style.STEPS) {
        path.lineTo(px, before);
        path.lineTo(px, py);
      } else {
        path.lineTo(px, py);
      }
      begun = true;
      before = py;
    }
    pen.stroke(path, curve.look().line());
    if (curve.style() == Curve.Style.POINTS) {
      points(pen, frame, axis, curve);
    }
  }

  private void points(Pen pen, Frame frame, Axis axis, Curve curve) {
    Look look = curve.look();
    for (int i = 0; i < curve.xs().length; i++) {
      double px = frame.x(x.place(curve.xs()[i]));
      double py = frame.y(within(axis.place(curve.ys()[i])));
      if (curve.high(i) > curve.ys()[i]) {
        double high = frame.y(within(axis.place(curve.high(i))));
        double low = axis.logarithmic() && curve.low(i) <= 0 ? 0 : axis.place(curve.low(i));
        spread(pen, px, frame.y(within(low)), high, look);
      }
      look.marker().draw(pen, px, py, look.radius(), look.color(), look.filled());
    }
  }

  static void spread(Pen pen, double px, double low, double high, Look look) {
    pen.line(px, low, px, high, look.thin());
    pen.line(px - CAP, low, px + CAP, low, look.thin());
    pen.line(px - CAP, high, px + CAP, high, look.thin());
  }
}
