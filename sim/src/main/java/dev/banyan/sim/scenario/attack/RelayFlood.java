package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.Tags;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.WaterMarks;
import dev.banyan.sim.hostile.Puppet;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// A leaf sends without a pause whatever its router passes on: tasks, results, answers, fences, interest that comes
/// and goes. The way to the root is slow, and so is that to a neighbour: what it sends does not fit there. Only the liar may
/// lose its link.
public record RelayFlood() implements Scenario {

  private static final Duration EVERY = Duration.ofMillis(10);

  /// Of each kind.
  private static final Duration WHILE = Duration.ofMillis(300);

  private static final LinkProfile SLOW = LinkProfile.LOCAL.withBandwidth(400_000);
  private static final Bytes LONG = Bytes.wrap(new byte[100_000]);
  private static final int KINDS = 5;

  @Override
  public String name() {
    return "relay-flood";
  }

  @Override
  public String title() {
    return "a leaf floods slow links of others with what routers pass on, and breaks none";
  }

  /// Queues that fill with less.
  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return options.withMarks(WaterMarks.DEFAULT.dividedBy(4));
  }

  @Override
  public void play(Run run) {
    Growth growth = new Growth(1, 5, 2, 8);
    StoreTraffic users = new StoreTraffic(run, 12, Duration.ofMillis(100), StoreConfig.DEFAULT, 0);
    growth.grow(run, users);
    TreeConfig config = growth.config();
    SimNode liar = run.start(Puppet.spec(NodeKind.CLIENT, config));
    run.pass(Duration.ofSeconds(3));
    SimNode victim =
        run.live(NodeKind.CLIENT).stream()
            .filter(node -> node != liar && parentOf(node).equals(parentOf(liar)))
            .findFirst()
            .orElseThrow();
    run.faults().slow(run.root(), SLOW);
    run.faults().slow(victim, SLOW);
    List<SimNode> orphans = new ArrayList<>();
    run.cluster()
        .observe(
            new Observer() {
              @Override
              public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
                for (Effect effect : effects) {
                  if (effect instanceof Effect.Report report
                      && report.kind() == Kind.ORPHANED
                      && node != liar) {
                    orphans.add(node);
                  }
                }
              }
            });
    for (int kind = 0; kind < KINDS; kind++) {
      flood(run, liar, victim, kind, run.cluster().nowNanos() + WHILE.toNanos());
      run.pass(WHILE.multipliedBy(2));
    }
    run.require(orphans.isEmpty(), orphans + " lost their parents");
    users.stop();
    run.faults().crash(liar);
    run.settle();
    users.check();
  }

  private static String parentOf(SimNode node) {
    return node.view().flatMap(view -> view.parent()).map(NodeId::toString).orElse("none");
  }

  private void flood(Run run, SimNode liar, SimNode victim, int kind, long untilNanos) {
    if (run.cluster().nowNanos() >= untilNanos) {
      return;
    }
    run.cluster().submit(liar, new Puppet.Say(lies(run, liar, victim, kind)));
    run.cluster().after(EVERY, () -> flood(run, liar, victim, kind, untilNanos));
  }

  private static List<Message> lies(Run run, SimNode liar, SimNode victim, int kind) {
    List<Message> lies = new ArrayList<>();
    NodeId self = liar.id();
    NodeId router = liar.view().flatMap(view -> view.parent()).orElse(self);
    NodeId root = run.root().id();
    switch (kind) {
      case 0 -> {
        for (int i = 0; i < 5; i++) {
          lies.add(new Message.Dispatch(i, self, new long[0], List.of(self), false, false, LONG));
        }
      }
      case 1 -> {
        for (int i = 0; i < 3; i++) {
          lies.add(new Message.TaskResult(i, root, List.of(root), LONG));
          lies.add(new Message.TaskResult(i, victim.id(), List.of(victim.id(), router), LONG));
        }
      }
      case 2 -> {
        List<NodeId> way = new ArrayList<>(List.of(victim.id()));
        LongStream.range(0, 100).forEach(i -> way.add(new NodeId(i)));
        for (int i = 0; i < 150; i++) {
          lies.add(
              new Message.AnycastAnswer(
                  i,
                  victim.id(),
                  7,
                  self,
                  Message.AnycastAnswer.Completeness.PARTIAL,
                  way,
                  List.of()));
        }
      }
      case 3 -> {
        for (int i = 0; i < 1_500; i++) {
          lies.add(Multicast.of(List.of(fence(self, victim.id()))));
        }
      }
      default -> {
        long version = run.cluster().nowNanos() << 1; // greater each time
        lies.add(interest(version, LongStream.range(1, 9_000).toArray()));
        lies.add(Multicast.of(List.of(update(self, 1))));
        lies.add(interest(version + 1, new long[0]));
        lies.add(Multicast.of(List.of(update(self, 1))));
      }
    }
    return lies;
  }

  private static Record fence(NodeId from, NodeId to) {
    return new Record(
        new long[] {Tags.inbox(to)}, from, new Session(1, 1), 1, new long[] {0}, Bytes.EMPTY);
  }

  private static Record update(NodeId from, long tag) {
    return new Record(
        new long[] {tag}, from, new Session(1, 1), 1, new long[] {0}, Bytes.utf8("value"));
  }

  private static Message.Interest interest(long version, long[] tags) {
    long hash = 0;
    for (long tag : tags) {
      hash ^= Tags.hashOf(tag);
    }
    return new Message.Interest(version, true, 64, false, tags, new long[0], hash);
  }
}
