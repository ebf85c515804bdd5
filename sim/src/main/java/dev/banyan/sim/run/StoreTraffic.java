package dev.banyan.sim.run;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Pruner;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Trace;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.wire.BatchPruner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Workers whose users put, get, delete, compare and set, and watch a few dozen keys. Every command is answered, and a
/// read that claims to be fresh is: in calm times it shows what was written a while ago.
public final class StoreTraffic implements Load, Observer {

  private static final long FRESH_NANOS = Duration.ofSeconds(3).toNanos();

  private record Written(Version version, SimNode by, int life, long atNanos) {}

  private record Asked(SimNode worker, int life) {}

  private final Run run;
  private final SplittableRandom random;
  private final int keys;
  private final Duration interval;
  private final StoreConfig config;
  private final SplittableRandom archives;
  private final double archiveShare;
  private final Map<String, Written> newest = new HashMap<>();
  private final Map<Long, Asked> open = new HashMap<>();
  private @Nullable LocalGroup group;
  private @Nullable Pruner pruner;
  private long request;
  private final Map<SimNode, Watched> watching = new HashMap<>();

  /// A watch of [#watchOther].
  private record Watched(int life, long request) {}

  private long writes;
  private long reads;
  private long freshReads;
  private long troubleAtNanos = Long.MIN_VALUE / 2;
  private int shift;

  public StoreTraffic(Run run, int keys, Duration interval) {
    this(run, keys, interval, StoreConfig.DEFAULT, 0);
  }

  /// The same, with workers that seal what they write, and routers that cut batches down.
  public static StoreTraffic sealed(Run run, int keys, Duration interval) {
    return sealed(run, keys, interval, StoreConfig.DEFAULT);
  }

  public static StoreTraffic sealed(Run run, int keys, Duration interval, StoreConfig config) {
    StoreTraffic traffic = new StoreTraffic(run, keys, interval, config, 0);
    Supplier<MemoCrypto> cryptos = MemoCrypto.shared();
    traffic.group = new LocalGroup(cryptos, run.random().split());
    traffic.pruner = new BatchPruner(cryptos.get());
    return traffic;
  }

  /// @param archiveShare of the workers want everything
  public StoreTraffic(
      Run run, int keys, Duration interval, StoreConfig config, double archiveShare) {
    this.config = config;
    this.archives = Seeds.fork(run.cluster().options().seed(), "archives");
    this.archiveShare = archiveShare;
    this.run = run;
    this.random = run.random().split();
    this.keys = keys;
    this.interval = interval;
    run.cluster().observe(this);
  }

  @Override
  public NodeSpec client(TreeConfig tree) {
    return group == null
        ? NodeSpec.worker(tree, config)
        : NodeSpec.sealed(tree, config, group, pruner);
  }

  @Override
  public NodeSpec router(NodeKind kind, TreeConfig tree) {
    return pruner == null ? NodeSpec.tree(kind, tree) : NodeSpec.pruning(kind, tree, pruner);
  }

  @Override
  public void join(SimNode client) {
    if (random.nextInt(3) == 0) {
      submit(client, new StoreCommand.Watch(++request, "shared/", true));
    }
    if (archives.nextDouble() < archiveShare) {
      watchEverything(client);
    }
  }

  @Override
  public void start() {
    act(++shift);
  }

  @Override
  public void stop() {
    shift++;
  }

  @Override
  public void check() {
    run.require(unanswered() == 0, unanswered() + " commands were never answered");
    run.require(writes > 0 && reads > 0 && run.replicas().checked() > 0, "users have done nothing");
  }

  public long writes() {
    return writes;
  }

  /// Reads that claimed to be fresh, in calm times, and were.
  public long freshReads() {
    return freshReads;
  }

  /// Commands of workers that live on and that nobody has answered.
  long unanswered() {
    return open.values().stream()
        .filter(asked -> asked.worker().up() && asked.life() == asked.worker().life)
        .count();
  }

  private void act(int during) {
    run.cluster()
        .after(
            interval,
            () -> {
              if (during == shift) {
                List<SimNode> workers = run.up(NodeKind.CLIENT);
                if (!workers.isEmpty()) {
                  one(workers.get(random.nextInt(workers.size())));
                }
                act(during);
              }
            });
  }

  /// Something a user does.
  void one(SimNode worker) {
    if (random.nextInt(50) == 0) {
      watchOther(worker);
    }
    String key = key();
    switch (random.nextInt(12)) {
      case 0 -> submit(worker, new StoreCommand.Delete(++request, key));
      case 1 ->
          submit(
              worker,
              new StoreCommand.CompareAndSet(
                  ++request, key, Optional.empty(), Optional.of(value())));
      case 2, 3, 4, 5 -> submit(worker, new StoreCommand.Get(++request, key));
      default -> put(worker, key);
    }
  }

  public void put(SimNode worker, String key) {
    submit(worker, new StoreCommand.Put(++request, key, value()));
  }

  public void get(SimNode worker, String key) {
    submit(worker, new StoreCommand.Get(++request, key));
  }

  public void watchEverything(SimNode worker) {
    submit(worker, new StoreCommand.Watch(++request, "", true));
  }

  /// Watches the prefix that few watch, or ceases to.
  private void watchOther(SimNode worker) {
    Watched watched = watching.remove(worker);
    if (watched != null && watched.life() == worker.life) {
      submit(worker, new StoreCommand.Unwatch(++request, watched.request()));
    } else {
      submit(worker, new StoreCommand.Watch(++request, "other/", true));
      watching.put(worker, new Watched(worker.life, request));
    }
  }

  private Bytes value() {
    return Bytes.utf8("value " + random.nextInt(1_000_000));
  }

  private String key() {
    return (random.nextBoolean() ? "shared/" : "other/") + random.nextInt(keys);
  }

  private void submit(SimNode worker, StoreCommand command) {
    open.put(command.request(), new Asked(worker, worker.life));
    run.cluster().submit(worker, command);
  }

  @Override
  public void disturbed(SimNode node, long nowNanos) {
    troubleAtNanos = nowNanos;
  }

  @Override
  public void ended(SimNode node, long nowNanos) {
    troubleAtNanos = nowNanos;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    for (int i = 0; i < effects.size(); i++) {
      switch (effects.get(i)) {
        case StoreOutcome outcome -> answered(node, outcome, nowNanos);
        case Effect.Connected _ -> troubleAtNanos = nowNanos; // parts of the tree part or meet
        default -> {}
      }
    }
  }

  private void answered(SimNode node, StoreOutcome outcome, long nowNanos) {
    open.remove(outcome.request());
    switch (outcome) {
      case StoreOutcome.Written written -> {
        writes++;
        newest.merge(
            written.key(),
            new Written(written.version(), node, node.life, nowNanos),
            (old, now) -> now.version().compareTo(old.version()) > 0 ? now : old);
      }
      case StoreOutcome.Value value ->
          read(node, value.key(), Optional.of(value.version()), value.stale(), nowNanos);
      case StoreOutcome.Absent absent ->
          read(node, absent.key(), Optional.empty(), absent.stale(), nowNanos);
      default -> {}
    }
  }

  private void read(
      SimNode node, String key, Optional<Version> version, boolean stale, long nowNanos) {
    reads++;
    Written written = newest.get(key);
    boolean calm = nowNanos - troubleAtNanos > 3 * FRESH_NANOS && !run.faults().ongoing();
    if (stale
        || !calm
        || written == null
        || nowNanos - written.atNanos() < FRESH_NANOS
        || !written.by().up()
        || written.by().life != written.life()
        || !holds(written.by(), key)) {
      return;
    }
    freshReads++;
    boolean old = version.map(read -> read.compareTo(written.version()) < 0).orElse(false);
    run.require(
        !old,
        "%s read %s of '%s' and called it fresh; %s wrote %s at %s"
            .formatted(
                node,
                version,
                key,
                written.by(),
                written.version(),
                Trace.time(written.atNanos())));
  }

  /// A writer that does not hold what it wrote has seen a newer write; if all who held that one are gone, or have let it
  /// go, so is the key.
  private static boolean holds(SimNode writer, String key) {
    return writer.machine instanceof Worker worker && worker.newest(key).isPresent();
  }

  long reads() {
    return reads;
  }
}
