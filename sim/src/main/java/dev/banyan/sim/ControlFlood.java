package dev.banyan.sim;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.TreeConfig;
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
    Growth growth = new Growth(2, 6, 2, 6);
    StoreTraffic users = new StoreTraffic(run, 24, Duration.ofMillis(100), StoreConfig.DEFAULT, 0);
    growth.grow(run, users);
    TreeConfig config = growth.config();
    SimNode liar = run.start(Puppet.spec(clients ? NodeKind.ROUTER : NodeKind.CLIENT, config));
    run.pass(Duration.ofSeconds(3));
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
    run.faults().crash(liar);
    run.settle();
    users.check();
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
    for (int i = 0; i < INVENTED / 100; i++) {
      long number = run.random().nextInt(INVENTED);
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
}
