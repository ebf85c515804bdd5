package dev.banyan.sim.scenario.attack;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.Multicast;
import dev.banyan.protocol.NodeId;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.protocol.Session;
import dev.banyan.protocol.TreeConfig;
import dev.banyan.sim.MemoCrypto;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.SimClock;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.hostile.Puppet;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.store.Lamport;
import dev.banyan.store.Revision;
import dev.banyan.store.Sealing;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreConfig;
import dev.banyan.store.sealing.LocalGroup;
import dev.banyan.store.worker.Worker;
import dev.banyan.store.write.UpdatePayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A member of the group, with true keys, does what it likes: it stamps its writes years ahead, signs two batches with one number, names predecessors
/// that never were, puts values under other keys' tags, begins a session for each write, and brings what a stranger has sealed. Then it is left out, and
/// goes on: with old stamps, with numbers that count, with what it had said before.
///
/// Whatever an honest worker holds was written so by a member, at a time that can be. Nobody crashes or grows, the member is named, and what the others write
/// reaches all.
///
/// @param closing false to see what happens when nobody says that the member has left
public record MutantMembers(boolean closing) implements Scenario {

  private static final TreeConfig CONFIG =
      TreeConfig.DEFAULT.withCapacity(new TreeConfig.Capacity(2, 4));
  private static final int WORKERS = 5;
  private static final int ROUNDS = 120;
  private static final long MOST_BYTES = 1 << 20;

  @Override
  public String name() {
    return "mutant-members";
  }

  @Override
  public String title() {
    return "a member with true keys does what it likes";
  }

  @Override
  public void play(Run run) {
    new Play(run, closing).play();
  }

  private static final class Play {
    private final Run run;
    private final boolean closing;
    private final LocalGroup group;
    private final LocalGroup strangers;
    private final NodeId member;
    private final Session session;

    /// Two that number their batches alike.
    private final Sealing mutant;

    private final Sealing twin;
    private final Sealing stranger;
    private final List<SimNode> workers = new ArrayList<>();
    private final List<Record> said = new ArrayList<>();
    private final Set<String> written = new HashSet<>();
    private final SimNode puppet;
    private long request;
    private long sequence = 1_000;
    private boolean left;

    Play(Run run, boolean closing) {
      this.run = run;
      this.closing = closing;
      group = new LocalGroup(MemoCrypto.shared(), run.random().split(), this::seconds);
      strangers = new LocalGroup(MemoCrypto.shared(), run.random().split(), this::seconds);
      member = group.admit();
      session = session();
      mutant = group.sealing(member, session);
      twin = group.sealing(member, session);
      stranger = strangers.sealing(strangers.admit(), session());
      run.startTree(NodeKind.ROOT, CONFIG);
      run.startTree(NodeKind.ROUTER, CONFIG);
      run.pass(Duration.ofSeconds(1));
      for (int i = 0; i < WORKERS; i++) {
        workers.add(run.start(NodeSpec.sealed(CONFIG, StoreConfig.DEFAULT, group)));
        run.pass(Duration.ofMillis(50));
      }
      puppet = run.start(Puppet.spec(NodeKind.CLIENT, CONFIG));
    }

    private Session session() {
      return new Session(run.random().nextLong(), run.random().nextLong());
    }

    private long seconds() {
      return SimClock.trueMillis(run.cluster().nowNanos()) / 1_000;
    }

    void play() {
      run.pass(Duration.ofSeconds(3));
      for (SimNode node : workers) {
        run.cluster().submit(node, new StoreCommand.Watch(++request, "k/", true));
      }
      run.pass(Duration.ofSeconds(3));
      for (int round = 0; round < ROUNDS; round++) {
        round(round);
      }
      leave();
      for (int round = ROUNDS; round < 2 * ROUNDS; round++) {
        round(round);
      }
      run.settle();
      check();
      compare();
    }

    private void round(int round) {
      SimNode node = workers.get(run.random().nextInt(workers.size()));
      put(node, "k/" + run.random().nextInt(6), "honest, in round " + round);
      if (left) {
        lieOutside(round);
      } else {
        lieInside(round);
      }
      run.pass(Duration.ofMillis(run.random().nextInt(60)));
      check();
    }

    /// It has left, and time has passed since: what it stamps with the time of day is later than anything that counts.
    private void leave() {
      if (closing) {
        group.remove(member);
      }
      group.rotate(seconds());
      for (SimNode node : workers) {
        run.cluster().submit(node, new StoreCommand.Learn(++request, group.release(0)));
      }
      left = true;
      run.pass(Duration.ofSeconds(70));
    }

    private void lieInside(int round) {
      String value = "mutant, in round " + round;
      long now = run.cluster().nowNanos();
      switch (run.random().nextInt(7)) {
        case 0 -> // Years ahead: never to be held.
            say(mutant, record(mutant, session, key(), value, future(), 0));
        case 1 -> {
          written.add(value);
          written.add(value + ", of the twin");
          say(mutant, record(mutant, session, key(), value, lamport(now), 0));
          say(twin, record(twin, session, key(), value + ", of the twin", lamport(now), 0));
        }
        case 2 -> {
          written.add(value);
          say(mutant, record(mutant, session, key(), value, lamport(now), sequence - 1));
        }
        case 3 -> { // Under another key's tags.
          Record right = record(mutant, session, key(), value, lamport(now), 0);
          long[] tags = right.tags().clone();
          tags[0] ^= 1;
          Arrays.sort(tags);
          say(mutant, right.withTags(tags));
        }
        case 4 -> {
          written.add(value);
          Session fresh = session();
          Sealing other = group.sealing(member, fresh);
          say(other, record(other, fresh, key(), value, lamport(now), 0));
        }
        case 5 -> say(stranger, record(stranger, session, key(), value, lamport(now), 0));
        default -> again();
      }
    }

    private void lieOutside(int round) {
      String value = "mutant, outside, in round " + round;
      long now = run.cluster().nowNanos();
      switch (run.random().nextInt(5)) {
        case 0 -> say(mutant, record(mutant, session, key(), value, lamport(now), 0));
        case 1 -> // Before everything: it is new all the same.
            say(mutant, record(mutant, session, "k/new-" + round, value, 1, 0));
        case 2 -> // The twin has signed fewer: these numbers count.
            say(twin, record(twin, session, key(), value, lamport(now), 0));
        case 3 -> {
          Session fresh = session();
          Sealing other = group.sealing(member, fresh);
          say(other, record(other, fresh, key(), value, lamport(now), 0));
        }
        default -> again();
      }
    }

    private String key() {
      return "k/" + run.random().nextInt(6);
    }

    private static long lamport(long nowNanos) {
      return Lamport.at(SimClock.trueMillis(nowNanos));
    }

    private long future() {
      return Lamport.at(
          SimClock.trueMillis(run.cluster().nowNanos()) + Duration.ofDays(3_650).toMillis());
    }

    /// @param predecessor of each of its tags
    private Record record(
        Sealing by, Session of, String key, String value, long lamport, long predecessor) {
      sequence += 1 + run.random().nextInt(1_000_000);
      Worker any = store(workers.getFirst());
      long[] tags = any.tagsOf(key);
      long[] predecessors = new long[tags.length];
      Arrays.fill(predecessors, predecessor);
      return new Record(
          tags,
          member,
          of,
          sequence,
          predecessors,
          UpdatePayload.put(key, lamport, Bytes.utf8(value)).encoded(),
          by.unproven());
    }

    private void say(Sealing by, Record record) {
      List<Record> sealed = by.seal(List.of(record));
      said.addAll(sealed);
      send(sealed);
    }

    private void again() {
      if (!said.isEmpty()) {
        send(List.of(said.get(run.random().nextInt(said.size()))));
      }
    }

    private void send(List<Record> records) {
      List<Message> messages = List.of(new Multicast.Plain(0, records));
      run.cluster().submit(puppet, new Puppet.Say(messages));
    }

    private void put(SimNode node, String key, String value) {
      written.add(value);
      run.cluster().submit(node, new StoreCommand.Put(++request, key, Bytes.utf8(value)));
    }

    private void check() {
      for (SimNode node : workers) {
        run.require(node.up(), node + " is down");
        Worker worker = store(node);
        for (Worker.Held held : worker.held()) {
          String value = value(worker, held.key());
          run.require(
              written.contains(value),
              node + " holds '" + value + "' under '" + held.key() + "', which nobody may write");
        }
        run.require(
            worker.usedBytes() < MOST_BYTES, node + " takes " + worker.usedBytes() + " bytes");
      }
    }

    private static Worker store(SimNode node) {
      if (node.machine instanceof Worker worker) {
        return worker;
      }
      throw new IllegalStateException(node + " is no worker, or is down");
    }

    private static String value(Worker worker, String key) {
      return worker.newest(key).flatMap(Revision::value).map(Bytes::asUtf8).orElse("(none)");
    }

    /// What honest members wrote last reaches all, and all that was done was noticed.
    private void compare() {
      for (SimNode node : workers) {
        put(node, "k/last-" + node.id, "the last word of " + node);
      }
      run.pass(Duration.ofSeconds(3));
      for (SimNode node : workers) {
        Worker worker = store(node);
        for (SimNode other : workers) {
          run.require(
              value(worker, "k/last-" + other.id).equals("the last word of " + other),
              node + " has not heard " + other);
        }
        require(worker, "future");
        require(worker, "malformed");
        require(worker, "capsulesForeign");
        require(worker, "capsulesForked");
        require(worker, "capsulesRevoked");
        run.require(
            worker.forks().stream().anyMatch(fork -> fork.member().equals(member)),
            node
                + " has not kept what shows that the member has signed two batches with one number");
      }
      run.require(
          run.metrics().count(Kind.SESSION_FORKED) >= WORKERS, "not everybody names the member");
    }

    private void require(Worker worker, String counter) {
      for (Message.Counter each : worker.counters()) {
        if (each.name().equals(counter)) {
          run.require(each.value() > 0, counter + " was never counted");
        }
      }
    }
  }
}
