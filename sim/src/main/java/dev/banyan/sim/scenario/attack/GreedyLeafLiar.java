package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.Seeds;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Puppet;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Leaves that want as many tags as a link carries, or more, or tags cut so short that they tell nothing apart, and do not
/// care what they may: they lose their links, longer each time, and nobody else does.
public record GreedyLeafLiar(boolean fewBits) implements Scenario {

  public static final GreedyLeafLiar TAGS = new GreedyLeafLiar(false);
  public static final GreedyLeafLiar BITS = new GreedyLeafLiar(true);

  private static final int LIMIT = 300;
  private static final int HONEST = 10;
  private static final Duration WHILE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return fewBits ? "too-few-bits" : "greedy-leaf-liar";
  }

  @Override
  public String title() {
    return fewBits
        ? "leaves cut their tags to a few bits, and only they lose their links"
        : "leaves want more tags than a link carries, and only they lose their links";
  }

  @Override
  public void play(Run run) {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withLimits(new TreeConfig.Limits(LIMIT, 128, 1_024, 8_192))
            .withCapacity(new TreeConfig.Capacity(2, 10));
    Losses losses = new Losses();
    run.cluster().observe(losses);
    run.startTree(NodeKind.ROOT, config);
    run.startTree(NodeKind.ROUTER, config);
    run.startTree(NodeKind.ROUTER, config);
    run.pass(Duration.ofSeconds(2));
    Traffic traffic = new Traffic(run, 40, Duration.ofMillis(50), Duration.ofMillis(500));
    for (int i = 0; i < HONEST; i++) {
      traffic.join(run.start(traffic.client(config)));
    }
    // One that would cut its tags to a few bits, and is told not to, is honest.
    TreeConfig blind = config.withFiltering(new TreeConfig.Filtering(4, 0.5, 4));
    SimNode told = run.start(NodeSpec.tree(NodeKind.CLIENT, blind));
    want(run, told, 12);
    run.pass(Duration.ofSeconds(5));
    traffic.start();
    List<SimNode> liars = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      SimNode liar = run.start(Puppet.spec(NodeKind.CLIENT, fewBits ? blind : config));
      liars.add(liar);
      // Each within what a link carries, all together not; one beyond even that.
      want(run, liar, fewBits ? 12 : i == 2 ? LIMIT + 200 : LIMIT - 20);
    }
    run.pass(WHILE);
    traffic.stop();
    losses.orphaned.removeAll(liars);
    run.require(losses.orphaned.isEmpty(), "lost their parents: " + losses.orphaned + losses.why);
    run.require(losses.ofLiars > 0, "no liar lost its link");
    run.require(
        losses.ofLiars <= 20L * liars.size(),
        "liars lost their links " + losses.ofLiars + " times in " + WHILE.toSeconds() + " s");
    run.require(
        told.view().orElseThrow().bits() >= config.filtering().leastBits(),
        told + " tells apart " + told.view().orElseThrow().bits() + " bits");
    liars.forEach(run.faults()::crash);
    run.pass(Duration.ofSeconds(30));
    run.settle();
  }

  private static void want(Run run, SimNode node, int tags) {
    long[] wanted = new long[tags];
    for (int i = 0; i < tags; i++) {
      wanted[i] = Tags.ofKeyHash(Seeds.mix(node.index(), i));
    }
    run.cluster().submit(node, new Event.ChangeInterest(wanted, new long[0]));
  }

  private static final class Losses implements Observer {
    final Set<SimNode> orphaned = new HashSet<>();
    long ofLiars;
    String why = "";

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Report report && report.kind() == Kind.ORPHANED) {
          orphaned.add(node);
          why = why + " " + node + ":" + report.detail();
          ofLiars += node.machine instanceof Puppet ? 1 : 0;
        }
      }
    }
  }
}
