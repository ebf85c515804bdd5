package dev.banyan.cli.demo;

import dev.banyan.cli.Folders;
import dev.banyan.cli.Json;
import dev.banyan.cli.Terminal;
import dev.banyan.cli.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A demonstration from beginning to end: played, summed up, written up.
public final class DemoRun {

  private DemoRun() {}

  /// @return what was measured; [Summary#ok] says whether everything held
  /// @throws UserError when the report cannot be written
  public static Summary play(DemoOptions options, PrintWriter out) throws InterruptedException {
    LiveView view = new LiveView(100);
    Screen screen = new Screen(out, Terminal.isLive(), options.json(), view);
    screen.note(introduction(options));
    Summary summary;
    Optional<UserError> unwritten;
    try (Demo demo = new Demo(options, screen, view)) {
      summary = demo.run();
      unwritten = write(summary, demo, options);
    }
    if (options.json()) {
      out.println(Json.line(summary));
      out.flush();
    } else {
      screen.print(text(summary, options));
    }
    if (unwritten.isPresent()) {
      throw unwritten.get();
    }
    return summary;
  }

  private static String introduction(DemoOptions options) {
    return String.format(
        Locale.ROOT,
        "%d nodes, %.0f%% routers in expectation, %d child routers at most, seed %d; waits divided by %s: heartbeats"
            + " every %.0f ms, dead after %.0f ms",
        options.nodes(),
        100 * options.routerShare(),
        options.childRouters(),
        options.seed(),
        factor(options.speed()),
        options.tree().timing().heartbeatNanos() / 1e6,
        options.tree().timing().heartbeatTimeoutNanos() / 1e6);
  }

  /// @return why the report cannot be written, which is told when all else has been
  private static Optional<UserError> write(Summary summary, Demo demo, DemoOptions options) {
    if (options.report().isEmpty()) {
      return Optional.empty();
    }
    Path directory = options.report().get();
    try {
      write(directory, summary, demo, options);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Folders.cannotWrite(directory, "--report", e));
    }
  }

  private static void write(Path directory, Summary summary, Demo demo, DemoOptions options)
      throws IOException {
    Files.writeString(directory.resolve("summary.json"), Json.pretty(summary));
    String note =
        options.nodes()
            + " nodes, seed "
            + options.seed()
            + ", waits divided by "
            + factor(options.speed());
    new Figures(demo.samples(), demo.phases(), note).write(directory);
  }

  private static List<String> text(Summary s, DemoOptions options) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        format(
            "joined      %d of %d nodes: %d routers, %d workers",
            s.nodesJoined(), s.nodes(), s.routers(), s.clients()));
    lines.add(
        format(
            "tree        max imbalance %d, at the end %d; mean client depth up to %.2f; %d moves without a gap, %d with",
            s.maxImbalance(),
            s.finalImbalance(),
            s.meanClientDepthPeak(),
            s.healthyMoves(),
            s.brokenMoves()));
    lines.add(
        format(
            "failures    %d killed, %d hung; %d times a node lost its parent, %d found another with one join request,"
                + " %d were killed first; repair p50 %.1f ms, p99 %.1f ms; needless rejoins: %d",
            s.killed(),
            s.hung(),
            s.orphans(),
            s.orphansReattachedWithOneJoinRequest(),
            s.orphansKilledBeforeReattaching(),
            s.repairMillisP50(),
            s.repairMillisP99(),
            s.needlessRejoins()));
    lines.add(
        format(
            "workload    %d updates, %d reads; %d deliveries, %d of them repeats (%d before"
                + " anything failed); %.2f messages per router per multicast",
            s.updates(),
            s.reads(),
            s.deliveries() + s.duplicateDeliveries(),
            s.duplicateDeliveries(),
            s.duplicateDeliveriesWhileHealthy(),
            s.messagesPerRouterPerMulticast()));
    lines.add(
        format(
            "replicas    %d checks, %d comparisons: %d differ, %d updates missed, %d lost in healthy moves; %d keys lost"
                + " their newest update with its last holder",
            s.checks().size(),
            s.replicaComparisons(),
            s.divergentReplicas(),
            s.falseNegatives(),
            s.lostInHealthyMoves(),
            s.updatesLostWithTheirHolders()));
    lines.add(format("took        %.1f s", s.wallSeconds()));
    options.report().ifPresent(directory -> lines.add("report      " + directory));
    lines.add("");
    if (s.ok()) {
      lines.add("Everything held: every interested replica was equal at every check.");
    } else {
      lines.add("Did NOT hold:");
      s.violations().forEach(violation -> lines.add("  " + violation));
    }
    return lines;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private static String factor(double speed) {
    return speed == Math.rint(speed) ? "" + (long) speed : "" + speed;
  }
}
