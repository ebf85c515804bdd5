package dev.banyan.sim.scenario.churn;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.Version;
import dev.banyan.store.worker.Worker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Workers stop in good order, one after another and several at once, while the others write and read on and now and
/// then a router dies. Two remain: whatever any of them all was told is written is held there, or something newer.
///
/// @param liars workers that say they keep what they are handed, and drop it: with one the scenario must fail
public record CleanStops(int liars) implements Scenario {

  public static final CleanStops HONEST = new CleanStops(0);

  private static final Growth GROWTH = new Growth(4, 12, 2, 16);
  private static final int KEYS = 40;
  private static final int REMAIN = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LOOKS = 300;
  private static final long FIRST_REQUEST = 1L << 40;

  @Override
  public String name() {
    return "clean-stops";
  }

  @Override
  public String title() {
    return "workers stop in good order, and nothing they were told is written is lost";
  }

  @Override
  public void play(Run run) {
    boolean fades = run.random().nextBoolean();
    StoreConfig config =
        StoreConfig.DEFAULT
            .withHalfLifeNanos(Duration.ofSeconds(fades ? 2 : 600).toNanos())
            .withBatchNanos(run.random().nextBoolean() ? 0 : Duration.ofSeconds(1).toNanos());
    boolean archives = run.random().nextInt(4) == 0;
    StoreTraffic load =
        new StoreTraffic(run, KEYS, Duration.ofMillis(20), config, archives ? 0.1 : 0);
    Ledger ledger = new Ledger(run);
    run.cluster().observe(ledger);
    GROWTH.grow(run, load);
    for (int i = 0; i < liars; i++) {
      run.start(liar());
    }
    run.pass(Duration.ofSeconds(3));
    while (workers(run).size() > REMAIN) {
      int most = Math.min(4, workers(run).size() - REMAIN);
      List<SimNode> leavers = run.some(workers(run), 1 + run.random().nextInt(most));
      for (SimNode leaver : leavers) {
        load.put(leaver, "own/" + leaver); // That nobody else has a reason to hold.
      }
      run.pass(Duration.ofMillis(run.random().nextInt(200)));
      leavers.forEach(ledger::leave);
      if (run.random().nextInt(4) == 0) {
        run.some(run.up(NodeKind.ROUTER), 1).forEach(run.faults()::crash);
      }
      for (int i = 0; i < LOOKS && leavers.stream().anyMatch(SimNode::alive); i++) {
        run.pass(PATIENCE.dividedBy(LOOKS).plusMillis(1));
      }
      run.require(leavers.stream().noneMatch(SimNode::alive), "a worker does not come to its end");
    }
    load.stop();
    run.settle();
    ledger.check();
    load.check();
    run.require(archives || ledger.handedOver > 0, "nobody had anything to hand over");
  }

  private static List<SimNode> workers(Run run) {
    return run.up(NodeKind.CLIENT).stream().filter(node -> node.machine instanceof Worker).toList();
  }

  /// Who has been told what, and who has left.
  private static final class Ledger implements Observer {
    private final Run run;
    private final Map<String, Version> written = new TreeMap<>();
    private long request = FIRST_REQUEST;
    private long handedOver;

    Ledger(Run run) {
      this.run = run;
    }

    void leave(SimNode worker) {
      run.cluster().submit(worker, new StoreCommand.Drain(++request, PATIENCE.toNanos()));
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (int i = 0; i < effects.size(); i++) {
        switch (effects.get(i)) {
          case StoreOutcome.Written told ->
              written.merge(told.key(), told.version(), (a, b) -> a.compareTo(b) > 0 ? a : b);
          case StoreOutcome.Drained told -> {
            run.require(
                told.left() == 0,
                "%s leaves with %d keys that nobody took, '%s' among them"
                    .formatted(node, told.left(), told.example()));
            handedOver += told.handedOver();
            run.cluster().after(Duration.ZERO, () -> run.cluster().stop(node));
          }
          default -> {}
        }
      }
    }

    void check() {
      written.forEach((key, version) -> {
        boolean held =
            workers(run).stream()
                .flatMap(node -> ((Worker) node.machine().orElseThrow()).newest(key).stream())
                .anyMatch(revision -> revision.version().compareTo(version) >= 0);
        run.require(held, "'" + key + "' was written at " + version + ", and is lost");
      });
    }
  }

  /// Takes its place as a worker, and every task; keeps nothing.
  private static NodeSpec liar() {
    return new NodeSpec(
        NodeKind.CLIENT,
        GROWTH.config(),
        (identity, config, roots, random, wall) -> {
          TreeNode node = new TreeNode(identity, config, roots, random, wall);
          return new NodeSpec.Built(new Liar(node), node::view);
        });
  }

  private record Liar(TreeNode node) implements Machine {
    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      if (event instanceof Event.Command) {
        return; // Its users get no answer.
      }
      int before = effects.size();
      node.handle(event, nowNanos, effects);
      for (int i = before; i < effects.size(); i++) {
        if (effects.get(i) instanceof Effect.Task(Message.Dispatch task)) {
          byte[] allKept = new byte[recordsIn(task.task())];
          Arrays.fill(allKept, (byte) 1);
          node.handle(new Event.Finish(task, Bytes.wrap(allKept)), nowNanos, effects);
        }
      }
    }

    /// Reads the lengths in a task as the store writes them.
    private static int recordsIn(Bytes task) {
      ByteBuffer in = ByteBuffer.wrap(task.shared());
      in.get();
      int records = 0;
      while (in.hasRemaining()) {
        in.position(in.position() + 32);
        in.position(in.position() + 1 + 8 * in.get(in.position()));
        in.position(in.position() + 4 + in.getInt(in.position()));
        records++;
      }
      return records;
    }
  }
}
