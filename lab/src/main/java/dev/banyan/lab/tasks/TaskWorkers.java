package dev.banyan.lab.tasks;

import dev.banyan.lab.reference.Pace;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What runs on the workers: tasks, one at a time, in the order in which they came. A task sleeps before each of its
/// operations, exponentially, and then carries it out through the store; it goes on when all it reads has come. Its
/// result, empty, goes back the way it came.
final class TaskWorkers implements Observer {

  /// Told what becomes of tasks.
  interface Listener {
    void started(Job job, SimNode worker, long nowNanos);

    void wrote();

    /// @param local nobody had to be asked
    void read(boolean local);
  }

  /// A worker's tasks, the one that runs first.
  private static final class Queue {
    private final Deque<Message> waiting = new ArrayDeque<>(1);

    /// Operations of the first that have begun.
    private int begun;

    /// Reads of the last of them that wait for their value.
    private int reading;

    private Operation operation() {
      return waiting.getFirst().job().operations().get(begun - 1);
    }
  }

  private record Message(Job job, Effect.Task task) {}

  private final Cluster cluster;
  private final Pace pace;
  private final SplittableRandom sleeps;
  private final Bytes value;
  private final Listener listener;
  private final Map<SimNode, Queue> queues = new HashMap<>();
  private long request;

  /// @param value what is written
  TaskWorkers(Cluster cluster, Pace pace, long seed, Bytes value, Listener listener) {
    this.cluster = cluster;
    this.pace = pace;
    this.sleeps = Seeds.fork(seed, "sleeps");
    this.value = value;
    this.listener = listener;
  }

  /// The name under which the store knows a workload's key. Without a `/`, so that its records have one tag.
  static String name(int key) {
    return "k" + key;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (node.kind() != NodeKind.CLIENT) {
      return;
    }
    for (int i = 0; i < effects.size(); i++) {
      switch (effects.get(i)) {
        case Effect.Task task when !task.dispatch().returned() -> comes(node, task);
        case StoreOutcome.Value read ->
            onValue(node, event instanceof StoreCommand.Get && !read.stale());
        case StoreOutcome.Absent absent -> throw notFound(node, absent.key());
        case StoreOutcome.Unreachable unreachable -> throw notFound(node, unreachable.key());
        default -> {}
      }
    }
  }

  /// Only what was written is read, and nobody fails here.
  private static IllegalStateException notFound(SimNode node, String key) {
    return new IllegalStateException(node + " does not find '" + key + "', which was written");
  }

  private void comes(SimNode node, Effect.Task task) {
    Queue queue = queues.computeIfAbsent(node, _ -> new Queue());
    queue.waiting.add(new Message(Job.decoded(task.dispatch().task()), task));
    tellLoad(node, queue);
    if (queue.waiting.size() == 1) {
      begin(node, queue);
    }
  }

  private void begin(SimNode node, Queue queue) {
    listener.started(queue.waiting.getFirst().job(), node, cluster.nowNanos());
    queue.begun = 0;
    sleep(node, queue);
  }

  private void sleep(SimNode node, Queue queue) {
    double exponential = -StrictMath.log(1 - sleeps.nextDouble());
    long nanos = (long) (exponential * pace.meanUpdateGapNanos()) + pace.updateLateNanos();
    cluster.after(Duration.ofNanos(nanos), () -> operate(node, queue));
  }

  private void operate(SimNode node, Queue queue) {
    queue.begun++;
    Operation operation = queue.operation();
    switch (operation.kind()) {
      case WRITE, INSERT -> write(node, queue);
      case READ, READ_MODIFY_WRITE, SCAN -> {
        queue.reading = operation.count();
        operation
            .keys()
            .forEach(key -> cluster.submit(node, new StoreCommand.Get(++request, name(key))));
      }
    }
  }

  private void onValue(SimNode node, boolean local) {
    listener.read(local);
    Queue queue = queues.computeIfAbsent(node, _ -> new Queue());
    if (--queue.reading == 0) {
      if (queue.operation().kind() == Operation.Kind.READ_MODIFY_WRITE) {
        write(node, queue);
      } else {
        next(node, queue);
      }
    }
  }

  private void write(SimNode node, Queue queue) {
    String key = name(queue.operation().key());
    cluster.submit(node, new StoreCommand.Put(++request, key, value));
    listener.wrote();
    next(node, queue);
  }

  private void next(SimNode node, Queue queue) {
    if (queue.begun < queue.waiting.getFirst().job().operations().size()) {
      sleep(node, queue);
      return;
    }
    Message done = queue.waiting.removeFirst();
    tellLoad(node, queue);
    cluster.submit(node, new Event.Finish(done.task().dispatch(), Bytes.EMPTY));
    if (!queue.waiting.isEmpty()) {
      begin(node, queue);
    }
  }

  private void tellLoad(SimNode node, Queue queue) {
    cluster.submit(node, new Event.ChangeLoad(queue.waiting.size()));
  }
}
