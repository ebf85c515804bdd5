package dev.banyan.sim.scenario.link;

import dev.banyan.protocol.Bytes;
import dev.banyan.protocol.Effect.Report.Kind;
import dev.banyan.protocol.NodeKind;
import dev.banyan.sim.ClusterOptions;
import dev.banyan.sim.LinkProfile;
import dev.banyan.sim.SimNode;
import dev.banyan.sim.WaterMarks;
import dev.banyan.sim.run.Growth;
import dev.banyan.sim.run.Run;
import dev.banyan.sim.run.Scenario;
import dev.banyan.sim.run.StoreTraffic;
import dev.banyan.store.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Some children's lines are so slow that what they want does not fit through: their queues fill and are bounded,
/// multicasts are dropped and gap marks take their place, and their siblings are not held up. In the end nobody has
/// missed anything.
///
/// @param bytesPerSecond what the slow lines carry; so little that nothing leaves for a long time gets them closed
/// @param queueDivisor how many times smaller than the transport's queues are, so that they fill with less; so small that
///     answers do not fit gets links broken, again and again
public record SlowChild(String name, long bytesPerSecond, int queueDivisor) implements Scenario {

  public static final SlowChild DRAINING = new SlowChild("slow-child", 150_000, 4);
  public static final SlowChild HOPELESS = new SlowChild("hopeless-child", 300, 4);
  public static final SlowChild OVERFLOWING = new SlowChild("overflowing-child", 10_000, 512);

  private static final Growth GROWTH = new Growth(4, 16, 2, 30);
  private static final int KEYS = 40;

  @Override
  public String title() {
    return "some children take less than they are sent ("
        + bytesPerSecond
        + " bytes a second, queues of "
        + fit(ClusterOptions.of(0, name)).marks().maxBytes()
        + ")";
  }

  @Override
  public ClusterOptions fit(ClusterOptions options) {
    return options.withMarks(WaterMarks.DEFAULT.dividedBy(queueDivisor));
  }

  @Override
  public void play(Run run) {
    StoreTraffic load = new StoreTraffic(run, KEYS, Duration.ofMillis(50));
    GROWTH.grow(run, load);
    run.pass(Duration.ofSeconds(10));
    load.stop();
    List<SimNode> workers = run.live(NodeKind.CLIENT);
    for (SimNode worker : workers) {
      run.cluster().submit(worker, new StoreCommand.Watch(Long.MAX_VALUE - 1, "big/", true));
    }
    run.settle();
    List<SimNode> slow = new ArrayList<>(run.some(workers, 2));
    slow.add(run.some(run.live(NodeKind.ROUTER), 1).getFirst());
    slow.forEach(node -> run.faults().slow(node, LinkProfile.LOCAL.withBandwidth(bytesPerSecond)));
    SimNode writer =
        workers.stream().filter(node -> !slow.contains(node)).findFirst().orElseThrow();
    for (int i = 0; i < 500; i++) {
      String key = "big/" + i % KEYS;
      Bytes value = Bytes.wrap(new byte[8_000 + i]);
      run.cluster().submit(writer, new StoreCommand.Put(1_000_000 + i, key, value));
      run.pass(Duration.ofMillis(5));
    }
    run.pass(Duration.ofSeconds(25)); // the slow ones are slow still
    long closed = run.metrics().count(Kind.SLOW_LINK_CLOSED);
    run.require(run.metrics().count(Kind.GAP_SENT) + closed > 0, "no queue was ever full");
    run.require(closed == 0 || equals(HOPELESS), "a link was closed that moved bytes");
    run.settle();
    load.check();
  }
}
