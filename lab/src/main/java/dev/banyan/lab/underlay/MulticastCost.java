package dev.banyan.lab.underlay;

import java.util.Arrays;

/// What multicasts to all workers cost, beside the direct way to each and the lines that are needed at least. The measures
/// are those of Narada (Chu, Rao, Zhang, "A case for end system multicast", SIGMETRICS 2000) and NICE (Banerjee,
/// Bhattacharjee, Kommareddy, SIGCOMM 2002).
///
/// @param stretchMean of the stretch (relative delay penalty): how long a multicast took to a worker, to the latency of
///     the shortest way from its writer; over all writers and workers. The median, the 95th percentile and the largest
///     follow
/// @param relativeDelay mean time to a worker, to the mean latency of the shortest ways: what the stretch is where near
///     ones do not count for more
/// @param stressMean copies of a multicast on a line, over the lines that have one
/// @param stressMost copies on the line with the most, mean over the multicasts
/// @param resources normalized resource usage: copies, each for as long as it is on a line, to what a shortest-path tree
///     of the routers needs (IP multicast)
public record MulticastCost(
    double stretchMean,
    double stretchMedian,
    double stretchP95,
    double stretchMost,
    double relativeDelay,
    double stressMean,
    double stressMost,
    double resources) {

  private static final double P95 = 0.95;

  /// Takes what single multicasts cost.
  static final class Tally {
    private final Underlay underlay;
    private final double[] stretches;
    private int filled;
    private double delays;
    private double latencies;
    private double stressMean;
    private double stressMost;
    private double resources;
    private double resourcesNeeded;
    private int multicasts;

    /// @param deliveries that there will be
    Tally(Underlay underlay, int deliveries) {
      this.underlay = underlay;
      this.stretches = new double[deliveries];
    }

    /// @param micros from the publication to the delivery
    void delivered(int writer, int worker, double micros) {
      int direct = underlay.latencyMicros(writer, worker);
      stretches[filled++] = micros / direct;
      delays += micros;
      latencies += direct;
    }

    /// @param needed what a shortest-path tree of the routers would have sent
    void sent(LineCopies copies, LineCopies needed) {
      multicasts++;
      stressMean += (double) copies.sum() / copies.used();
      stressMost += copies.most();
      resources += copies.resourceMicros();
      resourcesNeeded += needed.resourceMicros();
    }

    /// What they cost, once all deliveries were told.
    MulticastCost cost() {
      Arrays.sort(stretches);
      return new MulticastCost(
          Arrays.stream(stretches).average().orElseThrow(),
          stretches[stretches.length / 2],
          stretches[(int) (stretches.length * P95)],
          stretches[stretches.length - 1],
          delays / latencies,
          stressMean / multicasts,
          stressMost / multicasts,
          resources / resourcesNeeded);
    }
  }
}
