package dev.banyan.sim.run;

import dev.banyan.sim.check.TreeMetrics;
import java.util.List;

/// What came of a run in which every check held.
///
/// @param traceHash equal for equal runs
/// @param events events handled by nodes
/// @param attached parents found, first joins included
/// @param orphansReattachedWithOneJoinRequest of the orphans that found another parent (§7)
/// @param needlessRejoins parents given up though nothing was wrong with them, each told in a line
/// @param multicastsChecked multicasts whose forwarding was held against the interest of every link
/// @param deliveriesChecked deliveries that had to happen, as plain unicast would have made them
/// @param replicasChecked pairs of worker and key that were compared once quiet
/// @param replicasBehindTheDead those that differed on a write whose writer's session had ended
/// @param linksOverflown links that broke because more was queued on them than may be
/// @param repairMedianNanos from the loss of a parent to the next one
/// @param samples the tree over virtual time; empty unless the scenario sampled it
public record ScenarioResult(
    String scenario,
    long seed,
    long traceHash,
    long events,
    long virtualNanos,
    int nodes,
    long attached,
    long orphaned,
    long orphansReattached,
    long orphansReattachedWithOneJoinRequest,
    List<String> needlessRejoins,
    long movesCompleted,
    long movesUnfenced,
    long multicastsChecked,
    long deliveries,
    long duplicateDeliveries,
    long deliveriesChecked,
    long replicasChecked,
    long replicasBehindTheDead,
    long linksOverflown,
    long repairMedianNanos,
    long repairP99Nanos,
    List<TreeMetrics.Sample> samples) {}
