package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Setup;
import java.util.ArrayList;
import java.util.List;

/// A figure that puts configurations to contenders, and takes some of what each measures.
///
/// @param measuredFor whose trials these are, if another figure has the same
/// @param explanation what a reader of its pictures must know
/// @param metrics that its rows have, in their order; one that a contender does not measure is left out
public record SweepFigure(
    String name,
    String measuredFor,
    String title,
    String explanation,
    List<Contender> contenders,
    List<Point> points,
    List<String> metrics,
    Plot plot,
    List<Sequel> sequels)
    implements Figure {

  public SweepFigure {
    contenders = List.copyOf(contenders);
    points = List.copyOf(points);
    metrics = List.copyOf(metrics);
    sequels = List.copyOf(sequels);
  }

  /// A configuration and where it stands.
  ///
  /// @param variant ends the name of the series: empty, or `-flat`
  /// @param quick also with `--quick`
  public record Point(String variant, String x, Setup setup, boolean quick) {}

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (Contender contender : contenders) {
      for (Point point : points) {
        if ((point.quick() || !quick) && contender.takes(point, quick)) {
          trials.add(new PointTrial(contender, point, metrics));
        }
      }
    }
    return trials;
  }

  private record PointTrial(Contender contender, Point point, List<String> metrics)
      implements Trial {

    @Override
    public String series() {
      return contender.series() + point.variant();
    }

    @Override
    public String measuredAs() {
      return contender.series();
    }

    @Override
    public String configuration() {
      return point.x() + " " + point.setup() + " " + contender.settings();
    }

    @Override
    public double expectedSeconds() {
      return contender.expectedSeconds(point.setup());
    }

    @Override
    public List<Value> measure(long seed) {
      return Trial.values(point.x(), metrics, contender.measure(point.setup(), seed));
    }
  }
}
