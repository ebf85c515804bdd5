package dev.banyan.sim.run;

import dev.banyan.sim.check.TreeMetrics;
import java.util.List;

/// What came of a run in which every check held.
///
/// @param traceHash equal for equal runs
/// @param events events handled by nodes
/// @param linksOverflown links that broke because more was queued on them than may be
/// @param samples the tree over virtual time; empty unless the scenario sampled it
public record ScenarioResult(
    String scenario,
    long seed,
    long traceHash,
    long events,
    long virtualNanos,
    int nodes,
    Parents parents,
    Moves moves,
    Multicasts multicasts,
    Replicas replicas,
    long linksOverflown,
    List<TreeMetrics.Sample> samples) {

  /// Parents found and lost.
  ///
  /// @param found first joins included
  /// @param foundAnew by orphans
  /// @param foundAnewWithOneJoinRequest of those (§7)
  /// @param needlesslyLeft parents given up though nothing was wrong with them, each told in a line
  /// @param repairMedianNanos from the loss of a parent to the next one
  public record Parents(
      long found,
      long lost,
      long foundAnew,
      long foundAnewWithOneJoinRequest,
      List<String> needlesslyLeft,
      long repairMedianNanos,
      long repairP99Nanos) {}

  /// Moves from one parent to another, by how they ended.
  ///
  /// @param completed with their fence
  public record Moves(long completed, long unfenced) {}

  /// @param checked whose forwarding was held against the interest of every link
  /// @param deliveriesChecked deliveries that had to happen, as plain unicast would have made them
  public record Multicasts(
      long checked, long deliveries, long duplicateDeliveries, long deliveriesChecked) {}

  /// @param compared pairs of worker and key, once quiet
  /// @param behindTheDead those that differed on a write whose writer's session had ended
  public record Replicas(long compared, long behindTheDead) {}
}
