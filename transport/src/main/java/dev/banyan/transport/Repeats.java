package dev.banyan.transport;

import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps a line that would be logged again and again to once a minute, and counts what was left out.
final class Repeats {

  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private static final class Line {
    long loggedAtNanos;
    long leftOut;
    long toTell;
  }

  private final Map<String, Line> lines = new LinkedHashMap<>();

  /// Whether the line is logged this time.
  ///
  /// @param what names the line; there are few of them
  boolean isDue(String what) {
    long now = System.nanoTime();
    Line line = lines.get(what);
    if (line == null) {
      line = new Line();
      lines.put(what, line);
    } else if (now - line.loggedAtNanos < INTERVAL_NANOS) {
      line.leftOut++;
      return false;
    }
    line.loggedAtNanos = now;
    line.toTell = line.leftOut;
    line.leftOut = 0;
    return true;
  }

  /// For the end of a line that is logged: how often it was not.
  String suffix(String what) {
    Line line = lines.get(what);
    return line == null || line.toTell == 0
        ? ""
        : "; " + line.toTell + " more like this since it was last said";
  }
}
