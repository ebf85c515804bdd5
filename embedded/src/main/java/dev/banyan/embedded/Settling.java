package dev.banyan.embedded;

import dev.banyan.node.NodeStatus;
import dev.banyan.node.RunningNode;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.store.Version;
import dev.banyan.store.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Whether a tree has come to rest: every node that lives has its place below the one root, and every worker has the newest of
/// all that it wants.
final class Settling {

  private static final long ANSWER_SECONDS = 5;

  /// Says what is not at rest; thrown to leave the search for it.
  private static final class Restless extends Exception {
    private static final long serialVersionUID = 1;

    Restless(String line) {
      super(line, null, false, false);
    }
  }

  private final List<RunningNode> living;
  private final List<RunningNode> workers;

  /// @param living all nodes that live
  Settling(List<RunningNode> living) {
    this.living = living;
    workers = living.stream().filter(node -> node.kind() == NodeKind.CLIENT).toList();
  }

  /// What is not at rest yet, in one line; empty when everything is.
  Optional<String> restless() throws InterruptedException {
    try {
      checkTree();
      checkReplicas();
      return Optional.empty();
    } catch (Restless e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static <T> T answered(RunningNode node, CompletableFuture<T> asked)
      throws Restless, InterruptedException {
    try {
      return asked.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new Restless("node " + node.id() + " does not answer");
    }
  }

  private void checkTree() throws Restless, InterruptedException {
    Set<NodeId> alive = living.stream().map(RunningNode::id).collect(Collectors.toSet());
    int routers = living.size() - workers.size() - 1;
    if (living.stream().noneMatch(node -> node.kind() == NodeKind.ROOT)) {
      throw new Restless("the root is dead");
    }
    for (RunningNode node : living) {
      NodeStatus status = answered(node, node.status());
      NodeView view = status.view();
      if (!view.rooted()
          || view.path().isEmpty()
          || !view.path().stream().allMatch(entry -> alive.contains(entry.node()))) {
        throw new Restless("node " + node.id() + " has no place in the tree");
      }
      if (status.interest().version() != status.interest().answered()) {
        throw new Restless("what node " + node.id() + " wants is not known above it yet");
      }
      if (node.kind() == NodeKind.ROOT
          && (view.clients() < workers.size() || view.routers() < routers)) {
        throw new Restless(
            "the root knows of "
                + view.clients()
                + " workers and "
                + view.routers()
                + " routers, and there are "
                + workers.size()
                + " and "
                + routers);
      }
    }
  }

  private void checkReplicas() throws Restless, InterruptedException {
    Map<String, Version> newest = new LinkedHashMap<>();
    for (RunningNode node : workers) {
      for (Worker.Held held : answered(node, node.inspect(Worker::held))) {
        newest.merge(
            held.key(), held.version(), (one, other) -> one.compareTo(other) > 0 ? one : other);
      }
    }
    for (RunningNode node : workers) {
      List<String> lacks = answered(node, node.inspect(worker -> lacks(worker, newest)));
      if (!lacks.isEmpty()) {
        throw new Restless("worker " + node.id() + " " + lacks.getFirst());
      }
    }
  }

  /// Looks at a worker, on its loop.
  private static List<String> lacks(Worker worker, Map<String, Version> newest) {
    List<String> lacks = new ArrayList<>();
    if (!worker.connected()) {
      lacks.add("is cut off from the tree");
    }
    for (long tag : worker.interestTags()) {
      if (!worker.isSettled(tag)) {
        lacks.add("still asks others what it may have missed");
        return lacks;
      }
    }
    newest.forEach((key, version) -> {
      if (wants(worker, key) && isBehind(worker, key, version)) {
        lacks.add("does not have the newest of '" + key + "' yet");
      }
    });
    return lacks;
  }

  private static boolean wants(Worker worker, String key) {
    for (long tag : worker.tagsOf(key)) {
      if (worker.wants(tag)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBehind(Worker worker, String key, Version version) {
    return worker.newest(key).map(held -> held.version().compareTo(version) < 0).orElse(true);
  }
}
