package dev.banyan.protocol;

import java.util.ArrayList;
import java.util.List;

/// Tasks on their way to a worker: up to the root, then down to the child whose clients have the fewest queued tasks
/// each. Routing only: what a task is, and who runs it, is the layer above's.
final class Dispatching {

  private final NodeId self;
  private final NodeKind kind;
  private final Links links;
  private final Turn turn;
  private final Tally tally;

  Dispatching(Identity identity, Links links, Turn turn, Tally tally) {
    this.self = identity.node();
    this.kind = identity.kind();
    this.links = links;
    this.turn = turn;
    this.tally = tally;
  }

  void onSubmit(Event.Submit submit) {
    route(
        new Message.Dispatch(
            submit.id(), self, submit.tags(), List.of(self), false, submit.task()));
  }

  void onDispatch(Link from, Message.Dispatch task) {
    tally.count(Tally.Count.TASKS_IN);
    if (task.returned()) {
      giveBack(task);
      return;
    }
    if (task.path().size() >= Position.MAX_WALK || task.path().isEmpty()) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    List<NodeId> path = new ArrayList<>(task.path());
    path.add(self);
    Message.Dispatch here = withPath(task, path, false);
    if (kind == NodeKind.CLIENT) {
      turn.effects().add(new Effect.Task(here));
    } else if (from.isChild()) {
      route(here);
    } else {
      descend(here);
    }
  }

  private void route(Message.Dispatch task) {
    Link parent = links.parent();
    if (parent != null) {
      turn.send(parent, task);
    } else if (kind == NodeKind.ROOT) {
      descend(task);
    } else {
      giveBack(withPath(task, task.path(), true));
    }
  }

  private void descend(Message.Dispatch task) {
    Link best = null;
    for (Link child : links.children()) {
      if (clients(child) > 0 && (best == null || lighter(child, best))) {
        best = child;
      }
    }
    if (best == null) {
      giveBack(withPath(task, task.path(), true));
    } else {
      best.child().taskPassed();
      turn.send(best, task);
    }
  }

  /// The path ends with this node: the one before it gets the task back.
  private void giveBack(Message.Dispatch task) {
    List<NodeId> path = task.path();
    if (path.isEmpty() || !path.getLast().equals(self)) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    List<NodeId> rest = List.copyOf(path.subList(0, path.size() - 1));
    if (rest.isEmpty()) {
      turn.effects().add(new Effect.Task(task));
      return;
    }
    links
        .neighbour(rest.getLast())
        .ifPresentOrElse(
            link -> turn.send(link, withPath(task, rest, true)),
            () -> tally.count(Tally.Count.IGNORED_UNEXPECTED));
  }

  private static boolean lighter(Link a, Link b) {
    return (long) a.child().load() * clients(b) < (long) b.child().load() * clients(a);
  }

  private static int clients(Link link) {
    return link.peerKind() == NodeKind.CLIENT ? 1 : link.child().clients();
  }

  private static Message.Dispatch withPath(
      Message.Dispatch task, List<NodeId> path, boolean returned) {
    return new Message.Dispatch(
        task.id(), task.origin(), task.tags(), List.copyOf(path), returned, task.task());
  }
}
