package dev.banyan.lab.figures;

import dev.banyan.sim.trial.MassDeathTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is left when 10 to 95% of all nodes die in one instant: see [MassDeathTrial]. Ten thousand nodes; a thousand with
/// `quick`.
public final class MassDeathFigure implements Figure {

  private static final int NODES = 10_000;
  private static final int QUICK_NODES = 1_000;

  /// A trial takes about 5 s, with `quick` half a second.
  private static final int MOST_SEEDS = 2;

  private static final int QUICK_SEEDS = 2;

  private static final List<Integer> PERCENTS = List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 95);
  private static final List<Integer> QUICK_PERCENTS = List.of(10, 50, 80, 95);

  /// Ends the name of the series of those that lose power.
  private static final String POWERLESS = "-powerless";

  private static final String REPAIR = "repair_seconds";
  private static final String AT_ONCE = "delivery_ratio_first_second";
  private static final String AFTERWARDS = "delivery_ratio_repaired";

  @Override
  public String name() {
    return "mass-death";
  }

  @Override
  public String title() {
    return "deliveries when a share of all nodes dies in one instant";
  }

  @Override
  public String explanation() {
    return """
    Real nodes in virtual time, one in ten of them a router; in one instant a share of all dies: \
    killed, so that connections are reset, or without power, so that silence must be noticed first. \
    First second: multicasts to everybody from the death on; repaired: once every survivor's way up \
    ends at the root. Deliveries are due at all survivors. After the evaluations of HyParView and \
    Plumtree (Leitão, Pereira, Rodrigues, 2007).\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (boolean powerless : new boolean[] {false, true}) {
      for (int percent : quick ? QUICK_PERCENTS : PERCENTS) {
        MassDeathTrial trial = new MassDeathTrial(quick ? QUICK_NODES : NODES, percent, powerless);
        trials.add(new Death(trial, quick ? QUICK_SEEDS : MOST_SEEDS));
      }
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return bars("share of due deliveries that came", AT_ONCE, AFTERWARDS);
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-repair",
            "how long until the survivors are one tree",
            bars("seconds until one tree", REPAIR)),
        new Sequel(
            "-last-hop",
            "links that the last delivery crosses once there is one tree",
            bars("last delivery hop (links)", Metric.LAST_HOP)));
  }

  private static Plot bars(String yTitle, String... metrics) {
    return new Plot(
        Plot.Kind.BARS,
        "percent of all nodes that die",
        yTitle,
        List.of(metrics),
        Set.of(),
        Map.of(
            "",
            "killed",
            POWERLESS,
            "without power",
            AT_ONCE,
            "first second",
            AFTERWARDS,
            "repaired"));
  }

  private record Death(MassDeathTrial trial, int mostSeeds) implements Trial {

    @Override
    public String series() {
      return "banyan" + (trial.powerless() ? POWERLESS : "");
    }

    @Override
    public String configuration() {
      return trial.toString();
    }

    @Override
    public double expectedSeconds() {
      return 0.0006 * trial.nodes();
    }

    @Override
    public List<Value> measure(long seed) {
      MassDeathTrial.Measured measured = trial.measure(seed);
      String x = String.valueOf(trial.percent());
      return List.of(
          new Value(x, REPAIR, measured.repairSeconds()),
          new Value(x, AT_ONCE, measured.ratioAtOnce()),
          new Value(x, AFTERWARDS, measured.ratioAfterwards()),
          new Value(x, Metric.REDUNDANCY, measured.redundancy()),
          new Value(x, Metric.LAST_HOP, measured.lastHop()));
    }
  }
}
