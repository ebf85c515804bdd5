package dev.banyan.sim.tasks;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.reference.Pace;
import dev.banyan.store.StoreCommand;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What runs on the workers: tasks, one at a time, in the order in which they came. A task sleeps before each key that it
/// writes, exponentially, and then puts it through the store. Its result, empty, goes back the way it came.
final class TaskWorkers implements Observer {

  /// Told what becomes of tasks.
  interface Listener {
    void started(Job job, SimNode worker, long nowNanos);

    void wrote();
  }

  private static final Bytes VALUE = Bytes.utf8("value");

  private static final class Queue {
    private final Deque<Message> waiting = new ArrayDeque<>(1);
    private int written;
  }

  private record Message(Job job, Effect.Task task) {}

  private final Cluster cluster;
  private final Pace pace;
  private final SplittableRandom sleeps;
  private final Listener listener;
  private final Map<SimNode, Queue> queues = new HashMap<>();
  private long request;

  TaskWorkers(Cluster cluster, Pace pace, long seed, Listener listener) {
    this.cluster = cluster;
    this.pace = pace;
    this.sleeps = Seeds.fork(seed, "sleeps");
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
      if (effects.get(i) instanceof Effect.Task task && !task.dispatch().returned()) {
        comes(node, task);
      }
    }
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
    queue.written = 0;
    sleep(node, queue);
  }

  private void sleep(SimNode node, Queue queue) {
    double exponential = -StrictMath.log(1 - sleeps.nextDouble());
    long nanos = (long) (exponential * pace.meanUpdateGapNanos()) + pace.updateLateNanos();
    cluster.after(Duration.ofNanos(nanos), () -> write(node, queue));
  }

  private void write(SimNode node, Queue queue) {
    int[] keys = queue.waiting.getFirst().job().keys();
    String key = name(keys[queue.written++]);
    cluster.submit(node, new StoreCommand.Put(++request, key, VALUE));
    listener.wrote();
    if (queue.written < keys.length) {
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
