package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Address;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.LinkId;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A router says that it has room for everybody and nobody yet, and takes nobody. Whoever is sent there is held up once and finds another
/// place; so do those that have to look for one again when an honest router dies.
///
/// @param assigns it answers each join request with a place that does not exist; else it answers nothing
public record SwallowingRouter(String name, boolean assigns) implements Scenario {

  public static final SwallowingRouter SILENT = new SwallowingRouter("swallowing-router", false);
  public static final SwallowingRouter ASSIGNING = new SwallowingRouter("assigning-router", true);

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(3, 12));
  private static final Address NOWHERE = new Address("10.99.0.1", 9);
  private static final int CLIENTS = 16;

  /// An attempt that came to nothing, the next one, and some waits between.
  private static final Duration HELD_UP = Duration.ofSeconds(4);

  @Override
  public String title() {
    return assigns
        ? "a router assigns places that nobody gives"
        : "a router takes join requests and answers none";
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, CONFIG);
    run.start(Liar.telling(NodeKind.ROUTER, CONFIG, new Swallowing(assigns)));
    run.pass(Duration.ofMillis(200));
    SimNode honest = run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.pass(Duration.ofMillis(200));
    for (int i = 0; i < CLIENTS; i++) {
      run.startTree(NodeKind.CLIENT, CONFIG);
      run.pass(Duration.ofMillis(run.random().nextInt(400)));
    }
    run.pass(HELD_UP);
    allAttached(run);
    run.pass(Duration.ofSeconds(10));
    run.faults().crash(honest);
    run.pass(HELD_UP);
    allAttached(run);
  }

  private static final class Swallowing implements Liar.Lie {
    private final boolean assigns;
    private long joinsSeen;

    Swallowing(boolean assigns) {
      this.assigns = assigns;
    }

    @Override
    public boolean tells(Event event, long nowNanos, Effects effects) {
      if (!(event instanceof Event.Received(LinkId link, Message.JoinRequest request))) {
        return false;
      }
      joinsSeen++;
      if (assigns) {
        List<NodeId> route = new ArrayList<>();
        request.path().forEach(hop -> route.add(hop.node()));
        effects.add(
            new Effect.Send(
                link,
                new Message.AssignParent(
                    request.joiner(),
                    request.attempt(),
                    new NodeId(4_711),
                    NOWHERE,
                    List.copyOf(route))));
      }
      return true;
    }

    @Override
    public Effect instead(Effect effect) {
      if (effect instanceof Effect.Send(LinkId link, Message.Heartbeat beat)
          && beat.side() instanceof Message.Heartbeat.FromChild side) {
        Message.Heartbeat.FromChild lie =
            new Message.Heartbeat.FromChild(
                0,
                0,
                0,
                0,
                4_096,
                4_096,
                joinsSeen,
                side.load(),
                side.tasksSeen(),
                side.clockMillis(),
                side.forgottenMillis());
        return new Effect.Send(
            link,
            new Message.Heartbeat(
                beat.rooted(),
                beat.rootTerm(),
                beat.interestVersion(),
                beat.interestHash(),
                beat.unwanted(),
                beat.group(),
                lie));
      }
      return effect;
    }
  }

  private static void allAttached(Run run) {
    int all = run.live(NodeKind.CLIENT).size() + run.live(NodeKind.ROUTER).size() + 1;
    int attached = run.metrics().sample().attached();
    run.require(attached == all, attached + " of " + all + " are in the tree");
  }
}
