package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Workers that seal what they write, while routers and workers die and come back: all that holds in clear holds, and nothing
/// of an honest worker is ever refused.
public record SealedStore() implements Scenario {

  private static final Growth GROWTH = new Growth(3, 10, 2, 6);
  private static final Duration PHASE = Duration.ofSeconds(6);

  private static final Pattern REFUSALS =
      Pattern.compile("capsules.*|answers(Unproven|Misdirected|Replayed)");

  @Override
  public String name() {
    return "sealed-store";
  }

  @Override
  public String title() {
    return "workers seal what they write, and nodes die";
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = StoreTraffic.sealed(run, 24, Duration.ofMillis(40));
    GROWTH.grow(run, load);
    run.pass(PHASE);
    crashOne(run, NodeKind.ROUTER);
    SimNode worker = crashOne(run, NodeKind.CLIENT);
    run.pass(PHASE);
    run.cluster().start(worker);
    load.join(worker);
    run.pass(PHASE);
    load.stop();
    run.settle();
    load.check();
    for (SimNode node : run.up(NodeKind.CLIENT)) {
      if (node.machine instanceof Worker store) {
        long refused =
            store.counters().stream()
                .filter(counter -> REFUSALS.matcher(counter.name()).matches())
                .mapToLong(Message.Counter::value)
                .sum();
        run.require(
            refused == 0,
            node + " has refused " + refused + " records and answers of honest members");
      }
    }
  }

  private static SimNode crashOne(Run run, NodeKind kind) {
    List<SimNode> some = run.live(kind);
    SimNode victim = some.get(run.random().nextInt(some.size()));
    run.faults().crash(victim);
    return victim;
  }
}
