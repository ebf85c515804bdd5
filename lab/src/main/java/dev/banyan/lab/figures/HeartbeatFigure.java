package dev.banyan.lab.figures;

import dev.banyan.lab.reference.Pace;
import dev.banyan.lab.reference.Rules;
import dev.banyan.lab.reference.Setup;
import dev.banyan.lab.reference.Workload;
import dev.banyan.lab.tasks.NodeRules;
import dev.banyan.lab.tasks.TaskCosts;
import dev.banyan.lab.tasks.TaskCosts.ByKind;
import dev.banyan.lab.tasks.TaskCosts.Traffic;
import dev.banyan.lab.tasks.TaskRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// How much of the traffic is heartbeats, in packets and in bytes, as tasks come faster: claim 4 says that multicasts are
/// far more. Figure 7's tree under W(4x2), the second half of the tasks, when joins and the first use of a key are over.
public final class HeartbeatFigure implements Figure {

  private static final String ROOT_PACKETS = "root_heartbeat_share_of_packets";
  private static final String ROOT_BYTES = "root_heartbeat_share_of_bytes";
  private static final String ROUTER_PACKETS = "router_heartbeat_share_of_packets";
  private static final String ROUTER_BYTES = "router_heartbeat_share_of_bytes";
  private static final String UPDATES_PER_SECOND = "updates_per_second";
  private static final String ROOT_BYTES_PER_SECOND = "root_bytes_per_second";
  private static final String BYTES_OF_A_HEARTBEAT = "bytes_of_a_heartbeat";
  private static final String BYTES_OF_A_DATA_PACKET = "bytes_of_a_data_packet";

  private static final List<Double> TASKS_PER_SECOND = List.of(0.3, 1.0, 3.0, 10.0, 30.0, 90.0);
  private static final List<Double> QUICK_TASKS_PER_SECOND = List.of(0.3, 1.0, 10.0, 90.0);

  private static final int TASKS = 512;

  /// The half-life of interest, in gaps between tasks: a second where figures 8 and 9 have 90 tasks in it. As all times
  /// of the workload grow alike, only heartbeats come more often for each task.
  private static final int HALF_LIFE_TASKS = 90;

  @Override
  public String name() {
    return "heartbeats";
  }

  @Override
  public String title() {
    return "the share of heartbeats over the rate of tasks, W(4x2) on figure 7's tree";
  }

  @Override
  public String explanation() {
    return """
    Claim 4 says that multicasts are far more than heartbeats. That depends on how many there are: \
    heartbeats come once a second on each link, both ways, whatever happens. Shares are of all \
    packets on links, control included, once joins are over; bytes are those of frames, without TCP \
    and IP.\
    """;
  }

  @Override
  public List<Trial> trials(boolean quick) {
    List<Trial> trials = new ArrayList<>();
    for (double rate : quick ? QUICK_TASKS_PER_SECOND : TASKS_PER_SECOND) {
      trials.add(new Entry("paper-rules", NodeRules.PAPER, rate));
      trials.add(new Entry("banyan", NodeRules.BANYAN, rate));
    }
    return trials;
  }

  @Override
  public Plot plot() {
    return plot("heartbeats at the root (share)", ROOT_PACKETS, ROOT_BYTES);
  }

  @Override
  public List<Sequel> sequels() {
    return List.of(
        new Sequel(
            "-routers",
            "the share of heartbeats at a router below the root, mean",
            plot("heartbeats at a router (share)", ROUTER_PACKETS, ROUTER_BYTES)));
  }

  private static Plot plot(String yTitle, String packets, String bytes) {
    return new Plot(
        Plot.Kind.LEVELS,
        "tasks a second (3.5 updates each)",
        yTitle,
        List.of(packets, bytes),
        Set.of(),
        Map.of(packets, "of packets", bytes, "of bytes"));
  }

  private record Entry(String series, NodeRules rules, double rate) implements Trial {

    @Override
    public String configuration() {
      return "%s tasks a second, %d of them, %s".formatted(Row.decimal(rate), TASKS, rules);
    }

    @Override
    public double expectedSeconds() {
      return 0.06 + 0.06 / rate;
    }

    @Override
    public List<Value> measure(long seed) {
      Pace pace = Pace.published(1e3 / rate, 1);
      Setup setup = Setup.tree(2, 6, 8, Rules.SHARDED, Workload.of(4, 2), TASKS, pace);
      Duration halfLife = Duration.ofNanos(HALF_LIFE_TASKS * pace.taskGapNanos());
      TaskCosts costs = TaskRun.measureFrom(TASKS / 2, setup, rules.withHalfLife(halfLife), seed);
      double seconds = costs.tasks() / rate;
      ByKind linkPackets = costs.links().packets();
      ByKind linkBytes = costs.links().bytes();
      ByKind rootBytes = costs.root().bytes();
      String x = Row.decimal(rate);
      return List.of(
          new Value(x, ROOT_PACKETS, costs.root().packets().heartbeatShare()),
          new Value(x, ROOT_BYTES, rootBytes.heartbeatShare()),
          new Value(x, ROUTER_PACKETS, meanShare(costs.routers(), Traffic::packets)),
          new Value(x, ROUTER_BYTES, meanShare(costs.routers(), Traffic::bytes)),
          new Value(x, UPDATES_PER_SECOND, costs.updates() / seconds),
          new Value(x, ROOT_BYTES_PER_SECOND, rootBytes.onLinks() / seconds),
          new Value(
              x, BYTES_OF_A_HEARTBEAT, (double) linkBytes.heartbeats() / linkPackets.heartbeats()),
          new Value(x, BYTES_OF_A_DATA_PACKET, (double) linkBytes.data() / linkPackets.data()));
    }

    private static double meanShare(List<Traffic> routers, Function<Traffic, ByKind> of) {
      return routers.stream().map(of).mapToDouble(ByKind::heartbeatShare).average().orElseThrow();
    }
  }
}
