package dev.banyan.sim.scenario.store;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimClock;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Liar;
import dev.banyan.sim.run.LastWriterChecker;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.worker.Worker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A member lies about time: it publishes records from the far future and from the edge of what is tolerated, claims in
/// digests to hold them, and answers with them whoever asks. Workers refuse what cannot be, count it, and go on writing.
public record FutureRecords() implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 8));
  private static final int WORKERS = 5;
  private static final int KEYS = 6;
  private static final long TOLERANCE_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final long LATEST = 1L << 62;
  private static final int STAMP_BITS = 20;

  @Override
  public String name() {
    return "future-records";
  }

  @Override
  public String title() {
    return "a member publishes, claims and answers with records from the far future";
  }

  @Override
  public void play(Run run) {
    run.startTree(NodeKind.ROOT, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    run.startTree(NodeKind.ROUTER, CONFIG);
    List<SimNode> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      SimNode node = run.cluster().add(NodeSpec.worker(CONFIG));
      node.clock().wrongBy(Duration.ofDays(run.random().nextLong(-5_000, 5_000)));
      run.cluster().start(node);
      workers.add(node);
    }
    Liar liar = new Liar(run, run.startTree(NodeKind.CLIENT, CONFIG));
    run.pass(Duration.ofSeconds(3));
    LastWriterChecker users = new LastWriterChecker(run, true);
    Worker first = (Worker) workers.getFirst().machine().orElseThrow();
    for (int key = 0; key < KEYS; key++) {
      liar.wants(first.tagsOf("key/" + key));
    }
    run.cluster().submit(workers.getLast(), new StoreCommand.Watch(-1, "key/", true));
    for (int turn = 0; turn < 200; turn++) {
      String key = "key/" + run.random().nextInt(KEYS);
      liar.lie(first, key);
      SimNode worker = workers.get(run.random().nextInt(WORKERS));
      users.put(worker, "mine/" + run.random().nextInt(KEYS));
      users.get(workers.get(run.random().nextInt(WORKERS)), key);
      run.pass(Duration.ofMillis(run.random().nextInt(100)));
      if (turn % 50 == 25) {
        run.faults().cutFromParent(worker); // so that it says and asks what is held
      }
    }
    run.pass(Duration.ofSeconds(3));
    for (int key = 0; key < KEYS; key++) {
      users.put(workers.get(key % WORKERS), "key/" + key);
    }
    run.faults().crash(liar.node);
    run.settle();
    long refused = 0;
    for (SimNode node : workers) {
      Worker worker = (Worker) node.machine().orElseThrow();
      for (Message.Counter counter : worker.counters()) {
        refused += counter.name().equals("future") ? counter.value() : 0;
      }
      for (Worker.Held held : worker.held()) {
        long ahead = held.version().millis() - SimClock.trueMillis(run.cluster().nowNanos());
        run.require(
            ahead <= TOLERANCE_MILLIS,
            "%s holds '%s' from %d ms ahead".formatted(node, held.key(), ahead));
      }
    }
    run.require(refused > 100, "only " + refused + " lies were refused");
    run.require(liar.answered > 0, "nobody asked the liar");
    run.require(users.compared() > 50, "only " + users.compared() + " puts were compared");
  }

  private static final class Liar implements Observer {
    final SimNode node;
    private final Run run;
    private final SplittableRandom random;
    private final Session session = new Session(6, 6);
    private long sequence;
    long answered;

    Liar(Run run, SimNode node) {
      this.run = run;
      this.node = node;
      this.random = run.random().split();
      run.cluster().observe(this);
    }

    void wants(long[] tags) {
      run.cluster()
          .submit(node, new Event.ChangeInterest(new long[] {tags[tags.length - 1]}, new long[0]));
    }

    void lie(Worker any, String key) {
      run.cluster()
          .submit(
              node,
              new Event.Publish(
                  List.of(
                      random.nextInt(3) == 0
                          ? claim(any.tagsOf(key), key, any)
                          : record(any.tagsOf(key), key))));
    }

    private long lamport() {
      long now = SimClock.trueMillis(run.cluster().nowNanos());
      return switch (random.nextInt(4)) {
        case 0 -> LATEST;
        case 1 -> now + TOLERANCE_MILLIS + 10_000 << STAMP_BITS;
        case 2 -> now + random.nextLong(TOLERANCE_MILLIS) << STAMP_BITS;
        default -> now + random.nextLong(1L << 40) << STAMP_BITS;
      };
    }

    /// A put: kind, length of the key, Lamport time, key, value.
    private Record record(long[] tags, String key) {
      byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
      ByteBuffer out = ByteBuffer.allocate(12 + utf8.length);
      out.put((byte) 1).putShort((short) utf8.length).putLong(lamport()).put(utf8).put((byte) 'x');
      return new Record(
          tags, node.id(), session, ++sequence, new long[tags.length], Bytes.wrap(out.array()));
    }

    /// A digest with one claim, about a key.
    private Record claim(long[] tags, String key, Worker any) {
      byte place = 0;
      long keyTag = any.explain(key).getFirst().tag();
      while (tags[place] != keyTag) {
        place++;
      }
      ByteBuffer out = ByteBuffer.allocate(6 + tags.length - 1 + 32);
      out.put((byte) 3).putShort((short) 1).put((byte) 1).put(place).put((byte) (tags.length - 1));
      for (byte i = 0; i < tags.length; i++) {
        if (i != place) {
          out.put(i);
        }
      }
      out.putLong(lamport()).putLong(node.id().value()).putLong(6).putLong(6);
      return new Record(
          tags, node.id(), session, ++sequence, new long[tags.length], Bytes.wrap(out.array()));
    }

    @Override
    public void handled(SimNode at, Event event, List<Effect> effects, long nowNanos) {
      if (at != node) {
        return;
      }
      for (Effect effect : effects) {
        if (effect instanceof Effect.Question(Message.Anycast asked)) {
          answered++;
          List<Record> lies = new ArrayList<>();
          for (int key = 0; key < KEYS; key++) {
            Worker any =
                (Worker)
                    run.up(NodeKind.CLIENT).stream()
                        .filter(other -> other != node)
                        .findFirst()
                        .orElseThrow()
                        .machine()
                        .orElseThrow();
            lies.add(record(any.tagsOf("key/" + key), "key/" + key));
          }
          run.cluster()
              .submit(
                  node,
                  new Event.Answer(
                      asked,
                      random.nextBoolean()
                          ? Event.Answer.Verdict.SETTLED
                          : Event.Answer.Verdict.GOES_ON,
                      lies));
        }
      }
    }
  }
}
