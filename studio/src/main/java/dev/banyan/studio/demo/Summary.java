package dev.banyan.studio.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/// What a demonstration measured; `summary.json` has the fields of all parts side by side.
///
/// @param checks names of the checks made and whether each held
/// @param violations what did not hold, for people; empty when all is well
public record Summary(
    @JsonUnwrapped Setting setting,
    @JsonUnwrapped Nodes nodes,
    @JsonUnwrapped Orphans orphans,
    @JsonUnwrapped Tree tree,
    @JsonUnwrapped Traffic traffic,
    @JsonUnwrapped Replicas replicas,
    List<Check> checks,
    List<String> violations) {

  /// How it was run.
  ///
  /// @param secure whether links were encrypted and records sealed
  /// @param wallSeconds how long it took
  public record Setting(
      long seed,
      double speed,
      boolean processes,
      boolean secure,
      double heartbeatMillis,
      double wallSeconds) {}

  /// @param asked to join, the root not counted
  /// @param joined of those, how many got a place
  /// @param clients workers
  /// @param left below the root at the end
  public record Nodes(
      @JsonProperty("nodes") int asked,
      @JsonProperty("nodesJoined") long joined,
      int routers,
      int clients,
      long killed,
      long hung,
      @JsonProperty("nodesLeft") int left) {}

  /// Times that a live node lost its parent. Each ended in one of four ways: with another parent after one join request or after
  /// more, killed, or still without one.
  ///
  /// @param reattached of all, how many had another parent
  /// @param reattachedWithOneJoinRequest after one join request (§7)
  /// @param reattachedWithMoreJoinRequests after more: one was lost with a router that died, or its answer was
  /// @param killedBeforeReattaching how many were killed first
  /// @param withoutParentAtTheEnd how many had none when only the root was left
  /// @param afterOwnHang of all, how many had hung themselves
  /// @param needless of all, how many lost a parent that was alive, reachable and not hung, without having hung
  ///     themselves
  /// @param repairMillisP50 from losing a parent to having another
  public record Orphans(
      @JsonProperty("orphans") long all,
      @JsonProperty("orphansReattached") long reattached,
      @JsonProperty("orphansReattachedWithOneJoinRequest") long reattachedWithOneJoinRequest,
      @JsonProperty("orphansReattachedWithMoreJoinRequests") long reattachedWithMoreJoinRequests,
      @JsonProperty("orphansKilledBeforeReattaching") long killedBeforeReattaching,
      @JsonProperty("orphansWithoutParentAtTheEnd") long withoutParentAtTheEnd,
      @JsonProperty("orphansAfterOwnHang") long afterOwnHang,
      @JsonProperty("needlessRejoins") long needless,
      double repairMillisP50,
      double repairMillisP99) {}

  /// @param maxImbalance the largest difference in workers between two child routers of one router, at any sample
  /// @param healthyMoves make-before-break moves that ended with their fence
  /// @param brokenMoves moves that did not
  public record Tree(
      int maxImbalance,
      int finalImbalance,
      double meanClientDepthPeak,
      long healthyMoves,
      long brokenMoves) {}

  /// @param deliveries (update, worker) pairs delivered
  /// @param duplicateDeliveries deliveries of an update that a worker had already
  /// @param duplicateDeliveriesWhileHealthy of those, how many before the first removal: both branches of a move
  /// @param messagesPerRouterPerMulticast links a multicast crossed at a router, in and out, mean over all routers, the
  ///     root included
  /// @param messagesAtRootPerMulticast the same at the root alone
  /// @param recordsRefused times that a worker did not believe what came in
  /// @param gapMarks times that a congested link dropped multicasts and said so
  public record Traffic(
      long updates,
      long reads,
      long failedOperations,
      long deliveries,
      long duplicateDeliveries,
      long duplicateDeliveriesWhileHealthy,
      double messagesPerRouterPerMulticast,
      double messagesAtRootPerMulticast,
      long recordsRefused,
      long gapMarks) {}

  /// @param lostInHealthyMoves (update, worker) pairs never delivered although the worker was settled on the key when the
  ///     update was sent, while nothing had failed yet
  /// @param falseNegatives (key, worker) pairs, over all checks, where an interested worker lacked an update of a live
  ///     writer once links were quiet
  /// @param divergent (key, pair of workers), over all checks, that held different revisions once links were quiet
  /// @param comparisons how many such comparisons were made
  /// @param updatesLostWithTheirHolders newest updates of a key that died with their writer and every other holder: stores
  ///     are in memory, so nobody else has them. No invariant is broken by it, but they are lost
  public record Replicas(
      long lostInHealthyMoves,
      String lostInHealthyMovesMeasuredBy,
      long falseNegatives,
      @JsonProperty("divergentReplicas") long divergent,
      @JsonProperty("replicaComparisons") long comparisons,
      long updatesLostWithTheirHolders) {}

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

  /// Whether every invariant held. Updates may be lost all the same: [Replicas#updatesLostWithTheirHolders].
  public boolean ok() {
    return violations.isEmpty();
  }
}
