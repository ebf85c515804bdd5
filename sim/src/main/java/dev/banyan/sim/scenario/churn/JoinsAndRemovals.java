package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The paper's own demonstration (§6.1, §7): nodes join one after the other, a share of them routers in expectation,
/// in a binary tree; then they drop out at random until only the root is left.
///
/// @param nodes nodes that join
/// @param routerShare the probability that one of them is a router; 0.1 in the paper
/// @param gap time between two joins, and between two removals
/// @param hangs some nodes fall silent with their sockets open, and some say goodbye; else all are cut
/// @param rules of every node
/// @param rest how long nothing is done after the joins, and after the removals; zero: until the tree is quiet, and then
///     everything is checked that must hold; otherwise what has come of it is only measured
/// @param traffic whether clients publish meanwhile, and change their minds
public record JoinsAndRemovals(
    int nodes,
    double routerShare,
    Duration gap,
    boolean hangs,
    TreeConfig.Rules rules,
    Duration rest,
    boolean traffic)
    implements Scenario {

  public static final JoinsAndRemovals PAPER = checked(false);

  public static final JoinsAndRemovals HARDER = checked(true);

  private static JoinsAndRemovals checked(boolean hangs) {
    return new JoinsAndRemovals(
        35, 0.1, Duration.ofSeconds(3), hangs, TreeConfig.Rules.DEFAULT, Duration.ZERO, true);
  }

  @Override
  public String name() {
    return hangs ? "joins-and-removals-with-hangs" : "joins-and-removals";
  }

  @Override
  public String title() {
    return nodes
        + " nodes join and are removed at random until only the root is left (§7)"
        + (hangs ? "; some hang first, some say goodbye" : "");
  }

  @Override
  public void play(Run run) {
    SplittableRandom random = run.random();
    TreeConfig config = TreeConfig.DEFAULT.withRules(rules);
    run.metrics().sampleEvery(Duration.ofSeconds(1));
    run.startTree(NodeKind.ROOT, config);
    Load load = new Traffic(run, 12, Duration.ofMillis(200), Duration.ofSeconds(2));
    start(load);
    List<SimNode> joined = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      boolean router = random.nextDouble() < routerShare;
      SimNode node = run.startTree(router ? NodeKind.ROUTER : NodeKind.CLIENT, config);
      if (!router && traffic) {
        load.join(node);
      }
      joined.add(node);
      run.pass(gap);
    }
    load.stop();
    rest(run);
    run.require(
        !rest.isZero() || run.metrics().sample().attached() == nodes + 1,
        "not every node is in the tree after joining");
    start(load);
    while (!joined.isEmpty()) {
      SimNode node = joined.remove(random.nextInt(joined.size()));
      switch (hangs ? random.nextInt(3) : 2) {
        case 0 -> hangAndCrash(run, node);
        case 1 -> run.cluster().stop(node);
        default -> run.faults().crash(node);
      }
      run.pass(gap);
    }
    load.stop();
    rest(run);
    run.require(run.metrics().sample().nodes() == 1, "only the root must be left");
  }

  private void start(Load load) {
    if (traffic) {
      load.start();
    }
  }

  private void rest(Run run) {
    if (rest.isZero()) {
      run.settle();
    } else {
      run.pass(rest);
    }
  }

  /// First silent with its sockets open, gone later.
  private void hangAndCrash(Run run, SimNode node) {
    run.faults().hang(node);
    run.cluster()
        .after(
            gap.multipliedBy(3),
            () -> {
              if (node.alive()) {
                run.faults().crash(node);
              }
            });
    run.pass(gap.multipliedBy(2));
  }
}
