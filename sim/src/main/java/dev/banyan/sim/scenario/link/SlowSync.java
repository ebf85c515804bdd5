package dev.banyan.sim.scenario.link;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect;
import dev.banyan.protocol.Event;
import dev.banyan.protocol.Message;
import dev.banyan.protocol.NodeKind;
import dev.banyan.protocol.Record;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.NodeSpec;
import dev.banyan.sim.Observer;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.Tap;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreCommand;
import dev.banyan.store.StoreOutcome;
import dev.banyan.store.worker.Worker;
import java.time.Duration;
import java.util.List;

/// A worker far out, on a slow line that breaks now and then, begins to watch much that others hold. It has all of it
/// soon after its line could have carried it, and at most twice that was sent to it; what is written meanwhile arrives.
///
/// @param bytesPerSecond of its line
/// @param oneWay to it
/// @param keys that it begins to watch, of so many bytes each
/// @param cuts how often its line breaks
public record SlowSync(
    String name, long bytesPerSecond, Duration oneWay, int keys, int valueBytes, int cuts)
    implements Scenario {

  public static final SlowSync THIN =
      new SlowSync("slow-sync", 250_000, Duration.ofMillis(20), 1_600, 5_000, 2);
  public static final SlowSync FAR =
      new SlowSync("slow-sync-far", 8_000, Duration.ofMillis(600), 1_000, 100, 1);

  private static final Growth GROWTH = new Growth(2, 6, 2, 8);

  /// What a record has besides its value: tags and numbers, the payload's header, the key.
  private static final int RECORD_BYTES = 100 + 11 + 7;

  @Override
  public String title() {
    return "%d values of %d bytes over a line of %d bytes a second that breaks"
        .formatted(keys, valueBytes, bytesPerSecond);
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, 30, Duration.ofMillis(50));
    GROWTH.grow(run, load);
    load.stop();
    run.settle();
    List<SimNode> workers = run.live(NodeKind.CLIENT);
    fill(run, workers);
    SimNode reader = run.start(NodeSpec.worker(GROWTH.config()));
    run.pass(Duration.ofSeconds(3));
    run.faults().slow(reader, new LinkProfile(oneWay.toNanos(), 0, bytesPerSecond));
    run.pass(Duration.ofSeconds(3));
    Sync sync = new Sync(run, reader);
    run.cluster().observe(sync);
    run.cluster().tap(sync);
    run.cluster().submit(reader, new StoreCommand.Watch(Sync.WATCH, "big/", true));
    long ideal = (long) keys * (valueBytes + 100) / bytesPerSecond;
    for (int cut = 0; cut < cuts; cut++) {
      run.pass(Duration.ofSeconds(ideal / (cuts + 1)));
      run.faults().cutFromParent(reader);
      put(run, workers.getFirst(), "big/during" + cut);
    }
    run.pass(Duration.ofSeconds(3 * ideal + 60));
    sync.check(keys, (long) keys * (valueBytes + RECORD_BYTES));
    run.settle();
  }

  private void fill(Run run, List<SimNode> workers) {
    for (int i = 0; i < keys; i++) {
      put(run, workers.get(i % workers.size()), "big/" + i);
      if (i % 50 == 49) {
        run.pass(Duration.ofMillis(20));
      }
    }
    run.cluster().submit(workers.getLast(), new StoreCommand.Watch(Sync.WATCH, "big/", true));
    run.pass(Duration.ofSeconds(20));
  }

  private void put(Run run, SimNode worker, String key) {
    run.cluster().submit(worker, new StoreCommand.Put(1, key, Bytes.wrap(new byte[valueBytes])));
  }

  /// What is sent to the reader, and what it says.
  private static final class Sync implements Observer, Tap {
    static final long WATCH = 1L << 40;

    private final Run run;
    private final SimNode reader;
    private boolean caughtUp;
    private long bytes;

    Sync(Run run, SimNode reader) {
      this.run = run;
      this.reader = reader;
    }

    @Override
    public void handled(SimNode node, Event event, List<Effect> effects, long nowNanos) {
      for (Effect effect : effects) {
        caughtUp |= node == reader && effect instanceof StoreOutcome.CaughtUp;
      }
    }

    @Override
    public void sent(SimNode from, SimNode to, Message message, int sizeBytes) {
      if (to == reader && !caughtUp && message instanceof Message.AnycastAnswer answer) {
        for (Record record : answer.records()) {
          bytes += record.payload().size() + 100; // tags and numbers
        }
      }
    }

    void check(int keys, long data) {
      int held = reader.machine instanceof Worker worker ? worker.size() : 0;
      run.require(
          caughtUp, "not caught up: " + held + " of " + keys + " keys, " + bytes + " bytes");
      run.require(held >= keys, "only " + held + " of " + keys + " keys");
      // Once from those who hold a part, once from the one that holds all, as it cannot know which
      // part has come; and what was on its way when the line broke.
      run.require(bytes <= 2.5 * data, bytes + " bytes of answers for " + data);
    }
  }
}
