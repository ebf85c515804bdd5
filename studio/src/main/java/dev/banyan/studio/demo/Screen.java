package dev.banyan.studio.demo;

import dev.banyan.cli.console.Terminal;
import dev.banyan.protocol.NodeId;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// What the audience sees: on a terminal the tree and counters, redrawn; elsewhere a line now and then.
final class Screen {

  private static final long PLAIN_NANOS = 2_000_000_000L;
  private static final int NOTES = 6;

  private final PrintWriter out;
  private final boolean live;
  private final boolean quiet;
  private final long startNanos = System.nanoTime();
  private final LiveView view;
  private final Deque<String> notes = new ArrayDeque<>();
  private String heading = "";
  private long plainDueNanos;

  /// @param live redraw; otherwise lines
  /// @param quiet nothing at all until the end
  Screen(PrintWriter out, boolean live, boolean quiet, LiveView view) {
    this.out = out;
    this.live = live && !quiet;
    this.quiet = quiet;
    this.view = view;
  }

  /// A part of the script begins.
  synchronized void phase(String text) {
    heading = text;
    note(text);
  }

  /// Something happened.
  synchronized void note(String text) {
    String line = String.format(Locale.ROOT, "%6.1f s  %s", seconds(), text);
    notes.addLast(line);
    if (notes.size() > NOTES) {
      notes.removeFirst();
    }
    if (!live && !quiet) {
      out.println(line);
      out.flush();
    }
  }

  /// Fresh glimpses are in.
  synchronized void draw(Map<NodeId, Glimpse> seen, Cast cast, Supplier<String> counters) {
    if (quiet) {
      return;
    }
    if (live) {
      StringBuilder frame = new StringBuilder(Terminal.HOME_AND_CLEAR);
      frame.append(String.format(Locale.ROOT, "banyan demo  %.1f s  %s%n", seconds(), heading));
      frame.append(counters.get()).append("\n\n");
      view.lines(seen, cast).forEach(line -> frame.append(line).append('\n'));
      frame.append('\n');
      notes.forEach(line -> frame.append(line).append('\n'));
      out.print(frame);
      out.flush();
    } else if (System.nanoTime() - plainDueNanos > 0) {
      plainDueNanos = System.nanoTime() + PLAIN_NANOS;
      out.println(String.format(Locale.ROOT, "%6.1f s  ", seconds()) + counters.get());
      out.flush();
    }
  }

  synchronized void print(List<String> lines) {
    lines.forEach(out::println);
    out.flush();
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
