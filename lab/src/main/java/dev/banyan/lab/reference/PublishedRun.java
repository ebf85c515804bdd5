package dev.banyan.lab.reference;

import dev.banyan.sim.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// A run of the published simulator in virtual time: nodes join, tasks come one after the other, each sleeps and writes
/// its keys, a worker runs one task at a time in the order in which they came. Everything follows from the seed.
public final class PublishedRun {

  private static final int NEXT_TASK = -1;

  /// @param worker whose sleep ends, or [#NEXT_TASK]
  private record Due(long atNanos, long order, int worker) {}

  /// @param written keys of the program
  private static final class Job {
    private final int[] program;
    private int written;

    private Job(int[] program) {
      this.program = program;
    }
  }

  private final Setup setup;
  private final Workload workload;
  private final PublishedTree tree;
  private final SplittableRandom programs;
  private final SplittableRandom sleeps;
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::order));
  private final List<Deque<Job>> jobs = new ArrayList<>();
  private long nowNanos;
  private long order;
  private int enqueued;
  private long updates;

  private PublishedRun(Setup setup, long seed) {
    if (!setup.published() || !(setup.work() instanceof Workload sets)) {
      throw new IllegalArgumentException("not in the published simulator: " + setup);
    }
    this.setup = setup;
    this.workload = sets;
    this.tree = new PublishedTree(setup.rules());
    this.programs = Seeds.fork(seed, "programs");
    this.sleeps = Seeds.fork(seed, "sleeps");
  }

  /// What a configuration costs with a seed. Equal arguments give equal results.
  public static Measured measure(Setup setup, long seed) {
    PublishedRun run = new PublishedRun(setup, seed);
    run.join();
    run.work();
    return run.measured();
  }

  private void join() {
    tree.rootJoins(setup.rootBranching());
    for (int i = 0; i < setup.routers(); i++) {
      tree.routerJoins(setup.branching());
    }
    for (int i = 0; i < setup.workers(); i++) {
      tree.workerJoins();
    }
    for (int host = 0; host < tree.hosts(); host++) {
      jobs.add(new ArrayDeque<>(1));
    }
  }

  private void work() {
    if (setup.tasks() > 0) {
      schedule(setup.pace().taskGapNanos(), NEXT_TASK);
    }
    for (Due due = queue.poll(); due != null; due = queue.poll()) {
      nowNanos = due.atNanos();
      if (due.worker() == NEXT_TASK) {
        taskComes();
      } else {
        writes(due.worker());
      }
    }
  }

  private void schedule(long afterNanos, int worker) {
    queue.add(new Due(nowNanos + afterNanos, order++, worker));
  }

  private void taskComes() {
    Job job = new Job(workload.program(programs));
    int worker = tree.enqueue(job.program);
    Deque<Job> waiting = jobs.get(worker);
    waiting.add(job);
    if (waiting.size() == 1) {
      sleep(worker);
    }
    if (++enqueued < setup.tasks()) {
      schedule(setup.pace().taskGapNanos(), NEXT_TASK);
    }
  }

  private void writes(int worker) {
    Deque<Job> waiting = jobs.get(worker);
    Job job = waiting.getFirst();
    tree.update(worker, job.program[job.written++]);
    updates++;
    if (job.written == job.program.length) {
      tree.finish(worker, job.program);
      waiting.removeFirst();
    }
    if (!waiting.isEmpty()) {
      sleep(worker);
    }
  }

  private void sleep(int worker) {
    double exponential = -StrictMath.log(1 - sleeps.nextDouble());
    long sleepNanos = (long) (exponential * setup.pace().meanUpdateGapNanos());
    schedule(sleepNanos + setup.pace().updateLateNanos(), worker);
  }

  private Measured measured() {
    List<Long> routerPackets = new ArrayList<>();
    List<Long> loads = new ArrayList<>();
    loads.add(tree.packetsSelfSendsTwiceOf(0));
    for (int router = 1; router <= setup.routers(); router++) {
      routerPackets.add(tree.packetsOf(router));
      loads.add(tree.packetsSelfSendsTwiceOf(router));
    }
    Collections.sort(loads);
    return new Measured(
        updates,
        enqueued,
        tree.totalPackets(),
        tree.rootPackets(),
        tree.rootPackets(Packet.KEY_UPDATE),
        tree.packets(Packet.KEY_UPDATE),
        routerPackets,
        loads,
        nowNanos);
  }
}
