package dev.banyan.lab.underlay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Physical routers and the lines between them, each with a latency, and the shortest ways over them.
final class Internet {

  /// @param number counts lines from 0
  /// @param latencyMicros one way, the same in both directions
  record Line(int number, int one, int other, int latencyMicros) {
    int across(int router) {
      return router == one ? other : one;
    }
  }

  private final List<List<Line>> linesOf = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();

  /// @return the number of a new router, which has no line yet
  int addRouter() {
    linesOf.add(new ArrayList<>());
    return linesOf.size() - 1;
  }

  void connect(int one, int other, int latencyMicros) {
    Line line = new Line(lines.size(), one, other, latencyMicros);
    lines.add(line);
    linesOf.get(one).add(line);
    linesOf.get(other).add(line);
  }

  int routers() {
    return linesOf.size();
  }

  List<Line> lines() {
    return lines;
  }

  private record Candidate(int router, int micros) {}

  /// The shortest ways from one router to all others (Dijkstra). Of equal ways it is always the same, and all of them
  /// together are a tree.
  ///
  /// @throws IllegalStateException when a router cannot be reached
  Ways waysFrom(int source) {
    int[] micros = new int[routers()];
    Line[] last = new Line[routers()];
    boolean[] done = new boolean[routers()];
    Arrays.fill(micros, Integer.MAX_VALUE);
    micros[source] = 0;
    PriorityQueue<Candidate> candidates =
        new PriorityQueue<>(
            Comparator.comparingInt(Candidate::micros).thenComparingInt(Candidate::router));
    candidates.add(new Candidate(source, 0));
    int reached = 0;
    for (Candidate at = candidates.poll(); at != null; at = candidates.poll()) {
      if (done[at.router]) {
        continue;
      }
      done[at.router] = true;
      reached++;
      for (Line line : linesOf.get(at.router)) {
        int next = line.across(at.router);
        int nextMicros = at.micros + line.latencyMicros;
        if (nextMicros < micros[next]) {
          micros[next] = nextMicros;
          last[next] = line;
          candidates.add(new Candidate(next, nextMicros));
        }
      }
    }
    if (reached < routers()) {
      throw new IllegalStateException("the routers are not all connected");
    }
    return new Ways(micros, last);
  }
}
