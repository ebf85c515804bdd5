package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Dialable;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two routers give addresses at which nobody finds them: one where dials are refused, one where they are never answered.
/// They have the fewest clients for ever, and everybody joins all the same, and is not moved there either.
public record UndialableRouter() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(4, 8));
  private static final Address REFUSED = new Address("10.99.0.1", 9);
  private static final int CLIENTS = 14;

  /// In which a client finds its place, or another router than the one it tried first.
  private static final Duration SOON = Duration.ofMillis(1_500);

  @Override
  public String name() {
    return "undialable-router";
  }

  @Override
  public String title() {
    return "two routers give addresses where nobody finds them";
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, CONFIG);
    SimNode gone = run.startTree(NodeKind.ROUTER, CONFIG);
    List<SimNode> undialable = new ArrayList<>();
    undialable.add(run.start(Liar.advertising(REFUSED, CONFIG)));
    run.pass(Duration.ofMillis(run.random().nextInt(200)));
    run.faults().vanish(gone);
    undialable.add(run.start(Liar.advertising(gone.address(), CONFIG)));
    run.pass(Duration.ofMillis(run.random().nextInt(2_000)));
    joinAll(run, CLIENTS / 2);
    run.startTree(NodeKind.ROUTER, CONFIG);
    SimNode other = run.startTree(NodeKind.ROUTER, CONFIG);
    run.pass(Duration.ofMillis(500));
    joinAll(run, CLIENTS / 2);
    run.pass(Duration.ofSeconds(20));
    allAttached(run);
    run.faults().crash(other);
    run.pass(Duration.ofSeconds(3));
    allAttached(run);
    for (NodeView.Child child : run.root().view().orElseThrow().childRouters()) {
      boolean expected = undialable.stream().noneMatch(router -> router.id().equals(child.node()));
      run.require(
          child.dialable() == (expected ? Dialable.YES : Dialable.NO),
          "the root takes " + child.node() + " for dialable: " + child.dialable());
    }
    run.require(
        run.metrics().count(Kind.UNDIALABLE) == undialable.size(),
        "each of the routers is told once: " + run.metrics().count(Kind.UNDIALABLE));
    long culls = run.metrics().count(Kind.CULL_ORDERED);
    run.pass(Duration.ofSeconds(30));
    run.require(
        run.metrics().count(Kind.CULL_ORDERED) == culls,
        "clients are still ordered away to routers that cannot be dialled");
  }

  private static void joinAll(Run run, int clients) {
    for (int i = 0; i < clients; i++) {
      run.startTree(NodeKind.CLIENT, CONFIG);
      run.pass(Duration.ofMillis(run.random().nextInt(100)));
    }
    run.pass(SOON);
    allAttached(run);
  }

  private static void allAttached(Run run) {
    int all = run.live(NodeKind.CLIENT).size() + run.live(NodeKind.ROUTER).size() + 1;
    int attached = run.metrics().sample().attached();
    run.require(attached == all, attached + " of " + all + " are in the tree");
  }
}
