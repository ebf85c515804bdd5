package dev.banyan.node;

import dev.banyan.protocol.Message;
import dev.banyan.store.Sealing;
import dev.banyan.store.worker.ReplicaView;
import dev.banyan.transport.NodeStatistics;
import java.util.List;
import java.util.Optional;

/// What a node has counted so far, and what it holds now.
///
/// @param node what it would tell an observer
/// @param worker if it is one
public record NodeSample(
    String tree, Message.SurveyAnswer node, NodeStatistics sockets, Optional<Store> worker) {

  /// What a worker's store has counted, and holds.
  ///
  /// @param keys tombstones included
  /// @param learned keys that it wants because they were used
  /// @param memory that it takes, and may take
  /// @param explicit keys and prefixes that it wants because it was told to
  public record Store(
      List<Message.Counter> counters,
      boolean connected,
      boolean congested,
      int keys,
      int learned,
      int explicit,
      ReplicaView.Memory memory,
      Sealing.Epochs epochs) {

    /// Looks at a store, between its events.
    public static Store of(ReplicaView store) {
      return new Store(
          store.counters(),
          store.connected(),
          store.congested(),
          store.size(),
          store.interests().learned(),
          store.interests().explicit(),
          store.memory(),
          store.epochs());
    }
  }
}
