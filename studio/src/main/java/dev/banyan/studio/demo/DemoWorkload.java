package dev.banyan.studio.demo;

import dev.banyan.lab.keys.ScrambledZipfian;
import dev.banyan.node.RandomSource;
import dev.banyan.protocol.NodeId;
import dev.banyan.store.Version;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// YCSB's workload A (Cooper et al., SoCC 2010) through the workers' stores: half reads, half updates, of keys drawn
/// from YCSB's scrambled zipfian distribution; each operation at a worker drawn at random. It runs until it is closed
/// and can be paused.
///
/// What the operations are, one after the other, follows from the seed; at which workers, from who is alive then.
final class DemoWorkload implements AutoCloseable {

  /// YCSB's workload A updates one of ten fields of 100 bytes; here a value is one such field.
  private static final int VALUE_BYTES = 100;

  private static final int MAX_OPEN = 256;
  private static final long ANSWER_SECONDS = 30;

  private final Cast cast;
  private final DemoOptions options;
  private final WriteLedger writes;

  /// Which worker, of those there are.
  private final RandomGenerator random;

  /// Keys, values, and whether to read or to write. Only one thread draws from it, once the records are loaded.
  private final RandomGenerator script;

  private final ScrambledZipfian keys;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore open = new Semaphore(MAX_OPEN);
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong fresh = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean paused = true;
  private volatile boolean closed;

  DemoWorkload(Cast cast, DemoOptions options, WriteLedger writes, RandomGenerator random) {
    this.cast = cast;
    this.options = options;
    this.writes = writes;
    this.random = random;
    this.script = RandomSource.of(options.seed() + 2);
    this.keys = new ScrambledZipfian(options.records(), script);
  }

  /// YCSB's load phase: every record is written once, by some worker.
  void load() throws InterruptedException {
    List<Member> workers = cast.workers();
    if (workers.isEmpty()) {
      return;
    }
    for (int i = 0; i < options.records(); i++) {
      String key = key(i);
      Member worker = workers.get(random.nextInt(workers.size()));
      byte[] value = value();
      open.acquire();
      threads.execute(() -> run(() -> put(worker, key, value)));
    }
    drain();
  }

  void start() {
    paused = false;
    Thread.ofVirtual().name("banyan-workload").start(this::pace);
  }

  /// Starts nothing more; waits until what was started has ended.
  void pause() throws InterruptedException {
    paused = true;
    drain();
  }

  void resume() {
    paused = false;
  }

  private void drain() throws InterruptedException {
    if (open.tryAcquire(MAX_OPEN, ANSWER_SECONDS + 5, TimeUnit.SECONDS)) {
      open.release(MAX_OPEN);
    }
  }

  private void pace() {
    long gap = 1_000_000_000L / options.operationsPerSecond();
    long due = System.nanoTime();
    while (!closed) {
      due += gap;
      long now = System.nanoTime();
      if (due - now > 0) {
        LockSupport.parkNanos(due - now);
      } else if (now - due > 1_000_000_000L) {
        due = now;
      }
      if (!paused && open.tryAcquire()) {
        startOne();
      }
    }
  }

  private void startOne() {
    List<Member> workers = cast.workers();
    if (workers.isEmpty() || paused) {
      open.release();
      return;
    }
    Member worker = workers.get(random.nextInt(workers.size()));
    String key = key(keys.next());
    if (script.nextBoolean()) {
      byte[] value = value();
      threads.execute(() -> run(() -> put(worker, key, value)));
    } else {
      threads.execute(() -> run(() -> read(worker, key)));
    }
  }

  private byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    script.nextBytes(value);
    return value;
  }

  private interface Operation {
    void run() throws InterruptedException, ExecutionException, TimeoutException;
  }

  private void run(Operation operation) {
    try {
      operation.run();
    } catch (ExecutionException | TimeoutException e) {
      // The worker died or hung meanwhile; its caller would try another.
      failures.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.release();
    }
  }

  private void put(Member worker, String key, byte[] value)
      throws InterruptedException, ExecutionException, TimeoutException {
    Version version = answered(worker, worker.put(key, value));
    writes.written(key, version);
  }

  private void read(Member worker, String key)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (answered(worker, worker.get(key))) {
      fresh.incrementAndGet();
    }
    reads.incrementAndGet();
  }

  /// Waits for an answer, but not for one of the dead.
  private <T> T answered(Member worker, CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    NodeId id = worker.id();
    for (int i = 0; i < ANSWER_SECONDS * 10; i++) {
      try {
        return answer.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (!cast.isAlive(id) || cast.isHung(id)) {
          throw e;
        }
      }
    }
    throw new TimeoutException();
  }

  private static String key(long number) {
    return "usertable/user" + number;
  }

  long reads() {
    return reads.get();
  }

  /// Reads whose worker could say that it had missed nothing.
  long freshReads() {
    return fresh.get();
  }

  /// Operations that had no answer because their worker died or hung.
  long failures() {
    return failures.get();
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
  }
}
