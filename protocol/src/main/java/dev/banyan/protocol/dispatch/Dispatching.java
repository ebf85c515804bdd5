package dev.banyan.protocol.dispatch;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Identity;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.interest.InterestExchange;
import dev.banyan.protocol.link.Link;
import dev.banyan.protocol.link.Links;
import dev.banyan.protocol.turn.Position;
import dev.banyan.protocol.turn.Tally;
import dev.banyan.protocol.turn.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks on their way to a worker: up to the root, then down to where their tags are at home ([TaskHomes]) or to the
/// child whose clients have the fewest queued tasks each; and what came of them, back the same way. Routing only: what a
/// task is, and who runs it, is the layer above's.
public final class Dispatching {

  /// What a task or a result takes without its tags, its way and what is in it.
  private static final long TASK_BYTES = 96;

  private final NodeId self;
  private final NodeKind kind;
  private final TreeConfig.Rules rules;
  private final Links links;
  private final Turn turn;
  private final InterestExchange interest;
  private final Tally tally;

  /// Null until a task is sent down from here.
  private @Nullable TaskHomes homes;

  public Dispatching(
      Identity identity,
      TreeConfig config,
      Links links,
      Turn turn,
      InterestExchange interest,
      Tally tally) {
    this.self = identity.node();
    this.kind = identity.kind();
    this.rules = config.rules();
    this.links = links;
    this.turn = turn;
    this.interest = interest;
    this.tally = tally;
  }

  public void onSubmit(Event.Submit submit) {
    route(
        new Message.Dispatch(
            submit.id(),
            self,
            submit.tags(),
            List.of(self),
            false,
            submit.elsewhere(),
            submit.task()));
  }

  public void onDispatch(Link from, Message.Dispatch task) {
    tally.count(Tally.Count.TASKS_IN);
    if (task.returned()) {
      if (from.isChild()) {
        from.child().taskDone();
      }
      giveBack(task);
      return;
    }
    if (from.hasUplink()) {
      from.uplink().taskSeen();
    }
    if (task.path().size() >= Position.MAX_WALK || task.path().isEmpty()) {
      tally.count(Tally.Count.IGNORED_UNEXPECTED);
      return;
    }
    if (from.isChild()
        && !from.budgets(turn).mayDispatch(from.speaksFor(), bytes(task), turn.nowNanos())) {
      tally.count(Tally.Count.OVER_BUDGET);
      send(from, withPath(task, task.path(), true));
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
      if (!send(parent, task)) {
        giveBack(withPath(task, task.path(), true));
      }
    } else if (kind == NodeKind.ROOT) {
      descend(task);
    } else {
      giveBack(withPath(task, task.path(), true));
    }
  }

  private void descend(Message.Dispatch task) {
    List<Link> takers = new ArrayList<>(links.children().length);
    for (Link child : links.children()) {
      if (child.clients() > 0 && !(task.elsewhere() && hasOnlyTheOrigin(child, task))) {
        takers.add(child);
      }
    }
    if (takers.isEmpty()) {
      giveBack(withPath(task, task.path(), true));
      return;
    }
    Link chosen =
        rules.dispatchByInterest() && task.tags().length > 0
            ? nearHome(takers, task.tags())
            : leastBusy(takers);
    if (send(chosen, task)) {
      chosen.child().taskPassed();
    } else {
      giveBack(withPath(task, task.path(), true));
    }
  }

  /// Sends the task, unless the link is congested, and takes no more of what others send.
  private boolean send(Link link, Message.Dispatch task) {
    boolean takes = link.takes(bytes(task));
    if (takes) {
      turn.send(link.id(), task);
    } else {
      tally.count(Tally.Count.TASKS_DROPPED);
    }
    return takes;
  }

  private static long bytes(Message.Dispatch task) {
    return TASK_BYTES + 8L * (task.tags().length + task.path().size()) + task.task().size();
  }

  /// Whether the task came up by this child, and its origin is the only client there.
  private static boolean hasOnlyTheOrigin(Link child, Message.Dispatch task) {
    return child.clients() <= 1 && task.path().contains(child.peer());
  }

  /// Where the task is at home, unless they are so much busier there.
  private Link nearHome(List<Link> takers, long[] tags) {
    TaskHomes known = homes == null ? new TaskHomes() : homes;
    homes = known;
    TaskHomes.@Nullable Choice best = null;
    double least = Double.POSITIVE_INFINITY;
    for (TaskHomes.Choice choice : known.choices(takers, tags)) {
      double cost = queue(choice.link()) + choice.away() * rules.spillThreshold();
      if (best == null || cost < least) {
        best = choice;
        least = cost;
      }
    }
    Link chosen = best == null ? takers.getFirst() : best.link();
    boolean spilled = best != null && best.away() == 1;
    tally.count(Tally.Count.TASKS_SPILLED, spilled ? 1 : 0);
    known.went(chosen, tags, !spilled);
    return chosen;
  }

  /// The one with the fewest queued tasks for each client; of equals the first.
  private static Link leastBusy(List<Link> among) {
    Link best = among.getFirst();
    for (Link link : among) {
      if (queue(link) < queue(best)) {
        best = link;
      }
    }
    return best;
  }

  private static double queue(Link link) {
    return (double) link.child().load() / link.clients();
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
            link -> send(link, withPath(task, rest, true)),
            () -> tally.count(Tally.Count.IGNORED_UNEXPECTED));
  }

  private static Message.Dispatch withPath(
      Message.Dispatch task, List<NodeId> path, boolean returned) {
    return new Message.Dispatch(
        task.id(),
        task.origin(),
        task.tags(),
        List.copyOf(path),
        returned,
        task.elsewhere(),
        task.task());
  }

  // Results.

  public void onFinish(Event.Finish finish) {
    Message.Dispatch task = finish.task();
    passResult(new Message.TaskResult(task.id(), task.origin(), task.path(), finish.result()));
  }

  public void onResult(Link from, Message.TaskResult result) {
    tally.count(Tally.Count.RESULTS_IN);
    if (from.isChild()) {
      from.child().taskDone();
    }
    passResult(result);
  }

  /// Back along the path. Of a node that is on it twice the first place counts, so that each step comes nearer to the
  /// origin, whatever the path claims. A worker may have moved: its result goes up until it meets the path, which leads by
  /// the root.
  private void passResult(Message.TaskResult result) {
    int place = result.path().indexOf(self);
    if (place == 0) {
      turn.effects().add(new Effect.Result(result));
      return;
    }
    @Nullable Link next =
        place < 0 || kind == NodeKind.CLIENT
            ? links.parent()
            : links.neighbour(result.path().get(place - 1)).orElse(null);
    if (next == null || !next.takes(bytes(result) + interest.gatheredBytes(next))) {
      tally.count(Tally.Count.RESULTS_LOST);
    } else {
      if (next == links.parent()) {
        interest.flush(next); // Who learns that it is done finds what the worker has come to want.
      }
      turn.send(next.id(), result);
    }
  }

  private static long bytes(Message.TaskResult result) {
    return TASK_BYTES + 8L * result.path().size() + result.result().size();
  }

  /// The child is gone.
  public void onChildGone(int slot) {
    if (homes != null) {
      homes.forget(slot);
    }
  }
}
