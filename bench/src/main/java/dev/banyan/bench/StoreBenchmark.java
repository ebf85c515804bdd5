package dev.banyan.bench;

import static dev.banyan.protocol.Checks.require;

import com.sun.management.OperatingSystemMXBean;
import dev.banyan.capsule.JcaCrypto;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.store.Sealing;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.transport.IoEngine;
import dev.banyan.transport.TcpOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Puts of one worker, replicated to several: how many a second until every replica holds them all, and how long one is
/// under way.
///
/// A root, the writing worker and the replicas run in this process, each node with its own sockets. Replicas watch the
/// keys' prefix. A run ends when every replica's digest equals the writer's. Whoever writes waits while the worker is
/// congested, and while it is more than [#MAX_AHEAD] puts ahead of the slowest replica, as a user would who minds.
public final class StoreBenchmark {

  private static final String PREFIX = "bench/";
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(20);
  private static final Duration RUN_LIMIT = Duration.ofMinutes(2);

  static final int MAX_AHEAD = 8_192;

  /// Puts handed to the worker between two looks at how far the others are.
  private static final int BURST = 64;

  /// Without progress for so long, the writer goes on: what the slowest replica lacks was dropped, and is repaired.
  private static final long STALL_NANOS = 500_000_000;

  private static final long IDLE_NANOS = 50_000;

  /// A value begins with when it was put, and as how manieth.
  private static final int STAMP_BYTES = 2 * Long.BYTES;

  /// @param replicas workers besides the writer
  /// @param keys distinct keys, written in turn
  /// @param putsPerSecond the pace; 0 for as fast as they are taken
  /// @param warmUpPuts before the first run, at full speed
  /// @param batch how long a put may wait for others to share its multicast ([StoreConfig#batchNanos])
  /// @param sealed whether workers seal what they write; links are in clear either way
  public record Options(
      long puts,
      int replicas,
      int valueBytes,
      int keys,
      double putsPerSecond,
      int runs,
      long warmUpPuts,
      Duration batch,
      boolean sealed,
      int loops,
      IoEngine engine) {

    public Options {
      require(puts > 0, "puts must be positive");
      require(replicas >= 1 && replicas <= 64, "replicas: 1 to 64, not " + replicas);
      require(
          valueBytes >= STAMP_BYTES && valueBytes <= StoreCommand.MAX_VALUE_BYTES,
          "value bytes: 16 to " + StoreCommand.MAX_VALUE_BYTES + ", not " + valueBytes);
      require(keys >= 1, "keys must be positive");
      require(putsPerSecond >= 0, "the pace must not be negative");
      require(runs >= 1, "runs must be positive");
      require(warmUpPuts >= 0, "warm-up puts must not be negative");
      require(!batch.isNegative(), "the batching time must not be negative");
      require(loops >= 1, "loops must be positive");
    }
  }

  /// One run.
  ///
  /// @param putsPerSecond from the first put until all replicas were equal to the writer
  /// @param cpuSecondsPerMillion of the whole process, for a million puts
  /// @param p50Micros from just before a put is handed in until a replica's watcher hears of it; over all replicas
  /// @param gaps gap marks that reached a replica: what was dropped before one was repaired within the run
  record Run(
      double putsPerSecond,
      double cpuSecondsPerMillion,
      double p50Micros,
      double p99Micros,
      double maxMicros,
      long gaps) {

    Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("putsPerSecond", putsPerSecond)
          .put("cpuSecondsPerMillion", cpuSecondsPerMillion)
          .put("p50Micros", p50Micros)
          .put("p99Micros", p99Micros)
          .put("maxMicros", maxMicros)
          .put("gaps", gaps)
          .toMap();
    }
  }

  /// Medians over the runs.
  public record Result(Options options, List<Run> runs) implements Report {
    @Override
    public Map<String, @Nullable Object> fields() {
      return new Fields()
          .put("putsPerSecond", Figures.median(runs, Run::putsPerSecond))
          .put("p50Micros", Figures.median(runs, Run::p50Micros))
          .put("p99Micros", Figures.median(runs, Run::p99Micros))
          .put("cpuSecondsPerMillion", Figures.median(runs, Run::cpuSecondsPerMillion))
          .put("gaps", runs.stream().mapToLong(Run::gaps).sum())
          .put("replicas", options.replicas)
          .put("valueBytes", options.valueBytes)
          .put("puts", options.puts)
          .put("keys", options.keys)
          .put("pacedPutsPerSecond", options.putsPerSecond)
          .put("batchMillis", options.batch.toNanos() / 1e6)
          .put("sealed", options.sealed)
          .put("engine", options.engine.resolved().name())
          .put("runs", runs.stream().map(Run::fields).toList())
          .toMap();
    }
  }

  /// A worker and what it has told so far. Counters are written on its loop.
  private static final class Member {
    private final Latencies latencies = new Latencies();
    private LoopbackNodes.@Nullable Member node;
    private @Nullable Worker worker;
    private volatile boolean watching;
    private volatile boolean congested;
    private volatile long written;
    private volatile long latest;
    private volatile long refused;

    Worker worker() {
      Worker made = worker;
      if (made == null) {
        throw new IllegalStateException("the worker was not started");
      }
      return made;
    }

    LoopbackNodes.Member node() {
      LoopbackNodes.Member started = node;
      if (started == null) {
        throw new IllegalStateException("the worker was not started");
      }
      return started;
    }

    long ask(ToLongFunction<Worker> question) {
      return LoopbackNodes.get(node().node().call(() -> question.applyAsLong(worker())));
    }

    void hear(Effect effect) {
      switch (effect) {
        case StoreOutcome.Written done -> {
          written++;
          congested = worker().congested();
        }
        case StoreOutcome.Changed changed -> changed.revision().value().ifPresent(this::hearValue);
        case StoreOutcome.CaughtUp caughtUp -> watching = true;
        case StoreOutcome.Refused no -> refused++;
        default -> {}
      }
    }

    private void hearValue(Bytes value) {
      ByteBuffer stamp = ByteBuffer.wrap(value.shared());
      latencies.record(System.nanoTime() - stamp.getLong());
      latest = Math.max(latest, stamp.getLong());
    }
  }

  private final Options options;
  private final Progress progress;
  private final LoopbackNodes nodes;
  private final SplittableRandom random = new SplittableRandom(11);
  private final LocalGroup group;
  private final Member writer;
  private final List<Member> replicas = new ArrayList<>();
  private long request;
  private long put;

  private StoreBenchmark(Options options, Progress progress, LoopbackNodes nodes) {
    this.options = options;
    this.progress = progress;
    this.nodes = nodes;
    group = new LocalGroup(JcaCrypto::fastest, new SecureRandom());
    nodes.startRoot();
    this.writer = startWorker();
    for (int i = 0; i < options.replicas; i++) {
      replicas.add(startWorker());
    }
  }

  /// @throws BenchmarkException when the workers do not find together, or do not become equal
  public static Result run(Options options, Progress progress) throws InterruptedException {
    TcpOptions tcp = TcpOptions.DEFAULT.withEngine(options.engine).withLoops(options.loops);
    TreeConfig config =
        TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, options.replicas + 1));
    try (LoopbackNodes nodes = new LoopbackNodes(tcp, config, List.of(), 5)) {
      return new StoreBenchmark(options, progress, nodes).run();
    }
  }

  private Member startWorker() {
    Member member = new Member();
    Session session = new Session(random.nextLong(), random.nextLong());
    SplittableRandom own = random.split();
    NodeId id = options.sealed ? group.admit() : new NodeId(random.nextLong());
    Sealing sealing = options.sealed ? group.sealing(id, session) : Sealing.CLEAR;
    member.node =
        nodes.start(
            id,
            NodeKind.CLIENT,
            (TreeNode tree) -> {
              Worker worker =
                  new Worker(
                      tree,
                      LoopbackNodes.WALL,
                      StoreConfig.DEFAULT.withBatchNanos(options.batch.toNanos()),
                      session,
                      new SipTagger(1, 2),
                      sealing,
                      own);
              member.worker = worker;
              return worker;
            },
            member::hear);
    return member;
  }

  private Result run() throws InterruptedException {
    await(JOIN_LIMIT, "the workers found no parent", () -> nodes.unattached() == 0);
    for (Member replica : replicas) {
      replica.node().node().submit(new StoreCommand.Watch(++request, PREFIX, true));
    }
    await(
        JOIN_LIMIT,
        "the replicas' watches did not begin",
        () -> replicas.stream().allMatch(r -> r.watching));
    progress.say("warming up: " + options.warmUpPuts + " puts");
    put(options.warmUpPuts, 0);
    settle();
    List<Run> runs = new ArrayList<>();
    for (int i = 1; i <= options.runs; i++) {
      Run run = measure();
      runs.add(run);
      progress.say("run " + i + " of " + options.runs + ": " + run.fields());
    }
    return new Result(options, runs);
  }

  private Run measure() throws InterruptedException {
    for (Member replica : replicas) {
      replica.ask(worker -> {
        replica.latencies.clear();
        return 0;
      });
    }
    long gapsBefore = gaps();
    long cpuBefore = cpuNanos();
    long start = System.nanoTime();
    put(options.puts, options.putsPerSecond);
    settle();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
    Latencies latencies = new Latencies();
    for (Member replica : replicas) {
      replica.ask(worker -> {
        latencies.add(replica.latencies);
        return 0;
      });
    }
    return new Run(
        options.puts / seconds,
        cpuSeconds / (options.puts / 1e6),
        latencies.micros(50),
        latencies.micros(99),
        latencies.maxMicros(),
        gaps() - gapsBefore);
  }

  /// Gap marks that reached the replicas.
  private long gaps() {
    return replicas.stream().mapToLong(replica -> replica.ask(StoreBenchmark::gapsIn)).sum();
  }

  private static long gapsIn(Worker worker) {
    return worker.tree().counters().stream()
        .filter(counter -> counter.name().equals("gapsIn"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  /// Hands in so many puts; slows down while the worker says that it is congested.
  private void put(long count, double perSecond) {
    long start = System.nanoTime();
    byte[] template = new byte[options.valueBytes];
    new Random(1).nextBytes(template);
    int burst = perSecond > 0 ? 1 : BURST;
    for (long i = 0; i < count; i++) {
      if (perSecond > 0) {
        waitUntil(start + (long) (i * 1e9 / perSecond));
      }
      if (i % burst == 0) {
        awaitRoom();
      }
      byte[] value = template.clone();
      ByteBuffer.wrap(value).putLong(System.nanoTime()).putLong(++put);
      String key = PREFIX + i % options.keys;
      writer.node().node().submit(new StoreCommand.Put(++request, key, Bytes.wrap(value)));
    }
  }

  private void awaitRoom() {
    long seen = slowest();
    long stalledAt = System.nanoTime() + STALL_NANOS;
    while (put - slowest() > MAX_AHEAD && System.nanoTime() < stalledAt) {
      LockSupport.parkNanos(IDLE_NANOS);
      if (slowest() != seen) {
        seen = slowest();
        stalledAt = System.nanoTime() + STALL_NANOS;
      }
    }
    while (writer.congested) {
      LockSupport.parkNanos(IDLE_NANOS);
      writer.congested = writer.ask(worker -> worker.congested() ? 1 : 0) == 1;
    }
    if (writer.refused > 0) {
      throw new BenchmarkException("the store refused a put");
    }
  }

  /// The latest put that even the slowest replica has heard of.
  private long slowest() {
    long slowest = Long.MAX_VALUE;
    for (Member replica : replicas) {
      slowest = Math.min(slowest, replica.latest);
    }
    return slowest;
  }

  private static void waitUntil(long due) {
    for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
      LockSupport.parkNanos(due - now);
    }
  }

  /// Until every put is answered, and every replica is equal to the writer.
  private void settle() throws InterruptedException {
    await(RUN_LIMIT, "puts were not answered", () -> writer.written == put);
    long digest = writer.ask(Worker::digest);
    await(
        RUN_LIMIT,
        "the replicas did not become equal",
        () -> replicas.stream().allMatch(replica -> replica.ask(Worker::digest) == digest));
  }

  private static void await(Duration limit, String otherwise, BooleanSupplier condition)
      throws InterruptedException {
    if (!LoopbackNodes.await(limit, condition)) {
      throw new BenchmarkException(otherwise + " in " + limit.toSeconds() + " s");
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
