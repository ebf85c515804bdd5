package dev.banyan.sim.trial;

import dev.banyan.sim.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Flooding over a random overlay, computed: each node sends what it hears first to all its neighbours but the one it has it
/// from. What gossip costs before a tree is made of it, as Plumtree does (SRDS 2007); with five neighbours each it is
/// HyParView's overlay (DSN 2007) in its best state.
///
/// @param nodes of which each has `degree` neighbours, less where the random drawing joins a pair twice or a node to
///     itself
public record Flood(int nodes, int degree) {

  private static final int MULTICASTS = 20;

  public Flood {
    if (nodes <= degree || degree < 3) {
      throw new IllegalArgumentException(
          "more nodes than neighbours, and 3 neighbours at least: " + nodes + ", " + degree);
    }
  }

  /// The same seed gives the same numbers.
  public SteadyTrial.Measured measure(long seed) {
    SplittableRandom random = Seeds.fork(seed, "flood");
    List<List<Integer>> neighbours = overlay(random);
    long frames = 0;
    long receivers = 0;
    double lastHops = 0;
    for (int i = 0; i < MULTICASTS; i++) {
      int[] hops = hopsFrom(random.nextInt(nodes), neighbours);
      for (int node = 0; node < nodes; node++) {
        if (hops[node] >= 0) {
          boolean writer = hops[node] == 0;
          frames += neighbours.get(node).size() - (writer ? 0 : 1);
          receivers += writer ? 0 : 1;
        }
      }
      lastHops += Arrays.stream(hops).max().orElseThrow();
    }
    return new SteadyTrial.Measured(
        (double) receivers / ((long) MULTICASTS * (nodes - 1)),
        (double) frames / receivers - 1,
        lastHops / MULTICASTS);
  }

  /// All ends of edges, paired at random.
  private List<List<Integer>> overlay(SplittableRandom random) {
    int[] ends = new int[nodes * degree / 2 * 2];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = i % nodes;
    }
    for (int i = ends.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int end = ends[i];
      ends[i] = ends[other];
      ends[other] = end;
    }
    List<List<Integer>> neighbours = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      neighbours.add(new ArrayList<>(degree));
    }
    for (int i = 0; i < ends.length; i += 2) {
      List<Integer> one = neighbours.get(ends[i]);
      if (ends[i] != ends[i + 1] && !one.contains(ends[i + 1])) {
        one.add(ends[i + 1]);
        neighbours.get(ends[i + 1]).add(ends[i]);
      }
    }
    return neighbours;
  }

  /// Of each node, breadth first; -1 where it does not come.
  private int[] hopsFrom(int writer, List<List<Integer>> neighbours) {
    int[] hops = new int[nodes];
    Arrays.fill(hops, -1);
    hops[writer] = 0;
    List<Integer> heard = new ArrayList<>(List.of(writer));
    for (int next = 0; next < heard.size(); next++) {
      int at = heard.get(next);
      for (int neighbour : neighbours.get(at)) {
        if (hops[neighbour] < 0) {
          hops[neighbour] = hops[at] + 1;
          heard.add(neighbour);
        }
      }
    }
    return hops;
  }
}
