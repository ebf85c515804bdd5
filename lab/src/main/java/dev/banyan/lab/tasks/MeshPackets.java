package dev.banyan.lab.tasks;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.Record;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Tap;
import dev.banyan.store.worker.Worker;
import java.util.ArrayList;
import java.util.List;

/// What the frames of a star would be in a full mesh, where each host speaks to each other itself. No node of ours does
/// that: the stores run in a star, and what a worker says to the root there goes here, as the same frame, to each host
/// that it is for. What the root passes on is that same frame again, and does not count.
///
/// | what | to whom |
/// |---|---|
/// | updates, digests | sharded: each worker whose store wants a tag of it just then; else each other worker |
/// | tasks, results | between the coordinator's host and the worker, as in the star |
/// | interest | sharded: each other worker, or it would not know; else nobody has to know |
/// | questions | from who asks to whoever was asked in the star, and the answer straight back |
/// | greetings, heartbeats | all who are there |
///
/// Attaching, and what is wanted outside, there is none.
final class MeshPackets implements Tap {

  private final Cluster cluster;
  private final SimNode coordinator;
  private final boolean sharded;
  private final Tap to;

  /// Workers, in the order in which they came.
  private final List<SimNode> there = new ArrayList<>();

  /// @param coordinator the root of the star
  /// @param to counts what goes over the mesh
  MeshPackets(Cluster cluster, SimNode coordinator, boolean sharded, Tap to) {
    this.cluster = cluster;
    this.coordinator = coordinator;
    this.sharded = sharded;
    this.to = to;
  }

  @Override
  public void sent(SimNode from, SimNode receiver, Message message, int sizeBytes) {
    if (from == coordinator) {
      fromCoordinator(receiver, message, sizeBytes);
    } else {
      fromWorker(from, message, sizeBytes);
    }
  }

  private void fromWorker(SimNode worker, Message message, int sizeBytes) {
    switch (message) {
      case Message.Hello _ -> {
        toAll(worker, message, sizeBytes);
        there.add(worker);
      }
      case Message.Heartbeat _ -> toAll(worker, message, sizeBytes);
      case Message.TaskResult _, Message.Dispatch _ ->
          to.sent(worker, coordinator, message, sizeBytes);
      case Multicast multicast -> toReaders(worker, multicast, sizeBytes);
      case Message.Interest _ when sharded -> toWorkers(worker, message, sizeBytes);
      default -> {}
    }
  }

  private void fromCoordinator(SimNode receiver, Message message, int sizeBytes) {
    switch (message) {
      case Message.Hello _ -> {
        to.sent(coordinator, receiver, message, sizeBytes);
        there.stream()
            .filter(other -> other != receiver)
            .forEach(other -> to.sent(other, receiver, message, sizeBytes));
      }
      case Message.Heartbeat _, Message.Dispatch _ ->
          to.sent(coordinator, receiver, message, sizeBytes);
      case Message.Anycast question -> direct(question.origin(), receiver, message, sizeBytes);
      case Message.AnycastAnswer answer -> direct(answer.answerer(), receiver, message, sizeBytes);
      default -> {}
    }
  }

  private void toAll(SimNode worker, Message message, int sizeBytes) {
    to.sent(worker, coordinator, message, sizeBytes);
    toWorkers(worker, message, sizeBytes);
  }

  private void toWorkers(SimNode worker, Message message, int sizeBytes) {
    for (SimNode other : there) {
      if (other != worker) {
        to.sent(worker, other, message, sizeBytes);
      }
    }
  }

  private void toReaders(SimNode worker, Multicast multicast, int sizeBytes) {
    if (!sharded) {
      toWorkers(worker, multicast, sizeBytes);
      return;
    }
    List<Record> records = multicast.records();
    for (SimNode other : there) {
      if (other != worker && wants(other, records)) {
        to.sent(worker, other, multicast, sizeBytes);
      }
    }
  }

  private static boolean wants(SimNode node, List<Record> records) {
    if (node.machine().orElse(null) instanceof Worker store) {
      for (Record record : records) {
        for (long tag : record.tags()) {
          if (store.wants(tag)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Nobody asks or answers oneself over a link.
  private void direct(NodeId from, SimNode receiver, Message message, int sizeBytes) {
    if (!from.equals(receiver.id())) {
      cluster.find(from).ifPresent(node -> to.sent(node, receiver, message, sizeBytes));
    }
  }
}
