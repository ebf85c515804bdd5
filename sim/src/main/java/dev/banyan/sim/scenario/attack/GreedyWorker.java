package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.NodeView;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Honest workers that want more than a link carries, several below one router: what is too much is refused where it
/// comes from, nobody loses a link, and who does without keeping a key current reads it right all the same.
public record GreedyWorker() implements Scenario {

  private static final TreeConfig.Timing NEW_TREE = newTree(TreeConfig.Timing.DEFAULT);
  private static final int LIMIT = 300;
  private static final int GREEDY = 3;
  private static final int MODEST = 4;
  private static final int SHARED = 30;
  private static final Duration STEP = Duration.ofSeconds(3);

  @Override
  public String name() {
    return "greedy-worker";
  }

  @Override
  public String title() {
    return "workers want more keys than a link carries, and nobody else notices";
  }

  @Override
  public void play(Run run) {
    TreeConfig config =
        TreeConfig.DEFAULT
            .withTiming(NEW_TREE)
            .withLimits(new TreeConfig.Limits(LIMIT, 128, 1_024, 8_192))
            .withCapacity(new TreeConfig.Capacity(2, 8));
    Users users = new Users(run);
    run.startTree(NodeKind.ROOT, config.withCapacity(new TreeConfig.Capacity(2, 0)));
    run.startTree(NodeKind.ROUTER, config);
    if (run.random().nextBoolean()) {
      run.startTree(NodeKind.ROUTER, config);
    }
    run.pass(STEP);
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < GREEDY + MODEST; i++) {
      workers.add(run.start(NodeSpec.worker(config, StoreConfig.DEFAULT)));
      run.pass(Duration.ofMillis(run.random().nextInt(30)));
    }
    run.pass(STEP);
    List<SimNode> greedy = workers.subList(0, GREEDY);
    List<SimNode> modest = workers.subList(GREEDY, workers.size());
    for (int i = 0; i < SHARED; i++) {
      users.put(modest.get(i % MODEST), "shared " + i, "old");
    }
    for (SimNode worker : greedy) {
      for (int i = 0; i < LIMIT; i++) {
        users.put(worker, worker.index() + " own " + i, "mine");
      }
      for (int i = 0; i < SHARED; i++) {
        users.get(worker, "shared " + i);
      }
    }
    run.pass(STEP);
    users.check("old");
    for (int i = 0; i < SHARED; i++) {
      users.put(modest.get((i + 1) % MODEST), "shared " + i, "new");
    }
    run.pass(STEP);
    users.forget();
    for (SimNode worker : workers) {
      for (int i = 0; i < SHARED; i++) {
        users.get(worker, "shared " + i);
      }
    }
    run.pass(STEP);
    users.check("new");
    users.checkOwn(greedy);
    checkLinks(run);
    run.require(
        run.metrics().count(Kind.ORPHANED) == 0,
        run.metrics().count(Kind.ORPHANED) + " nodes lost their parent");
    // Whoever has more than its parent takes when it comes does without the rest, and does not come
    // in vain.
    SimNode router = run.up(NodeKind.ROUTER).getFirst();
    run.faults().crash(router);
    run.pass(STEP);
    run.cluster().start(router);
    run.pass(Duration.ofSeconds(12));
    checkLinks(run);
    run.require(
        run.metrics().count(Kind.JOIN_SENT) < 12L * workers.size(),
        run.metrics().count(Kind.JOIN_SENT) + " requests to join: somebody comes again and again");
    run.settle();
  }

  /// Nobody waits for those who were below the root before.
  private static TreeConfig.Timing newTree(TreeConfig.Timing usual) {
    return new TreeConfig.Timing(
        usual.heartbeatNanos(),
        usual.heartbeatTimeoutNanos(),
        usual.rebalanceNanos(),
        usual.joinTimeoutNanos(),
        usual.backoffMinNanos(),
        usual.backoffMaxNanos(),
        usual.joinJitterNanos(),
        usual.coalesceNanos(),
        usual.graceNanos(),
        usual.slowLinkNanos(),
        0);
  }

  private static void checkLinks(Run run) {
    for (SimNode node : run.cluster().nodes()) {
      if (node.up() && node.kind().routes()) {
        NodeView view = node.view().orElseThrow();
        for (NodeView.Child child :
            Stream.concat(view.childRouters().stream(), view.childClients().stream()).toList()) {
          run.require(
              child.tags() <= 1.1 * LIMIT,
              node + " holds " + child.tags() + " tags of " + child.node());
        }
        run.require(view.tags() <= 1.1 * LIMIT, node + " wants " + view.tags() + " tags");
      }
    }
  }

  /// What users did, and what came of it.
  private static final class Users implements Observer {

    private final Run run;
    private final Map<Long, String> keys = new HashMap<>();
    private final Map<Long, StoreOutcome> outcomes = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private long request;

    Users(Run run) {
      this.run = run;
      run.cluster().observe(this);
    }

    void put(SimNode worker, String key, String value) {
      keys.put(++request, key);
      run.cluster().submit(worker, new StoreCommand.Put(request, key, Bytes.utf8(value)));
    }

    void get(SimNode worker, String key) {
      keys.put(++request, key);
      run.cluster().submit(worker, new StoreCommand.Get(request, key));
    }

    void forget() {
      keys.clear();
      outcomes.clear();
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof StoreOutcome outcome) {
          outcomes.put(outcome.request(), outcome);
          if (outcome instanceof StoreOutcome.Refused no) {
            run.require(no.reason().contains("--max-tags-per-link"), "refused: " + no.reason());
            refused.add(keys.getOrDefault(no.request(), ""));
          }
        }
      }
    }

    /// Every read found the value, whether or not its key is kept current here.
    void check(String value) {
      keys.forEach((id, key) -> {
        StoreOutcome outcome = outcomes.get(id);
        run.require(outcome != null, "'" + key + "' was never answered");
        if (outcome instanceof StoreOutcome.Refused) {
          run.require(
              !key.startsWith("shared"), "a modest worker's write of '" + key + "' was refused");
        } else if (!(outcome instanceof StoreOutcome.Written)) {
          run.require(
              outcome instanceof StoreOutcome.Value read && read.value().asUtf8().equals(value),
              "a read of '" + key + "' found " + outcome + ", not '" + value + "'");
        }
      });
    }

    /// What was written can be read elsewhere; what could not be found was refused.
    void checkOwn(List<SimNode> greedy) {
      run.require(!refused.isEmpty(), "nothing was refused: the limit was not reached");
      run.require(refused.size() < GREEDY * LIMIT, "everything was refused");
    }
  }
}
