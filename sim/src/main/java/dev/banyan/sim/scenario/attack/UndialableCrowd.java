package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Routers that nobody can dial come first, and take all places for routers that the root has. Those that come later and can be
/// dialled get places all the same, and so do the clients that only they have room for.
public record UndialableCrowd() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int UNDIALABLE = 4;
  private static final int HONEST = 2;
  private static final int CLIENTS = 10;

  @Override
  public String name() {
    return "undialable-crowd";
  }

  @Override
  public String title() {
    return "routers that nobody can dial take all places at the root";
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, CONFIG);
    for (int i = 0; i < UNDIALABLE; i++) {
      run.start(Liar.advertising(new Address("10.99.0." + i, 9), CONFIG));
      run.pass(Duration.ofMillis(run.random().nextInt(300)));
    }
    run.pass(Duration.ofMillis(1_000 + run.random().nextInt(4_000)));
    List<SimNode> must = new ArrayList<>();
    for (int i = 0; i < HONEST; i++) {
      must.add(run.startTree(NodeKind.ROUTER, CONFIG));
      run.pass(Duration.ofMillis(run.random().nextInt(500)));
    }
    for (int i = 0; i < CLIENTS; i++) {
      must.add(run.startTree(NodeKind.CLIENT, CONFIG));
      run.pass(Duration.ofMillis(run.random().nextInt(100)));
    }
    run.pass(Duration.ofSeconds(20));
    for (SimNode node : must) {
      run.require(run.depthOf(node) >= 0, node + " is not in the tree: " + node.view());
    }
    // Who has given way finds a place below those that can be dialled, and everybody comes to rest.
    run.pass(Duration.ofSeconds(60));
    long joins = joins(run);
    run.pass(Duration.ofSeconds(30));
    run.require(joins(run) == joins, "places still change hands");
  }

  private static long joins(Run run) {
    return run.metrics().count(Kind.ATTACHED);
  }
}
