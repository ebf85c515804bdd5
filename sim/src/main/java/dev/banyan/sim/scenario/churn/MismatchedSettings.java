package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.SipTagger;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A worker with another tag key, one with other prefix levels and one that keeps tombstones for longer want to join a tree of
/// workers that agree: they are refused, with both values, whenever they come, also when they are the first to ask a root that has just restarted. Some
/// nodes have other heartbeats, and nobody loses anybody for that.
public record MismatchedSettings() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 6));
  private static final TreeConfig SLOW =
      CONFIG.withTiming(TreeConfig.Timing.DEFAULT.withHeartbeat(Duration.ofSeconds(5).toNanos()));
  private static final SipTagger GROUP = new SipTagger(1, 2);
  private static final SipTagger OTHER = new SipTagger(1, 3);
  private static final StoreConfig LEVELS =
      StoreConfig.DEFAULT.withHalfLifeNanos(StoreConfig.NEVER).withPrefixLevels(2);
  private static final StoreConfig LONGER =
      StoreConfig.DEFAULT.withTombstoneNanos(Duration.ofDays(10).toNanos());

  @Override
  public String name() {
    return "mismatched-settings";
  }

  @Override
  public String title() {
    return "workers with another tag key, prefix levels or tombstones want to join; others have other heartbeats";
  }

  @Override
  public void play(Run run) {
    Refusals refusals = new Refusals();
    run.cluster().observe(refusals);
    run.startTree(NodeKind.ROOT, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, SLOW);
    run.pass(Duration.ofMillis(300));
    for (int i = 0; i < 6; i++) {
      run.start(NodeSpec.worker(i % 3 == 0 ? SLOW : CONFIG));
      run.pass(Duration.ofMillis(run.random().nextInt(300)));
    }
    List<SimNode> others = new ArrayList<>();
    others.add(run.start(NodeSpec.worker(CONFIG, StoreConfig.DEFAULT, OTHER)));
    others.add(run.start(NodeSpec.worker(CONFIG, LEVELS, GROUP)));
    others.add(run.start(NodeSpec.worker(CONFIG, LONGER, GROUP)));
    run.pass(Duration.ofSeconds(30));
    check(run, others, refusals, 1);
    run.faults().crash(run.root());
    others.forEach(run.faults()::crash);
    run.pass(Duration.ofMillis(run.random().nextInt(10_000)));
    others.forEach(run.cluster()::start);
    run.cluster().start(run.root());
    run.pass(Duration.ofSeconds(40));
    check(run, others, refusals, 2);
    List<String> needless =
        run.metrics().needlessRejoins().stream()
            .filter(line -> !line.contains("start every worker of a tree with the same"))
            .toList();
    run.require(needless.isEmpty(), "needless rejoins: " + needless);
  }

  private static void check(Run run, List<SimNode> others, Refusals refusals, int times) {
    for (SimNode node : run.cluster().nodes()) {
      if (others.contains(node)) {
        run.require(run.depthOf(node) < 0, node + " is in the tree: " + node.view());
      } else {
        run.require(run.depthOf(node) >= 0, node + " is not in the tree: " + node.view());
      }
    }
    String key = "here it is";
    run.require(
        refusals.ofKey >= times && refusals.ofLevels >= times && refusals.ofTombstones >= times,
        "refused without " + key + ": " + refusals);
  }

  /// Those that name both values and the setting.
  private static final class Refusals implements Observer {
    int ofKey;
    int ofLevels;
    int ofTombstones;

    @Override
    public String toString() {
      return ofKey + " keys, " + ofLevels + " levels, " + ofTombstones + " tombstones";
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Report report
            && report.kind() == Effect.Report.Kind.JOIN_REFUSED) {
          ofLevels +=
              report.detail().contains("prefix levels 2, here it is 3")
                      && report.detail().contains("--prefix-levels")
                  ? 1
                  : 0;
          ofTombstones +=
              report.detail().contains("tombstones kept for 864000s, here it is 86400s")
                      && report.detail().contains("--tombstones")
                  ? 1
                  : 0;
          ofKey +=
              report.detail().contains("here it is") && report.detail().contains("--tag-key")
                  ? 1
                  : 0;
        }
      }
    }
  }
}
