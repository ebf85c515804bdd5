package dev.banyan.sim.run;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Trace;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A few writers write all keys; each reader reads, and seldom writes, keys of a window that drifts over them, the first
/// of its window far more often than the last (Zipf). Knows what everybody used when, and what must and may be wanted
/// because of that.
public final class Drift implements Load, Observer {

  private static final int KEYS = 1_000;
  private static final int WRITER_EVERY = 5;
  private static final double SKEW = 0.99;
  private static final Duration INTERVAL = Duration.ofMillis(15);

  /// Keys a window moves on with each step.
  private static final double DRIFT = 0.003;

  private static final Duration SLACK = Duration.ofSeconds(1);

  private final Run run;
  private final StoreTraffic users;
  private final StoreConfig config;
  private final SplittableRandom random;
  private final Map<SimNode, Map<String, Long>> usedAtNanos = new HashMap<>();
  private final Map<SimNode, Map<Long, Long>> askedAtNanos = new HashMap<>();
  private double[] cumulative = {};
  private double position;
  private int shift;

  public Drift(Run run, StoreConfig config, int window) {
    this.run = run;
    this.config = config;
    this.users = new StoreTraffic(run, 1, INTERVAL, config, 0);
    this.random = run.random().split();
    window(window);
    run.cluster().observe(this);
  }

  /// How many keys a reader's window has from now on.
  public void window(int keys) {
    double[] sums = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += Math.pow(i + 1, -SKEW);
      sums[i] = sum;
    }
    cumulative = sums;
  }

  public boolean isReader(SimNode node) {
    return node.kind() == NodeKind.CLIENT && node.index() % WRITER_EVERY != 0;
  }

  @Override
  public NodeSpec client(TreeConfig tree) {
    return users.client(tree);
  }

  @Override
  public void join(SimNode client) {}

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
    users.check();
    run.require(users.freshReads() > 100, "only " + users.freshReads() + " reads were checked");
  }

  private void act(int during) {
    run.cluster()
        .after(
            INTERVAL,
            () -> {
              if (during == shift) {
                position += DRIFT;
                List<SimNode> workers = run.up(NodeKind.CLIENT);
                one(workers.get(random.nextInt(workers.size())));
                act(during);
              }
            });
  }

  private void one(SimNode worker) {
    String key = isReader(worker) ? keyOf(worker) : "key " + random.nextInt(KEYS);
    usedAtNanos.computeIfAbsent(worker, _ -> new HashMap<>()).put(key, run.cluster().nowNanos());
    if (!isReader(worker) || random.nextInt(200) == 0) {
      users.put(worker, key);
    } else {
      users.get(worker, key);
    }
  }

  private String keyOf(SimNode reader) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    int rank = Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
    return "key " + ((int) position + reader.index() * 37 + rank) % KEYS;
  }

  @Override
  public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
    if (node.kind() == NodeKind.CLIENT
        && event instanceof Event.Received(LinkId _, Message.Anycast question)) {
      askedAtNanos.computeIfAbsent(node, _ -> new HashMap<>()).put(question.tag(), nowNanos);
    }
  }

  /// The longest that anything can be kept after its last use.
  public Duration longest() {
    long halfLife = config.halfLifeNanos();
    return Duration.ofNanos(5 * halfLife + halfLife / 32).plus(SLACK);
  }

  /// The longest that anything can be kept after somebody else has asked for it.
  public Duration longestForOthers() {
    return Duration.ofNanos(config.halfLifeNanos() / 32 + 8 * config.fetching().timeoutNanos())
        .plus(SLACK);
  }

  /// Whatever was used within the last half-life is wanted; what was not for the longest time, nor asked for by others,
  /// is not, unless the worker wrote it last.
  public void checkBounds() {
    long now = run.cluster().nowNanos();
    for (SimNode node : run.up(NodeKind.CLIENT)) {
      if (!(node.machine instanceof Worker worker) || !worker.connected()) {
        continue;
      }
      Map<String, Long> used = usedAtNanos.getOrDefault(node, Map.of());
      used.forEach((key, at) -> {
        if (now - at < config.halfLifeNanos()) {
          run.require(
              worker.wants(worker.tagsOf(key)[0]),
              node + " has let go '" + key + "', used at " + Trace.time(at));
        }
      });
      Map<Long, Long> asked = askedAtNanos.getOrDefault(node, Map.of());
      for (Worker.Held held : worker.held()) {
        long tag = worker.tagsOf(held.key())[0];
        long idle = now - used.getOrDefault(held.key(), Long.MIN_VALUE / 2);
        long unasked = now - asked.getOrDefault(tag, Long.MIN_VALUE / 2);
        run.require(
            idle < longest().toNanos()
                || unasked < longestForOthers().toNanos()
                || held.version().writer().equals(node.id()),
            node + " still holds '" + held.key() + "', unused for " + Duration.ofNanos(idle));
      }
    }
  }
}
