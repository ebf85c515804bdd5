package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Clients come to want most of all tags, or everything, and cease to, while others want one or two: what the tree tells
/// apart goes up and down, under traffic and with a router lost now and then.
public record InterestTides() implements Scenario {

  private static final int TAGS = 400;
  private static final int TIDES = 16;

  @Override
  public String name() {
    return "interest-tides";
  }

  @Override
  public String title() {
    return "what is wanted goes up and down by the hundred";
  }

  @Override
  public void play(Run run) {
    SplittableRandom random = run.random();
    TreeConfig.Filtering filtering =
        new TreeConfig.Filtering(20 + random.nextInt(100), 0.05, 6 + random.nextInt(10));
    Growth growth = new Growth(6, 24, 2, 40, filtering);
    Traffic traffic = new Traffic(run, TAGS, Duration.ofMillis(20), Duration.ofMillis(300));
    growth.grow(run, traffic);
    Set<SimNode> greedy = new HashSet<>();
    for (int tide = 0; tide < TIDES; tide++) {
      SimNode client = run.some(run.live(NodeKind.CLIENT), 1).getFirst();
      switch (random.nextInt(6)) {
        case 0, 1 -> traffic.flood(client);
        case 2, 3 -> traffic.ebb(client);
        case 4 -> {
          boolean all = !greedy.remove(client) && greedy.add(client);
          run.cluster().submit(client, new Event.WantAll(all));
        }
        default ->
            run.faults()
                .flap(run.some(run.live(NodeKind.ROUTER), 1).getFirst(), 2, Duration.ofMillis(700));
      }
      run.pass(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 12_000 : 300)));
    }
    traffic.stop();
    run.settle();
    traffic.start();
    run.pass(Duration.ofSeconds(5)); // a healthy tree: what is published now must come to all
    traffic.stop();
    run.pass(
        Duration.ofSeconds(30)); // to tell more apart may wait for a grace period at each level
    run.settle();
    run.require(run.deliveries().checked() > 0, "nothing was published in a healthy tree");
    run.require(resolutions(run) > 0, "the tree told all tags apart all the time");
    run.require(bits(run).size() == 1, "tags are told apart differently: " + bits(run));
  }

  private static long resolutions(Run run) {
    long sum = 0;
    for (TreeNode node : nodes(run)) {
      for (Message.Counter counter : node.counters()) {
        sum += counter.name().equals("resolutions") ? counter.value() : 0;
      }
    }
    return sum;
  }

  private static Set<Integer> bits(Run run) {
    Set<Integer> bits = new HashSet<>();
    nodes(run).forEach(node -> bits.add(node.view().bits()));
    return bits;
  }

  private static List<TreeNode> nodes(Run run) {
    List<TreeNode> nodes = new ArrayList<>();
    for (SimNode each : run.cluster().nodes()) {
      if (each.machine instanceof TreeNode node && each.up()) {
        nodes.add(node);
      }
    }
    return nodes;
  }
}
