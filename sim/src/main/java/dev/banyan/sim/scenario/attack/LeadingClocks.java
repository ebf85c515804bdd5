package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimClock;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Clients and a router that say in each heartbeat that it is later than it is: by years, and by just as much as is believed,
/// again and again. The tree's time never leads the root's own clock by more than a day and what clocks may drift, and the
/// last writer still wins.
public record LeadingClocks() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(3, 8));
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final long MOST_MILLIS = Duration.ofDays(1).plusMinutes(1).toMillis();

  /// The latest time there is: 42 bits of milliseconds.
  private static final long LATEST_MILLIS = (1L << 42) - 1;

  private static final int WORKERS = 4;
  private static final int KEYS = 6;
  private static final int PUTS = 60;

  @Override
  public String name() {
    return "leading-clocks";
  }

  @Override
  public String title() {
    return "clients and a router claim that it is later than it is";
  }

  @Override
  public void play(Run run) {
    SimNode root = run.startTree(NodeKind.ROOT, CONFIG);
    Leads leads = new Leads(run, root);
    LastWriterChecker users = new LastWriterChecker(run, true);
    List<SimNode> liars = new ArrayList<>();
    run.startTree(NodeKind.ROUTER, CONFIG);
    liars.add(run.start(Liar.telling(NodeKind.ROUTER, CONFIG, new Lead(leads, run.random()))));
    for (int i = 0; i < 2; i++) {
      liars.add(run.start(Liar.telling(NodeKind.CLIENT, CONFIG, new Lead(leads, run.random()))));
    }
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(run.start(NodeSpec.worker(CONFIG)));
    }
    run.pass(Duration.ofSeconds(3));
    for (int i = 0; i < PUTS; i++) {
      users.put(workers.get(run.random().nextInt(WORKERS)), "key/" + run.random().nextInt(KEYS));
      run.pass(Duration.ofMillis(500 + run.random().nextInt(1_000)));
    }
    for (int key = 0; key < KEYS; key++) {
      users.put(workers.get(key % WORKERS), "key/" + key);
    }
    for (SimNode worker : workers) {
      for (int key = 0; key < KEYS; key++) {
        users.get(worker, "key/" + key);
      }
    }
    liars.forEach(run.faults()::crash);
    run.settle();
    run.require(leads.most > HOUR_MILLIS, "the lies were not heard: " + leads.most + " ms");
    run.require(users.compared() > 20, "only " + users.compared() + " puts were compared");
  }

  /// By how much the tree's time leads the root's clock, everywhere and at any time.
  private static final class Leads implements Observer {
    private final Run run;
    private final SimNode root;
    long most;

    Leads(Run run, SimNode root) {
      this.run = run;
      this.root = root;
      run.cluster().observe(this);
    }

    /// What the tree takes for the time of day, as the root knows it.
    long treeMillis(long nowNanos) {
      return root.machine instanceof TreeNode tree ? tree.clock().millisAt(nowNanos) : 0;
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      if (node == root) {
        look(node, treeMillis(nowNanos), nowNanos);
      } else if (node.machine instanceof Worker worker && worker.connected()) {
        look(node, worker.tree().clock().millisAt(nowNanos), nowNanos);
      }
    }

    private void look(SimNode node, long millis, long nowNanos) {
      long lead = millis - SimClock.trueMillis(nowNanos);
      most = Math.max(most, lead);
      run.require(lead <= MOST_MILLIS, "%s is led by %d ms".formatted(node, lead));
    }
  }

  private record Lead(Leads leads, SplittableRandom random) implements Liar.Lie {
    @Override
    public boolean tells(Event event, long nowNanos, Effects effects) {
      return false;
    }

    @Override
    public Effect instead(Effect effect) {
      if (effect instanceof Effect.Send(var link, Message.Heartbeat beat)
          && beat.side() instanceof Message.Heartbeat.FromChild said) {
        return new Effect.Send(
            link,
            new Message.Heartbeat(
                beat.rooted(),
                beat.rootTerm(),
                beat.interestVersion(),
                beat.interestHash(),
                beat.unwanted(),
                beat.group(),
                new Message.Heartbeat.FromChild(
                    said.clients(),
                    said.routers(),
                    said.expectedClients(),
                    said.expectedRouters(),
                    said.freeClientSlots(),
                    said.freeRouterSlots(),
                    said.joinsSeen(),
                    said.load(),
                    said.tasksSeen(),
                    claim(),
                    said.forgottenMillis())));
      }
      return effect;
    }

    private long claim() {
      long now = leads.treeMillis(leads.run.cluster().nowNanos());
      return switch (random.nextInt(4)) {
        case 0 -> LATEST_MILLIS;
        case 1 -> Math.min(LATEST_MILLIS, now + random.nextLong(50 * 365 * 24 * HOUR_MILLIS));
        case 2 -> now + random.nextLong(HOUR_MILLIS);
        default -> now + 23 * HOUR_MILLIS;
      };
    }
  }
}
