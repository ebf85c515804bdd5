package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Puppet;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A leaf says without a pause that anything may have been missed, asks questions as large as they may be, and a router
/// tells of thousands of clients that it does not have: others are told now and then, and work on.
public record ControlFlood(boolean clients) implements Scenario {

  public static final ControlFlood MARKS = new ControlFlood(false);
  public static final ControlFlood CLIENTS = new ControlFlood(true);

  private static final int MARKS_AT_ONCE = 20;
  private static final Duration EVERY = Duration.ofMillis(10);
  private static final Duration WHILE = Duration.ofSeconds(5);
  private static final int INVENTED = 500;
  private static final int INVENTED_AT_ONCE = 10;
  private static final int HONEST = 6;

  /// So many clients more than there are may be below a child, and some that are on their way there.
  private static final int MOST_INVENTED = 20;

  @Override
  public String name() {
    return clients ? "invented-clients" : "control-flood";
  }

  @Override
  public String title() {
    return clients
        ? "a router tells of clients that it does not have, and the root works on"
        : "a leaf floods the tree with marks and questions, and others work on";
  }

  @Override
  public void play(Run run) {
    Growth growth = new Growth(2, HONEST, 2, 6);
    StoreTraffic users = new StoreTraffic(run, 24, Duration.ofMillis(100), StoreConfig.DEFAULT, 0);
    growth.grow(run, users);
    TreeConfig config = growth.config();
    SimNode liar = run.start(Puppet.spec(clients ? NodeKind.ROUTER : NodeKind.CLIENT, config));
    run.pass(Duration.ofSeconds(3));
    PlanAsker asker = new PlanAsker(run.root().address());
    if (clients) {
      run.start(NodeSpec.scripted(NodeKind.OBSERVER, () -> asker));
    }
    long[] marks = new long[1];
    run.cluster()
        .tap((from, to, message, _) ->
            marks[0] += message instanceof Message.Gap && from != liar ? 1 : 0);
    flood(run, liar, run.cluster().nowNanos() + WHILE.toNanos());
    run.pass(WHILE);
    users.stop();
    long seconds = WHILE.toSeconds();
    long nodes = run.cluster().nodes().size();
    run.require(
        marks[0] <= nodes * (20 + 6 * seconds),
        marks[0] + " marks were passed on to " + nodes + " nodes in " + seconds + " s");
    run.require(
        run.metrics().count(Kind.ORPHANED) == 0,
        run.metrics().count(Kind.ORPHANED) + " nodes lost their parent");
    if (clients) {
      checkInvented(run, asker);
    }
    run.faults().crash(liar);
    run.settle();
    users.check();
  }

  /// Few of the reports are listened to, and few of the clients remembered.
  private static void checkInvented(Run run, PlanAsker asker) {
    asker.done = true;
    run.require(asker.plans > 0, "the root has made no plan");
    run.require(
        asker.mostClients <= HONEST + MOST_INVENTED,
        asker.mostClients + " clients count in a plan, there are " + HONEST);
    long told = WHILE.dividedBy(EVERY) * INVENTED_AT_ONCE;
    long ignored = 0;
    for (SimNode node : run.cluster().nodes()) {
      ignored += node.machine instanceof TreeNode router ? ignored(router) : 0;
    }
    run.require(
        ignored >= told - told / 20, "only " + ignored + " of " + told + " reports were ignored");
  }

  private static long ignored(TreeNode router) {
    return router.counters().stream()
        .filter(counter -> counter.name().equals("overBudget"))
        .mapToLong(Message.Counter::value)
        .sum();
  }

  private void flood(Run run, SimNode liar, long untilNanos) {
    if (run.cluster().nowNanos() >= untilNanos) {
      return;
    }
    run.cluster().submit(liar, new Puppet.Say(clients ? invented(run, liar) : flood(liar)));
    run.cluster().after(EVERY, () -> flood(run, liar, untilNanos));
  }

  private static List<Message> flood(SimNode liar) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < MARKS_AT_ONCE; i++) {
      messages.add(new Message.Gap(1, new long[0]));
    }
    messages.add(
        new Message.Anycast(
            1,
            liar.id(),
            0x1234L,
            List.of(new Message.Hop(liar.id(), List.of())),
            false,
            Bytes.wrap(new byte[Message.Anycast.MAX_QUESTION_BYTES])));
    return messages;
  }

  private static List<Message> invented(Run run, SimNode liar) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < INVENTED_AT_ONCE; i++) {
      long number = run.random().nextInt(i % 2 == 0 ? INVENTED : MOST_INVENTED / 2);
      long[] tags = run.random().longs(16, 0, 1_000).distinct().toArray();
      messages.add(
          new Message.Usage(
              new NodeId(number),
              List.of(new NodeId(number + 10_000), liar.id()),
              tags,
              new int[tags.length]));
    }
    return messages;
  }

  /// An observer that asks the root for one plan after the other.
  private static final class PlanAsker implements Machine {
    private static final LinkId LINK = new LinkId(1);

    private final Address root;
    private long plans;
    private int mostClients;
    private boolean done;

    PlanAsker(Address root) {
      this.root = root;
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      switch (event) {
        case Event.Start _ -> effects.add(new Effect.OpenLink(LINK, root));
        case Event.LinkOpened _ ->
            effects.add(
                new Effect.Send(
                    LINK,
                    new Message.Hello(
                        Message.Hello.VERSION,
                        "main",
                        new NodeId(4_712),
                        NodeKind.OBSERVER,
                        1,
                        Bytes.EMPTY)));
        case Event.Received(LinkId _, Message.Hello _) -> ask(effects);
        case Event.Received(LinkId _, Message.RebalancePlan plan) -> {
          plans++;
          mostClients = Math.max(mostClients, plan.clients());
          if (!done) {
            ask(effects);
          }
        }
        default -> {}
      }
    }

    private void ask(Effects effects) {
      effects.add(new Effect.Send(LINK, new Message.Rebalance(plans, true)));
    }
  }
}
