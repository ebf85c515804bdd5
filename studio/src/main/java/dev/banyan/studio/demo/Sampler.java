package dev.banyan.studio.demo;

import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Asks all responsive members what they see, again and again, and keeps what figures and summary need.
final class Sampler implements AutoCloseable {

  private static final long ANSWER_MILLIS = 2_000;

  private final Cast cast;
  private final long startNanos;
  private final long pauseNanos;
  private final Consumer<Map<NodeId, Glimpse>> eachTime;
  private final List<Sample> samples = new ArrayList<>();
  private final Map<NodeId, Glimpse> last = new LinkedHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /// @param eachTime gets what the members said, on the sampler's thread
  Sampler(Cast cast, long startNanos, long pauseNanos, Consumer<Map<NodeId, Glimpse>> eachTime) {
    this.cast = cast;
    this.startNanos = startNanos;
    this.pauseNanos = pauseNanos;
    this.eachTime = eachTime;
    this.thread = Thread.ofVirtual().name("banyan-sampler").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(ANSWER_MILLIS * 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long due = System.nanoTime();
    while (!closed) {
      take();
      due += pauseNanos;
      long now = System.nanoTime();
      if (due - now > 0) {
        LockSupport.parkNanos(due - now);
      } else {
        due = now;
      }
    }
  }

  /// Takes one sample now.
  Map<NodeId, Glimpse> take() {
    Map<Member, CompletableFuture<Glimpse>> asked = new LinkedHashMap<>();
    cast.responsive().forEach(member -> asked.put(member, member.look()));
    Map<NodeId, Glimpse> seen = new LinkedHashMap<>();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
    asked.forEach((member, answer) -> {
      try {
        long wait = Math.max(1, deadline - System.nanoTime());
        seen.put(member.id(), answer.get(wait, TimeUnit.NANOSECONDS));
      } catch (ExecutionException | TimeoutException e) {
        // It was killed or hung while it was asked: it is not seen.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    keep(seen);
    eachTime.accept(seen);
    return seen;
  }

  private synchronized void keep(Map<NodeId, Glimpse> seen) {
    last.putAll(seen);
    samples.add(sample(seen));
  }

  private Sample sample(Map<NodeId, Glimpse> seen) {
    int members = 0;
    int clients = 0;
    int maxImbalance = 0;
    long depths = 0;
    for (Glimpse glimpse : seen.values()) {
      maxImbalance = Math.max(maxImbalance, glimpse.imbalance());
      if (glimpse.placed() && glimpse.kind() != NodeKind.ROOT) {
        members++;
        if (glimpse.kind() == NodeKind.CLIENT) {
          clients++;
          depths += glimpse.level();
        }
      }
    }
    return new Sample(
        (System.nanoTime() - startNanos) / 1e9,
        members,
        clients,
        maxImbalance,
        clients == 0 ? Double.NaN : (double) depths / clients,
        cast.mortals().size());
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /// What each member, dead ones included, said last.
  synchronized Map<NodeId, Glimpse> lastWords() {
    return new LinkedHashMap<>(last);
  }
}
