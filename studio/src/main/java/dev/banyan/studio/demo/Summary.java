package dev.banyan.studio.demo;

import java.util.List;

/// What a demonstration measured; `summary.json`, field by field.
///
/// @param nodes nodes asked to join, the root not counted
/// @param nodesJoined of those, how many got a place
/// @param clients workers
/// @param orphans times that a live node lost its parent. Each ended in one of four ways: with another parent after one
///     join request or after more, killed, or still without one
/// @param orphansReattached of those, how many had another parent
/// @param orphansReattachedWithOneJoinRequest after one join request (§7)
/// @param orphansReattachedWithMoreJoinRequests after more: one was lost with a router that died, or its answer was
/// @param orphansKilledBeforeReattaching how many orphans were killed first
/// @param orphansWithoutParentAtTheEnd how many had none when only the root was left
/// @param orphansAfterOwnHang of those, how many had hung themselves
/// @param needlessRejoins of those, how many lost a parent that was alive, reachable and not hung, without having hung
///     themselves
/// @param repairMillisP50 from losing a parent to having another
/// @param maxImbalance the largest difference in workers between two child routers of one router, at any sample
/// @param healthyMoves make-before-break moves that ended with their fence
/// @param brokenMoves moves that did not
/// @param deliveries (update, worker) pairs delivered
/// @param duplicateDeliveries deliveries of an update that a worker had already
/// @param duplicateDeliveriesWhileHealthy of those, how many before the first removal: both branches of a move
/// @param lostInHealthyMoves (update, worker) pairs never delivered although the worker was settled on the key when the
///     update was sent, while nothing had failed yet
/// @param falseNegatives (key, worker) pairs, over all checks, where an interested worker lacked an update of a live
///     writer once links were quiet
/// @param divergentReplicas (key, pair of workers), over all checks, that held different revisions once links were quiet
/// @param replicaComparisons how many such comparisons were made
/// @param updatesLostWithTheirHolders newest updates of a key that died with their writer and every other holder: stores
///     are in memory, so nobody else has them. No invariant is broken by it, but they are lost
/// @param messagesPerRouterPerMulticast links a multicast crossed at a router, in and out, mean over all routers, the
///     root included
/// @param messagesAtRootPerMulticast the same at the root alone
/// @param gapMarks times that a congested link dropped multicasts and said so
/// @param checks names of the checks made and whether each held
/// @param violations what did not hold, for people; empty when all is well
public record Summary(
    long seed,
    double speed,
    boolean processes,
    double heartbeatMillis,
    int nodes,
    long nodesJoined,
    int routers,
    int clients,
    long killed,
    long hung,
    long orphans,
    long orphansReattached,
    long orphansReattachedWithOneJoinRequest,
    long orphansReattachedWithMoreJoinRequests,
    long orphansKilledBeforeReattaching,
    long orphansWithoutParentAtTheEnd,
    long orphansAfterOwnHang,
    long needlessRejoins,
    double repairMillisP50,
    double repairMillisP99,
    int maxImbalance,
    int finalImbalance,
    double meanClientDepthPeak,
    long healthyMoves,
    long brokenMoves,
    long updates,
    long reads,
    long failedOperations,
    long deliveries,
    long duplicateDeliveries,
    long duplicateDeliveriesWhileHealthy,
    long lostInHealthyMoves,
    String lostInHealthyMovesMeasuredBy,
    long falseNegatives,
    long divergentReplicas,
    long replicaComparisons,
    long updatesLostWithTheirHolders,
    double messagesPerRouterPerMulticast,
    double messagesAtRootPerMulticast,
    long gapMarks,
    int nodesLeft,
    double wallSeconds,
    List<Check> checks,
    List<String> violations) {

  /// One look at all replicas after the links were quiet.
  ///
  /// @param quietMillis how long it took until nothing changed any more
  /// @param retries how often all was still, yet something differed or was unsettled, so that it waited on
  public record Check(
      String name,
      double atSeconds,
      int workers,
      double quietMillis,
      long comparisons,
      long divergent,
      long missed,
      long unsettled,
      int retries,
      boolean held) {}

  /// Whether every invariant held. Updates may be lost all the same: [#updatesLostWithTheirHolders].
  public boolean ok() {
    return violations.isEmpty();
  }
}
