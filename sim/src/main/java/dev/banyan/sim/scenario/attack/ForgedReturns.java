package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.trial.Flood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A leaf gives back join requests that it was never passed, and assigns places to joiners that it was never asked about,
/// some hundred times a second. Everybody joins with one request all the same.
public record ForgedReturns() implements Scenario {

  private enum Flood implements Timer.Kind {
    NEXT
  }

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 10));
  private static final Duration INTERVAL = Duration.ofMillis(1);
  private static final int CLIENTS = 20;

  @Override
  public String name() {
    return "forged-returns";
  }

  @Override
  public String title() {
    return "a leaf gives back join requests that it never had, and answers them";
  }

  @Override
  public void play(Run run) {
    SimNode root = run.startTree(NodeKind.ROOT, CONFIG);
    List<NodeId> joiners = new ArrayList<>();
    SimNode liar = run.start(Liar.telling(NodeKind.CLIENT, CONFIG, forging(root.id(), joiners)));
    run.pass(Duration.ofMillis(100));
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.pass(Duration.ofSeconds(1));
    for (int i = 0; i < CLIENTS; i++) {
      joiners.add(run.startTree(NodeKind.CLIENT, CONFIG).id());
      run.pass(Duration.ofMillis(5 + run.random().nextInt(60)));
    }
    run.pass(Duration.ofMillis(200));
    int all = CLIENTS + 4;
    int attached = run.metrics().sample().attached();
    run.require(attached == all, attached + " of " + all + " are in the tree");
    run.require(run.metrics().count(Effect.Report.Kind.JOIN_REFUSED) == 0, "joiners were refused");
    run.require(liar.framesOut() > CLIENTS * 20, "the liar has sent " + liar.framesOut());
  }

  private static Liar.Lie forging(NodeId root, List<NodeId> joiners) {
    return (event, nowNanos, effects) -> {
      boolean due = event instanceof Event.TimerFired(Timer timer) && timer.kind() == Flood.NEXT;
      if (event instanceof Event.Start || due) {
        effects.add(new Effect.SetTimer(new Timer(Flood.NEXT, 1), nowNanos + INTERVAL.toNanos()));
      }
      if (due && !joiners.isEmpty()) {
        forge(root, joiners.getLast(), effects);
      }
      return due;
    };
  }

  /// Its first link is the one to the root, which has taken it before there were routers.
  private static void forge(NodeId root, NodeId joiner, Effects effects) {
    LinkId parent = new LinkId(1);
    Message.Hop exhausted = new Message.Hop(root, List.of());
    for (long attempt = 0; attempt <= 1; attempt++) {
      effects.add(
          new Effect.Send(
              parent,
              new Message.JoinRequest(
                  joiner,
                  NodeKind.CLIENT,
                  Address.NONE,
                  attempt,
                  false,
                  0,
                  0,
                  List.of(exhausted),
                  true,
                  List.of(new NodeId(4_711)))));
      effects.add(
          new Effect.Send(
              parent,
              new Message.AssignParent(
                  joiner, attempt, new NodeId(4_711), Address.NONE, List.of(root))));
    }
  }
}
