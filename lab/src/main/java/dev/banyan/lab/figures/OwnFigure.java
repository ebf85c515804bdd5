package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Configurations of one's own, measured like figures 4 to 6: the whole run.
public final class OwnFigure {

  public static final String NAME = "own";

  private static final Map<String, String> NAMES =
      Map.of(
          Metric.ROOT_PACKETS,
          "root",
          Metric.ROUTER_PACKETS_MEAN,
          "mean router",
          Metric.HOST_PACKETS_MAX,
          "busiest host",
          Metric.HOST_PACKETS_MEAN,
          "mean host");

  private OwnFigure() {}

  /// @param contenders are measured wherever they can be, whatever it costs
  /// @param remark ends the title; may be empty
  public static Figure of(Setup setup, String remark, List<? extends Contender> contenders) {
    boolean mesh = setup.shape() == Setup.Shape.MESH;
    List<String> drawn =
        mesh
            ? List.of(Metric.HOST_PACKETS_MAX, Metric.HOST_PACKETS_MEAN)
            : List.of(Metric.ROOT_PACKETS, Metric.ROUTER_PACKETS_MEAN);
    String x = setup.work().label();
    return figure(
        title(setup) + remark,
        "",
        contenders,
        List.of(new SweepFigure.Point("", x, setup, true)),
        new Axis(Plot.Kind.BARS, Plot.Kind.BARS, "workload"),
        drawn);
  }

  /// One of a configuration's numbers or names takes several values.
  ///
  /// @param varied its name; the x axis
  /// @param setups by that value, ascending if it is a number
  /// @param growing whether it is a size, over which packets may grow as a power
  public static Figure varying(
      String varied,
      SequencedMap<String, Setup> setups,
      boolean growing,
      String remark,
      List<? extends Contender> contenders) {
    List<SweepFigure.Point> points = new ArrayList<>();
    setups.forEach((x, setup) -> points.add(new SweepFigure.Point("", x, setup, true)));
    boolean numbers = setups.keySet().stream().allMatch(x -> x.matches("\\d+"));
    boolean meshes = setups.values().stream().anyMatch(setup -> setup.shape() == Setup.Shape.MESH);
    Plot.Kind kind = numbers ? Plot.Kind.LEVELS : Plot.Kind.BARS;
    return figure(
        "%s varied: %s%s".formatted(varied, String.join(", ", setups.keySet()), remark),
        " Everything else is as in: "
            + title(setups.firstEntry().getValue())
            + ", with what follows from "
            + varied
            + ".",
        contenders,
        points,
        new Axis(growing && numbers ? Plot.Kind.GROWTH : kind, kind, varied),
        List.of(meshes ? Metric.HOST_PACKETS_MAX : Metric.ROOT_PACKETS));
  }

  /// @param packets how packets are drawn
  /// @param others how everything else is
  private record Axis(Plot.Kind packets, Plot.Kind others, String title) {}

  private static Figure figure(
      String title,
      String more,
      List<? extends Contender> contenders,
      List<SweepFigure.Point> points,
      Axis axis,
      List<String> drawn) {
    List<String> metrics = new ArrayList<>(SweepFigures.WORKLOAD_METRICS);
    metrics.addAll(
        List.of(
            Metric.READS,
            Metric.READS_LOCAL_SHARE,
            Metric.HOST_PACKETS_MAX,
            Metric.HOST_PACKETS_MEAN));
    String yTitle =
        drawn.size() > 1 ? "packets" : "packets, " + NAMES.getOrDefault(drawn.getFirst(), "");
    return new SweepFigure(
        NAME,
        NAME,
        title,
        EXPLANATION + more,
        contenders.stream().<Contender>map(Everywhere::new).toList(),
        points,
        metrics,
        new Plot(axis.packets, axis.title, yTitle, drawn, Set.of(), NAMES),
        List.of(
            sequel(
                "-updates",
                "packets for each update on all links",
                axis,
                "data packets per update",
                Metric.DATA_PACKETS_PER_UPDATE),
            sequel(
                "-tasks",
                "from handing a task in to its result",
                axis,
                "milliseconds",
                Metric.TASK_MILLIS)));
  }

  private static Figure.Sequel sequel(
      String suffix, String title, Axis axis, String yTitle, String metric) {
    return new Figure.Sequel(
        suffix,
        title,
        new Plot(axis.others, axis.title, yTitle, List.of(metric), Set.of(), Map.of()));
  }

  private static final String EXPLANATION =
      """
      Whole runs, from the first join on. “paper” is the published simulator, which has no mesh, no reads and no times; the \\
      others are the node that ships. A packet is one frame on one link, counted for its sender and its receiver; control \\
      (interest, questions, repair) and heartbeats are counted apart, in the table of all numbers.\\
      """;

  /// Whoever asks for a configuration gets it measured, however long it takes.
  private record Everywhere(Contender contender) implements Contender {

    @Override
    public String series() {
      return contender.series();
    }

    @Override
    public String settings() {
      return contender.settings();
    }

    @Override
    public boolean takes(SweepFigure.Point point, boolean quick) {
      return can(point.setup());
    }

    @Override
    public boolean can(Setup setup) {
      return contender.can(setup);
    }

    @Override
    public double expectedSeconds(Setup setup) {
      return contender.expectedSeconds(setup);
    }

    @Override
    public SequencedMap<String, Double> measure(Setup setup, long seed) {
      return contender.measure(setup, seed);
    }
  }

  private static String title(Setup setup) {
    String hosts =
        switch (setup.shape()) {
          case MESH -> "full mesh of %s".formatted(count(setup.workers(), "worker"));
          case TREE ->
              setup.routers() == 0
                  ? "star of %s".formatted(count(setup.workers(), "worker"))
                  : "%s, %s below the root, branching %d"
                      .formatted(
                          count(setup.workers(), "worker"),
                          count(setup.routers(), "router"),
                          setup.branching());
        };
    String label = setup.work().label();
    String work = setup.work() instanceof Workload ? "W(" + label + ")" : label;
    String sharding = setup.rules().sharded() ? "" : ", not sharded";
    return "%s, %s, %s%s".formatted(hosts, work, count(setup.tasks(), "task"), sharding);
  }

  private static String count(int number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
