package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effects;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Machine;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Timer;
import dev.banyan.protocol.tree.TreeNode;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Leaves that advertise everything, so that every question visits them, and never give one back. Reads of others find
/// what is held all the same, and soon; what nobody holds is told within the patience of reads, and once the leaves are
/// known for what they are, at once.
///
/// @param chattering whether they answer for ever, that there will be more, instead of saying nothing
public record UselessHolders(boolean chattering) implements Scenario {

  public static final UselessHolders DEAF = new UselessHolders(false);
  public static final UselessHolders CHATTERING = new UselessHolders(true);

  private static final Growth GROWTH = new Growth(4, 12, 2, 6);
  private static final int LIARS = 3;
  private static final int KEYS = 40;
  private static final Duration MOST_FOR_HELD = Duration.ofMillis(4_500);
  private static final Duration MOST = Duration.ofMillis(5_100);
  private static final Duration SOON = Duration.ofMillis(500);

  /// After which the leaves are known: a question overdue, then the time in which nobody vouches for them.
  private static final Duration KNOWN = Duration.ofSeconds(25);

  @Override
  public String name() {
    return chattering ? "endless-partials" : "deaf-holder";
  }

  @Override
  public String title() {
    return "leaves advertise everything and "
        + (chattering ? "answer questions without end" : "ignore questions");
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 30, Duration.ofMillis(50));
    GROWTH.grow(run, load);
    load.stop();
    run.settle();
    List<SimNode> workers = run.live(NodeKind.CLIENT);
    for (int i = 0; i < LIARS; i++) {
      SimNode liar = run.start(liar());
      run.cluster().submit(liar, new Event.WantAll(true));
    }
    run.pass(Duration.ofSeconds(2));
    Readers readers = new Readers(run);
    run.cluster().observe(readers);
    for (int i = 0; i < KEYS; i++) {
      readers.put(workers.get(run.random().nextInt(workers.size())), "held/" + i);
    }
    run.pass(Duration.ofSeconds(1));
    for (int i = 0; i < KEYS; i++) {
      readers.get(workers.get(run.random().nextInt(workers.size())), "held/" + i, MOST_FOR_HELD);
      readers.get(workers.get(run.random().nextInt(workers.size())), "none/" + i, MOST);
      run.pass(Duration.ofMillis(run.random().nextInt(400)));
    }
    run.pass(KNOWN);
    for (int i = 0; i < KEYS; i++) {
      readers.get(workers.get(run.random().nextInt(workers.size())), "never/" + i, SOON);
      run.pass(Duration.ofMillis(run.random().nextInt(50)));
    }
    run.pass(MOST);
    readers.check();
  }

  private NodeSpec liar() {
    if (!chattering) {
      return NodeSpec.tree(NodeKind.CLIENT, GROWTH.config()); // It has no store that could answer.
    }
    return new NodeSpec(
        NodeKind.CLIENT,
        GROWTH.config(),
        (identity, config, roots, random, wall) -> {
          TreeNode node = new TreeNode(identity, config, roots, random, wall);
          return new NodeSpec.Built(new Chatterer(node), node::view);
        });
  }

  /// Says of each question, again and again, that its answer will go on.
  private static final class Chatterer implements Machine {
    private enum Kind implements Timer.Kind {
      MORE
    }

    private static final long EVERY_NANOS = Duration.ofMillis(400).toNanos();
    private static final int MOST = 12;

    private final TreeNode node;
    private final List<Message.Anycast> asked = new ArrayList<>();
    private boolean timed;

    Chatterer(TreeNode node) {
      this.node = node;
    }

    @Override
    public void handle(Event event, long nowNanos, Effects effects) {
      if (event instanceof Event.TimerFired(Timer timer) && timer.kind() == Kind.MORE) {
        for (Message.Anycast question : asked) {
          more(question, effects);
        }
        effects.add(new Effect.SetTimer(new Timer(Kind.MORE, 0), nowNanos + EVERY_NANOS));
        return;
      }
      int before = effects.size();
      node.handle(event, nowNanos, effects);
      for (int i = before; i < effects.size(); i++) {
        if (effects.get(i) instanceof Effect.Question(Message.Anycast question)
            && asked.size() < MOST) {
          asked.add(question);
        }
      }
      if (!timed && !asked.isEmpty()) {
        timed = true;
        effects.add(new Effect.SetTimer(new Timer(Kind.MORE, 0), nowNanos + EVERY_NANOS));
      }
    }

    /// Without an end.
    private void more(Message.Anycast question, Effects effects) {
      List<NodeId> route = new ArrayList<>();
      for (Message.Hop hop : question.path().subList(0, question.path().size() - 2)) {
        route.addFirst(hop.node());
      }
      node.view()
          .parentLink()
          .ifPresent(parent ->
              effects.add(
                  new Effect.Send(
                      parent,
                      new Message.AnycastAnswer(
                          question.id(),
                          question.origin(),
                          question.tag(),
                          node.identity().node(),
                          Message.AnycastAnswer.Completeness.PARTIAL,
                          route,
                          List.of()))));
    }
  }

  private static final class Readers implements Observer {
    private static final long FIRST_REQUEST = 1L << 40;

    private record Read(String key, long atNanos, Duration most) {}

    private final Run run;
    private final Map<Long, Read> open = new HashMap<>();
    private long request = FIRST_REQUEST;
    private int found;
    private int absent;

    Readers(Run run) {
      this.run = run;
    }

    void put(SimNode worker, String key) {
      run.cluster().submit(worker, new StoreCommand.Put(++request, key, Bytes.utf8("value")));
    }

    void get(SimNode worker, String key, Duration most) {
      open.put(++request, new Read(key, run.cluster().nowNanos(), most));
      run.cluster().submit(worker, new StoreCommand.Get(request, key));
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof StoreOutcome outcome) {
          Read read = open.remove(outcome.request());
          if (read != null) {
            answered(node, read, outcome, nowNanos);
          }
        }
      }
    }

    private void answered(SimNode node, Read read, StoreOutcome outcome, long nowNanos) {
      run.require(
          nowNanos - read.atNanos() <= read.most().toNanos(),
          "%s waited %d ms for '%s'"
              .formatted(node, (nowNanos - read.atNanos()) / 1_000_000, read.key()));
      boolean held = read.key().startsWith("held");
      run.require(
          held == outcome instanceof StoreOutcome.Value,
          node + " reads " + outcome + " of '" + read.key() + "'");
      if (read.key().startsWith("never")) {
        run.require(outcome instanceof StoreOutcome.Absent, node + " is told " + outcome);
        absent++;
      }
      found += held ? 1 : 0;
    }

    void check() {
      run.require(open.isEmpty(), "never answered: " + open.values());
      run.require(found == KEYS && absent == KEYS, found + " found, " + absent + " absent");
    }
  }
}
