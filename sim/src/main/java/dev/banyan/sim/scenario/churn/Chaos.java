package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.WaterMarks;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// Every kind of fault, mixed by the seed, upon a tree whose size, shape and network follow the seed too. Whatever
/// happened, once the faults are over everything heals.
///
/// @param workers whether clients are workers with a store; else bare nodes
/// @param faults how many before the tree may rest
public record Chaos(int faults, boolean workers) implements Scenario {

  public static final Chaos TREE = new Chaos(40, false);
  public static final Chaos WORKERS = new Chaos(30, true);

  @Override
  public String name() {
    return workers ? "chaos-workers" : "chaos";
  }

  @Override
  public String title() {
    return faults + " random faults, mixed by the seed" + (workers ? ", upon workers" : "");
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return switch ((int) (options.seed() & 7)) {
      case 0, 4 -> options.withProfile(LinkProfile.WIDE);
      case 1, 5 -> options.withProfile(new LinkProfile(1_000, 3_000_000, 0)); // jitter above all
      case 7 -> options.withMarks(WaterMarks.DEFAULT.dividedBy(1_024)); // slow lines overflow
      default -> options;
    };
  }

  @Override
  public void play(Run run) {
    SplittableRandom random = run.random();
    int routers = 3 + random.nextInt(12);
    int clients = 5 + random.nextInt(30);
    boolean tight = random.nextInt(3) == 0; // room for everybody only while most routers are up
    int places = tight ? 4 + clients * 3 / (2 * (routers + 1)) : clients + 4;
    Growth growth =
        new Growth(
            routers,
            clients,
            2 + random.nextInt(3),
            places,
            filtering(run.cluster().options().seed()));
    Load load =
        workers ? growth.grow(run, storeTraffic(run, 5 + random.nextInt(100))) : growth.grow(run);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < faults / 2; i++) {
        fault(run, random, growth.config(), load);
        run.pass(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 8_000 : 400)));
      }
      if (random.nextBoolean()) {
        load.stop(); // nothing written later shows that something is missing
      }
      restartAll(run, random, load);
      run.pass(Duration.ofSeconds(random.nextInt(20)));
      load.stop();
      run.settle();
      load.start();
      run.pass(Duration.ofSeconds(5));
    }
    load.stop();
    run.settle();
    load.check();
  }

  /// Half of the trees tell tags apart badly, and change their minds about how badly.
  private static TreeConfig.Filtering filtering(long seed) {
    SplittableRandom random = Seeds.fork(seed, "filtering");
    return random.nextBoolean()
        ? TreeConfig.Filtering.DEFAULT
        : new TreeConfig.Filtering(1 + random.nextInt(25), 0.3, 6);
  }

  /// In half of the runs what is not used fades fast, in a third some workers want everything.
  private static Load storeTraffic(Run run, int keys) {
    SplittableRandom random = Seeds.fork(run.cluster().options().seed(), "store");
    boolean fades = random.nextBoolean();
    Duration halfLife = Duration.ofMillis(200 + random.nextInt(random.nextInt(100, 30_000)));
    boolean archives = random.nextInt(3) == 0;
    return new StoreTraffic(
        run,
        keys,
        Duration.ofMillis(50),
        fades ? StoreConfig.DEFAULT.withHalfLifeNanos(halfLife.toNanos()) : StoreConfig.DEFAULT,
        archives ? 0.1 : 0);
  }

  private void fault(Run run, SplittableRandom random, TreeConfig config, Load load) {
    List<SimNode> nodes = run.cluster().nodes();
    SimNode node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        if (node.alive()) {
          end(run, node, random);
        } else {
          restart(run, node, load);
        }
      }
      case 2 -> {
        if (node.up()) {
          run.cluster().stop(node);
        }
      }
      case 3, 4 -> {
        if (!node.alive()) {
          restart(run, node, load);
        }
      }
      case 5 -> {
        if (node.up()) {
          run.faults().hang(node);
        } else if (node.alive()) {
          run.faults().resume(node);
        }
      }
      case 6 -> resumeSome(run);
      case 7 -> run.faults().cutFromParent(node);
      case 8 -> run.faults().cutSome(node, random);
      case 9 -> run.faults().partition(run.some(nodes, 1 + random.nextInt(nodes.size() / 2)));
      case 10 -> run.faults().heal();
      default -> slowOrGrow(run, random, node, config, load);
    }
  }

  private static void end(Run run, SimNode node, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      run.faults().vanish(node);
    } else {
      run.faults().crash(node);
    }
  }

  private static void resumeSome(Run run) {
    for (SimNode node : run.cluster().nodes()) {
      if (node.state() == SimNode.State.HUNG) {
        run.faults().resume(node);
      }
    }
  }

  private static void slowOrGrow(
      Run run, SplittableRandom random, SimNode node, TreeConfig config, Load load) {
    switch (random.nextInt(4)) {
      case 0 ->
          run.faults().slow(node, LinkProfile.WIDE.withBandwidth(2_000 + random.nextInt(100_000)));
      case 1 -> run.faults().slow(node, LinkProfile.WIDE);
      case 2 -> run.faults().fast(node);
      default -> load.join(run.start(load.client(config)));
    }
  }

  private static void restart(Run run, SimNode node, Load load) {
    run.cluster().start(node);
    if (node.kind() == NodeKind.CLIENT) {
      load.join(node);
    }
  }

  /// All that are down but some of the clients, in any order; the root among them.
  private static void restartAll(Run run, SplittableRandom random, Load load) {
    List<SimNode> down = run.cluster().nodes().stream().filter(node -> !node.alive()).toList();
    for (SimNode node : run.some(down, down.size())) {
      if (node.kind() != NodeKind.CLIENT || random.nextInt(4) > 0) {
        restart(run, node, load);
      }
    }
  }
}
