package dev.banyan.node;

import dev.banyan.node.door.DoorServer;
import dev.banyan.node.door.StoreCalls;
import dev.banyan.protocol.Address;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A node that runs, as those see it who serve it to the outside and end it, wherever its parts are.
public interface ServedNode {

  NodeId id();

  NodeKind kind();

  /// Where it takes children; [Address#NONE] for a worker.
  Address address();

  /// A worker's store; empty for root and routers.
  Optional<StoreCalls> store();

  /// What the node says of itself; asked on its loop. Never completes while the node hangs.
  CompletableFuture<NodeStatus> status();

  /// What the node and its sockets have counted, and what it holds; asked on its loop.
  CompletableFuture<NodeSample> sample();

  /// What could not be sent before links were closed.
  CompletableFuture<Long> unsentBytes();

  /// Opens a door to a worker's store.
  ///
  /// @param names further names it may be asked for by
  /// @throws StartException when the address cannot be bound
  DoorServer openDoor(Address at, List<String> names);

  /// Closes links of peers that are believed no more.
  void recheckLinks();

  /// Complete when the node has ended; exceptionally when its machine failed, after which it is no member of the tree any
  /// more, whatever else of the process still runs.
  CompletableFuture<Void> closed();

  /// Says goodbye to its neighbours, sends what is queued, closes.
  CompletableFuture<Void> stop();
}
