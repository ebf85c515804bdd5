package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Load;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;

/// The root crashes and comes back at the same address after a while. While it is away nobody leaves the parent that
/// it has; once it is back, the subtrees under its former children come back whole.
///
/// @param name `root-restart`, or `root-away` for longer than every grace period
public record RootAway(String name, Duration away) implements Scenario {

  public static final RootAway RESTART = new RootAway("root-restart", Duration.ofSeconds(2));
  public static final RootAway LONG = new RootAway("root-away", Duration.ofSeconds(90));

  private static final Growth GROWTH = new Growth(14, 60, 2, 80);

  @Override
  public String title() {
    return "the root is away for " + away.toSeconds() + " s";
  }

  @Override
  public void play(Run run) {
    Load load = GROWTH.grow(run);
    run.pass(Duration.ofSeconds(5));
    int rootsChildren =
        run.root()
            .view()
            .map(view -> view.childRouters().size() + view.childClients().size())
            .orElse(0);
    long orphansBefore = run.metrics().count(Kind.ORPHANED);
    run.faults().crash(run.root());
    run.pass(away);
    run.require(
        run.metrics().count(Kind.ORPHANED) - orphansBefore == rootsChildren,
        "only the root's %d children may lose their parent, %d did"
            .formatted(rootsChildren, run.metrics().count(Kind.ORPHANED) - orphansBefore));
    run.cluster().start(run.root());
    run.pass(Duration.ofSeconds(15));
    load.stop();
    run.settle();
    run.require(
        run.metrics().sample().attached()
            == run.live(NodeKind.CLIENT).size() + run.live(NodeKind.ROUTER).size() + 1,
        "not every node is back");
    run.require(
        run.metrics().needlessRejoins().isEmpty(),
        "needless rejoins: " + run.metrics().needlessRejoins());
  }
}
