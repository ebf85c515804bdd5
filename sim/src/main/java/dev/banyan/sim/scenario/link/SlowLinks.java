package dev.banyan.sim.scenario.link;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Every link has a rate and a latency of its own, from 64 kbit/s to 1 Gbit/s and from 1 to 600 ms there and back, and one connection in
/// a hundred is reset each minute. Values larger than what a link carries within the heartbeat timeout arrive, a worker
/// that comes late gets all there is, heartbeats hold, and no link is given up that moves bytes.
///
/// @param keys small ones that the newcomer must get
public record SlowLinks(String name, int keys) implements Scenario {

  public static final SlowLinks FEW = new SlowLinks("slow-links", 30);

  /// Takes its time: for a long run.
  public static final SlowLinks MANY = new SlowLinks("slow-links-many-keys", 10_000);

  private static final Growth GROWTH = new Growth(3, 6, 2, 8);
  private static final double SLOWEST_BYTES_PER_SECOND = 64_000 / 8.0;
  private static final double FASTEST_BYTES_PER_SECOND = 1e9 / 8;

  /// There and back.
  private static final double NEAREST_NANOS = 1e6;

  private static final double FARTHEST_NANOS = 600e6;

  private static final int LARGE = 3;
  private static final int LARGE_BYTES = 100_000;
  private static final int SMALL_BYTES = 500;

  /// Unlike those of the traffic that the workers join with.
  private static final long REQUEST = 1_000_000;

  /// Of all connections, in a second.
  private static final double RESETS = 0.01 / 60;

  @Override
  public String title() {
    return "links of 64 kbit/s to 1 Gbit/s, 1 to 600 ms, some reset; "
        + keys
        + " keys for a newcomer";
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    long seed = options.seed();
    return options.withTerrain((one, other) -> {
      long pair = (long) Math.min(one, other) << 32 | Math.max(one, other);
      SplittableRandom random = Seeds.fork(seed, "link " + pair);
      double rate = between(SLOWEST_BYTES_PER_SECOND, FASTEST_BYTES_PER_SECOND, random);
      double latency = between(NEAREST_NANOS, FARTHEST_NANOS, random) / 2;
      return new LinkProfile((long) latency, (long) latency / 10, (long) rate);
    });
  }

  /// As many in each order of magnitude.
  private static double between(double least, double most, SplittableRandom random) {
    return least * Math.pow(most / least, random.nextDouble());
  }

  @Override
  public void play(Run run) {
    run.deliveries().settleWithin(Duration.ofMinutes(5));
    StoreTraffic load = new StoreTraffic(run, 1, Duration.ofDays(1));
    GROWTH.grow(run, load);
    resetSome(run, 240);
    List<SimNode> workers = run.some(run.live(NodeKind.CLIENT), 4);
    for (SimNode reader : workers.subList(1, 4)) {
      submit(run, reader, new StoreCommand.Watch(REQUEST, "large/", true));
    }
    run.pass(Duration.ofSeconds(20));
    SimNode writer = workers.getFirst();
    for (int i = 0; i < keys; i++) {
      put(run, writer, "small/" + i, SMALL_BYTES);
      if (i % (keys / LARGE) == 0) {
        put(run, writer, "large/" + i, LARGE_BYTES);
      }
      run.pass(Duration.ofMillis(200));
    }
    SimNode newcomer = run.start(load.client(GROWTH.config()));
    submit(run, newcomer, new StoreCommand.Watch(REQUEST, "small/", true));
    submit(run, newcomer, new StoreCommand.Watch(REQUEST + 1, "large/", true));
    run.settle();
    requireHeld(run, newcomer, keys + LARGE);
    for (SimNode reader : workers.subList(1, 4)) {
      requireHeld(run, reader, LARGE);
    }
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
    run.require(
        run.metrics().count(Kind.SLOW_LINK_CLOSED) == 0, "a link was closed for being slow");
    run.require(run.cluster().linksOverflown() == 0, "a queue has overflown");
  }

  private static void resetSome(Run run, int seconds) {
    run.cluster()
        .after(
            Duration.ofSeconds(1),
            () -> {
              for (SimNode node : run.cluster().nodes()) {
                if (node.up() && run.random().nextDouble() < RESETS) {
                  run.faults().cutFromParent(node);
                }
              }
              if (seconds > 1) {
                resetSome(run, seconds - 1);
              }
            });
  }

  private static void submit(Run run, SimNode worker, StoreCommand command) {
    run.cluster().submit(worker, command);
  }

  private static void put(Run run, SimNode writer, String key, int bytes) {
    submit(run, writer, new StoreCommand.Put(REQUEST + 2, key, Bytes.wrap(new byte[bytes])));
  }

  private static void requireHeld(Run run, SimNode node, int keys) {
    long held = node.machine instanceof Worker worker ? worker.held().size() : 0;
    run.require(held >= keys, node + " holds " + held + " keys of " + keys);
  }
}
