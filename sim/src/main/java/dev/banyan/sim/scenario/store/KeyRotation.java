package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimClock;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The group's keys change again and again, and members are left out, while all write and nodes die. Each member hears of a new epoch when it does: most before
/// it begins, one long after that. Who was left out stays in the tree, as if its routers were on its side: it goes on writing with the keys it has, also in
/// new sessions, and is heard by everybody. How far it counts is what the others hold of it. In the end somebody joins who knows nothing.
///
/// Whoever knows that a member has left holds nothing that it wrote since. What it wrote before is held by all, by the late joiner too; and no
/// write of a remaining member is lost.
///
/// @param closing false to see what happens when nobody says that a member has left
public record KeyRotation(boolean closing) implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int ROUTERS = 3;
  private static final int WORKERS = 6;
  private static final int ROUNDS = 150;

  /// In each round.
  private static final int WRITES = 4;

  private static final int ROTATE_EVERY = 30;
  private static final int LEAVERS = 2;
  private static final long AHEAD_SECONDS = 1;
  private static final Duration ASKED = Duration.ofMillis(200);
  private static final Duration PROMPT = Duration.ofMillis(1_500);
  private static final Duration LATE = Duration.ofSeconds(4);

  @Override
  public String name() {
    return "rotation";
  }

  @Override
  public String title() {
    return "keys change and members are left out under load";
  }

  @Override
  public void play(Run run) {
    new Play(run, closing).play();
  }

  private static final class Play implements Observer {
    private final Run run;
    private final boolean closing;
    private final LocalGroup group;
    private final List<SimNode> members = new ArrayList<>();

    /// Who was left out, and in which epoch it is no member any more.
    private final Map<SimNode, Integer> left = new LinkedHashMap<>();

    private final Set<String> written = new HashSet<>();

    /// What those wrote after they had been left out, and the epoch from which on nobody may hold it.
    private final Map<String, Integer> forbidden = new LinkedHashMap<>();

    /// What members have said that they hold of one that is about to leave.
    private final List<Sealing.Head> held = new ArrayList<>();

    private long request;

    Play(Run run, boolean closing) {
      this.run = run;
      this.closing = closing;
      group = new LocalGroup(MemoCrypto.shared(), run.random().split(), this::seconds);
    }

    private long seconds() {
      return SimClock.trueMillis(run.cluster().nowNanos()) / 1_000;
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        if (effect instanceof StoreOutcome.Heads heads) {
          held.addAll(heads.heads());
        }
      }
    }

    void play() {
      run.cluster().observe(this);
      run.startTree(NodeKind.ROOT, CONFIG);
      for (int i = 0; i < ROUTERS; i++) {
        run.startTree(NodeKind.ROUTER, CONFIG);
      }
      run.pass(Duration.ofSeconds(1));
      for (int i = 0; i < WORKERS; i++) {
        join();
        run.pass(Duration.ofMillis(50));
      }
      run.pass(Duration.ofSeconds(5));
      members.forEach(node -> put(node, first(node), "first by " + node.id));
      run.pass(Duration.ofSeconds(2));
      for (int round = 1; round <= ROUNDS; round++) {
        for (int write = 0; write < WRITES; write++) {
          write(round);
        }
        if (round % ROTATE_EVERY == 0) {
          rotate();
        }
        disturb(round);
        run.pass(Duration.ofMillis(run.random().nextInt(150)));
        check();
      }
      run.pass(LATE);
      left.keySet().stream().filter(SimNode::up).forEach(run.faults()::crash);
      SimNode late = join();
      run.settle();
      check();
      compare(late);
    }

    private SimNode join() {
      SimNode node = run.start(NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group));
      members.add(node);
      watch(node);
      return node;
    }

    private void watch(SimNode node) {
      run.cluster().submit(node, new StoreCommand.Watch(++request, "k/", true));
    }

    private void write(int round) {
      List<SimNode> up = members.stream().filter(SimNode::up).toList();
      SimNode node = up.get(run.random().nextInt(up.size()));
      String key = run.random().nextBoolean() ? "k/own-" + node.id : "k/" + run.random().nextInt(6);
      String value = "round " + round + " by " + node.id;
      Integer since = left.get(node);
      if (since != null) {
        forbidden.put(value, since);
      }
      put(node, key, value);
    }

    private static String first(SimNode node) {
      return "k/first-" + node.id;
    }

    private void put(SimNode node, String key, String value) {
      written.add(value);
      run.cluster().submit(node, new StoreCommand.Put(++request, key, Bytes.utf8(value)));
    }

    /// Begins an epoch, most of the time without somebody who was a member until now.
    private void rotate() {
      List<SimNode> honest = members.stream().filter(node -> !left.containsKey(node)).toList();
      if (left.size() < LEAVERS && run.random().nextInt(4) > 0) {
        SimNode leaver = honest.get(run.random().nextInt(honest.size()));
        if (leaver.up()) {
          honest.stream()
              .filter(node -> node.up() && node != leaver)
              .forEach(node ->
                  run.cluster().submit(node, new StoreCommand.Heads(++request, Set.of(leaver.id))));
          run.cluster().after(ASKED, () -> begin(Optional.of(leaver)));
          return;
        }
      }
      begin(Optional.empty());
    }

    private void begin(Optional<SimNode> leaver) {
      leaver.ifPresent(node -> {
        left.put(node, group.epoch() + 1);
        if (closing) {
          group.remove(node.id, held);
        }
      });
      List<SimNode> honest = members.stream().filter(node -> !left.containsKey(node)).toList();
      group.rotate(seconds() + AHEAD_SECONDS);
      SimNode slow = honest.get(run.random().nextInt(honest.size()));
      for (SimNode node : honest) {
        if (!left.containsKey(node)) {
          Duration wait =
              node == slow ? LATE : Duration.ofMillis(run.random().nextLong(PROMPT.toMillis()));
          run.cluster().after(wait, () -> learn(node));
        }
      }
    }

    private void learn(SimNode node) {
      if (node.up() && !left.containsKey(node) && node.machine instanceof Worker worker) {
        run.cluster()
            .submit(
                node, new StoreCommand.Learn(++request, group.release(worker.epochs().newest())));
      }
    }

    private void disturb(int round) {
      if (round % 60 == 30) {
        List<SimNode> routers = run.live(NodeKind.ROUTER);
        restart(routers.get(run.random().nextInt(routers.size())));
      }
      if (round % 50 == 25) {
        restart(members.get(run.random().nextInt(members.size())));
      }
    }

    private void restart(SimNode node) {
      if (node.up()) {
        run.faults().crash(node);
        run.cluster()
            .after(
                Duration.ofMillis(500),
                () -> {
                  run.cluster().start(node);
                  if (node.kind() == NodeKind.CLIENT) {
                    watch(node);
                  }
                });
      }
    }

    private List<SimNode> honest() {
      return members.stream().filter(node -> node.up() && !left.containsKey(node)).toList();
    }

    private void check() {
      for (SimNode node : honest()) {
        if (node.machine instanceof Worker worker) {
          for (Worker.Held held : worker.held()) {
            String value = value(worker, held.key());
            run.require(
                written.contains(value), node + " holds '" + value + "', which nobody wrote");
            int until = forbidden.getOrDefault(value, Integer.MAX_VALUE);
            run.require(
                worker.epochs().newest() < until,
                "%s knows epoch %d and holds '%s', of a member that had left before epoch %d"
                    .formatted(node, worker.epochs().newest(), value, until));
          }
        }
      }
    }

    private static String value(Worker worker, String key) {
      return worker.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("(none)");
    }

    /// All hold the same, the late joiner too.
    private void compare(SimNode late) {
      Map<String, String> all = held(late);
      for (SimNode node : honest()) {
        run.require(
            held(node).equals(all), node + " holds " + held(node) + ", " + late + " " + all);
        run.require(
            node.machine instanceof Worker worker
                && worker.epochs().sealing() == group.epoch()
                && worker.epochs().newest() == group.epoch(),
            node + " has not come to epoch " + group.epoch());
      }
      for (SimNode leaver : left.keySet()) {
        run.require(
            all.containsKey(first(leaver)),
            late + " does not hold what " + leaver + " had written before it left");
      }
      run.require(
          forbidden.isEmpty() || count("capsulesRevoked") > 0,
          "who was left out was never refused");
    }

    private static Map<String, String> held(SimNode node) {
      Map<String, String> all = new LinkedHashMap<>();
      if (node.machine instanceof Worker worker) {
        worker.held().forEach(held -> all.put(held.key(), value(worker, held.key())));
      }
      return all;
    }

    private long count(String name) {
      return honest().stream()
          .flatMap(node ->
              node.machine instanceof Worker worker ? worker.counters().stream() : Stream.empty())
          .filter(counter -> counter.name().equals(name))
          .mapToLong(Message.Counter::value)
          .sum();
    }
  }
}
