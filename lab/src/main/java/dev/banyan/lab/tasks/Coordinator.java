package dev.banyan.lab.tasks;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.sim.Cluster;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/// Whoever hands in tasks, at the root: one after each gap, programs
/// drawn from the seed. It knows the keys that a task will use, and says so; results come back to it.
final class Coordinator implements Observer {

  private final Cluster cluster;
  private final SimNode root;
  private final Programs programs;
  private final IntToLongFunction tagOf;
  private final long[] submittedAtNanos;
  private final long[] startedAtNanos;
  private final long[] returnedAtNanos;
  private final Job[] jobs;
  private final int[] workerOf;
  private int submitted;
  private int returned;

  /// @param tagOf the tag of each key of the workload
  Coordinator(
      Cluster cluster, SimNode root, Programs programs, int tasks, IntToLongFunction tagOf) {
    this.cluster = cluster;
    this.root = root;
    this.programs = programs;
    this.tagOf = tagOf;
    submittedAtNanos = new long[tasks];
    startedAtNanos = new long[tasks];
    returnedAtNanos = new long[tasks];
    jobs = new Job[tasks];
    workerOf = new int[tasks];
  }

  /// Hands in all tasks, one after each gap.
  ///
  /// @param before told the number of each task that is about to be handed in
  void start(Duration gap, IntConsumer before) {
    if (submitted < submittedAtNanos.length) {
      cluster.after(
          gap,
          () -> {
            before.accept(submitted);
            submit();
            start(gap, before);
          });
    }
  }

  private void submit() {
    Job job = new Job(submitted, programs.next());
    long[] tags = job.keys().mapToLong(tagOf::applyAsLong).sorted().toArray();
    jobs[submitted] = job;
    submittedAtNanos[submitted++] = cluster.nowNanos();
    cluster.submit(root, new Event.Submit(job.number(), tags, job.encoded()));
  }

  void started(Job job, SimNode worker, long nowNanos) {
    startedAtNanos[job.number()] = nowNanos;
    workerOf[job.number()] = worker.index();
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (node != root) {
      return;
    }
    for (int i = 0; i < effects.size(); i++) {
      switch (effects.get(i)) {
        case Effect.Result(var result) -> {
          returnedAtNanos[(int) result.id()] = nowNanos;
          programs.ended(jobs[(int) result.id()]);
          returned++;
        }
        case Effect.Task task ->
            throw new IllegalStateException("no worker took task " + task.dispatch().id());
        default -> {}
      }
    }
  }

  boolean done() {
    return returned == submittedAtNanos.length;
  }

  /// Mean time from handing in to the start of the program, over the tasks from this one on.
  double meanWaitMillis(int from) {
    return meanMillis(startedAtNanos, from);
  }

  /// Mean time from handing in to the result, over the tasks from this one on.
  double meanTurnaroundMillis(int from) {
    return meanMillis(returnedAtNanos, from);
  }

  /// To how many workers the tasks of a set went, from this one on: one over the sum of the squares of the workers'
  /// shares, mean over the sets; 0 where there are no sets.
  double workersPerSet(int from) {
    if (programs.sets() == 0) {
      return 0;
    }
    int[][] tasks = new int[programs.sets()][cluster.nodes().size()];
    for (int i = from; i < jobs.length; i++) {
      tasks[programs.setOf(jobs[i])][workerOf[i]]++;
    }
    double sum = 0;
    int sets = 0;
    for (int[] ofSet : tasks) {
      double all = Arrays.stream(ofSet).sum();
      if (all > 0) {
        sum += 1 / Arrays.stream(ofSet).mapToDouble(count -> count / all * (count / all)).sum();
        sets++;
      }
    }
    return sets == 0 ? 0 : sum / sets;
  }

  private double meanMillis(long[] endNanos, int from) {
    double sum = 0;
    for (int i = from; i < endNanos.length; i++) {
      sum += (endNanos[i] - submittedAtNanos[i]) / 1e6;
    }
    return from == endNanos.length ? 0 : sum / (endNanos.length - from);
  }
}
