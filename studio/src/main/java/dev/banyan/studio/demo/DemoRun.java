package dev.banyan.studio.demo;

import dev.banyan.cli.console.Folders;
import dev.banyan.cli.console.Terminal;
import dev.banyan.cli.console.UserError;
import dev.banyan.node.text.Json;
import dev.banyan.trust.tls.Ciphers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    screen.note(
        options.secure()
            ? "links are encrypted (TLS 1.3, ciphers of "
                + Ciphers.install()
                + "), records are sealed and signed"
            : "links and records are in clear, and nobody proves who it is: --secure changes that");
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
      screen.print(SummaryText.lines(summary, options));
    }
    if (unwritten.isPresent()) {
      throw unwritten.get();
    }
    return summary;
  }

  private static String introduction(DemoOptions options) {
    return String.format(
        Locale.ROOT,
        "%s, %.0f%% routers in expectation, %s at most, seed %d; waits divided by %s: heartbeats every %.0f ms, dead"
            + " after %.0f ms",
        Counted.of(options.nodes(), "node"),
        100 * options.routerShare(),
        Counted.of(options.childRouters(), "child router"),
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
      write(directory, summary, demo);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Folders.cannotWrite(directory, "--report", e));
    }
  }

  private static void write(Path directory, Summary summary, Demo demo) throws IOException {
    Files.writeString(directory.resolve("summary.json"), Json.pretty(summary));
    new DemoCharts(demo.samples(), demo.phases()).write(directory);
  }

  private static String factor(double speed) {
    return speed == Math.rint(speed) ? "" + (long) speed : "" + speed;
  }
}
